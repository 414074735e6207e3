"""Context7's MCP server: find a library, then read its documentation, as an agent does within one thought."""

from locust import between, task

from feeders import rows
from mcp_user import McpUser


class Context7User(McpUser):
    server = "context7"
    wait_time = between(1, 5)
    questions = rows("context7_questions.csv", shuffle=True)

    @task(1)
    def resolve(self):
        ask = next(self.questions)
        arguments = {"libraryName": ask["library"], "query": ask["question"]}
        self.client.call_tool("resolve-library-id", arguments, expect=lambda found: found.text)

    @task(2)
    def read(self):
        ask = next(self.questions)
        arguments = {"libraryId": ask["id"], "query": ask["question"]}
        self.client.call_tool("query-docs", arguments, expect=lambda docs: docs.text)
