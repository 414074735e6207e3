"""Soak: the load of an ordinary day, for half an hour or more. Does the server give back what it takes?"""

from itertools import count

from locust import task

from mcp_user import McpUser
from think_time import agent_like


class SoakUser(McpUser):
    server = "target"
    wait_time = agent_like(short=(0.05, 0.1), long=(0.2, 0.5))
    numbers = count()

    @task
    def search(self):
        query = f"question {next(self.numbers)}"
        self.client.call_tool("search", {"query": query}, expect=query)
