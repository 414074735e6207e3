"""Pool: many users, a trivial statement, no pause. Is there a connection to the database for each of them?"""

from locust import constant, task

from mcp_user import McpUser


class PoolUser(McpUser):
    server = "target"
    wait_time = constant(0)

    @task
    def query(self):
        self.client.call_tool("db-query", {"sql": "SELECT 1"}, expect="SELECT 1")
