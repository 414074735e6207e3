"""Locust with the bridge: what a user of this project writes, with no think time."""

import measured_window  # noqa: F401  (measures and ends the run)
from bench_task import bench_task
from locust import constant, task

from mcp_user import McpUser

TASK = bench_task()


class BridgeUser(McpUser):
    server = "bench"
    wait_time = constant(0)

    @task
    def call(self) -> None:
        self.client.call_tool(TASK.tool, TASK.arguments)
