"""Locust without the bridge: the same test, MCP spoken by hand on FastHttpUser."""

import measured_window  # noqa: F401  (measures and ends the run)
from bench_task import bench_task
from by_hand import ByHandSession
from locust import constant, task

TASK = bench_task()


class ByHandUser(ByHandSession):
    wait_time = constant(0)

    @task
    def call(self) -> None:
        self.call_tool(TASK.tool, TASK.arguments)
