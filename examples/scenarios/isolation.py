"""Isolation: many sessions at once, each call with a mark of its own. Does anybody get another one's answer?"""

from itertools import count

from locust import constant, task

from mcp_user import McpUser
from parallel import call

marks = count()


class IsolationUser(McpUser):
    server = "target"
    wait_time = constant(0.01)

    @task
    def search_marked(self):
        queries = [f"mark-{next(marks)}-" for _ in range(3)]
        self.client.parallel([call("search", {"query": query}, expect=query) for query in queries])
