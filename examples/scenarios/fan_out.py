"""Fan-out: ten calls at once in one session. Does the server work on them at once?"""

from locust import constant, task

from mcp_user import McpUser
from parallel import call


class FanOutUser(McpUser):
    server = "target"
    wait_time = constant(0.05)

    @task
    def ask_ten_times(self):
        queries = [f"query {number}" for number in range(10)]
        self.client.parallel([call("search", {"query": query}, expect=query) for query in queries])
