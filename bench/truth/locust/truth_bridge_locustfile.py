"""Locust with the bridge, against the truth."""

from call_window import TASK, NumberedCalls, think
from locust import constant, task

from mcp_user import McpUser


class BridgeUser(NumberedCalls, McpUser):
    server = "bench"
    wait_time = think

    if TASK.arrivals_per_second:
        wait_time = constant(0)
        arrivals_per_second = TASK.arrivals_per_second

    @task
    def call(self) -> None:
        self.make_call(self.client.call_tool)
