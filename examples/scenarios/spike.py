"""Spike: everybody calls in the same moment, once a second. Who is turned away?"""

from locust import constant_pacing, task

from mcp_user import McpUser


class SpikeUser(McpUser):
    server = "target"
    wait_time = constant_pacing(1)

    @task
    def search(self):
        self.client.call_tool("search", {"query": "spike"}, read=False)
