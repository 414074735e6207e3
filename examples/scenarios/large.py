"""Large: three answers of 10 MB at once in one session, each within a minute."""

from locust import constant, task

from mcp_user import McpUser
from parallel import call

TEN_MB = {"sizeBytes": 10_000_000}


class LargeUser(McpUser):
    server = "target"
    wait_time = constant(0.2)

    @task
    def read_three(self):
        with self.turn("three files"):
            self.client.parallel([call("read-large-file", TEN_MB, timeout=60, read=False) for _ in range(3)])
