"""Microsoft Learn's MCP server: search the documentation, read what was found."""

from locust import between, task

from feeders import lines
from mcp_user import McpUser


class LearnUser(McpUser):
    server = "learn"
    wait_time = between(1, 5)
    queries = lines("learn_queries.txt", shuffle=True)
    pages = lines("learn_pages.txt", shuffle=True)

    @task(4)
    def search(self):
        found = self.client.call_tool("microsoft_docs_search", {"query": next(self.queries)})
        self.expect(found.text or found.structured, "the search found nothing")

    @task(2)
    def search_code(self):
        self.client.call_tool("microsoft_code_sample_search", {"query": next(self.queries)}, read=False)

    @task(1)
    def read(self):
        self.client.call_tool("microsoft_docs_fetch", {"url": next(self.pages)}, expect=lambda page: page.text)
