"""The load of test/long/saturation.ts: users with a think time, or starts at a rate."""

import os

from locust import constant, task

from mcp_user import McpUser


class Caller(McpUser):
    server = "target"
    discover = False
    wait_time = constant(float(os.environ["SATURATION_THINK_S"]))
    if os.environ["SATURATION_PER_SECOND"] != "0":
        arrivals_per_second = float(os.environ["SATURATION_PER_SECOND"])

    @task
    def call(self) -> None:
        self.client.call_tool("search", {"query": "create a storage account"}, read=False)
