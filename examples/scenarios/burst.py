"""Burst: a thought of chained calls, then nothing for a while. What do the others see meanwhile?"""

from locust import between, task

from mcp_user import McpUser

CALLS = 10


class BurstUser(McpUser):
    server = "target"
    wait_time = between(0.1, 0.5)

    @task
    def think(self):
        for step in range(CALLS):
            self.client.call_tool("search", {"query": f"step {step}"}, expect=f"step {step}")
