"""Start-up: clients come the moment a server is deployed. Is it ready when it says so?"""

from locust import constant, task

from mcp_user import McpUser


class EarlyUser(McpUser):
    server = "target"
    wait_time = constant(0.2)

    @task
    def search(self):
        self.client.call_tool("search", {"query": "hello"})
