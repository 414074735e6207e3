"""Chain: what one call found, the next one asks for. Which link is the slow one under load?"""

from locust import constant, task

from mcp_user import McpUser


class ChainUser(McpUser):
    server = "target"
    wait_time = constant(0.01)

    @task
    def research(self):
        with self.turn("research"):
            found = self.client.call_tool("search", {"query": "orders"})
            self.client.call_tool("db-query", {"sql": f"SELECT '{found.text}'"}, expect=found.text)
