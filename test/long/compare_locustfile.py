"""Users for `node test/long/compare.ts`: two kinds of search of the demo's Learn, close after each other."""

from locust import between, task

from mcp_user import McpUser


class SearchingUser(McpUser):
    server = "learn"
    wait_time = between(0.05, 0.15)

    @task(3)
    def search(self):
        self.client.call_tool("microsoft_docs_search", {"query": "http"})

    @task(2)
    def search_code(self):
        self.client.call_tool("microsoft_code_sample_search", {"query": "http"})
