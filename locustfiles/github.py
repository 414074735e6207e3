"""GitHub's MCP server: search code, read files and issues, read only."""

from locust import between, task

from feeders import json_lines
from mcp_user import McpUser


class GitHubUser(McpUser):
    server = "github"
    wait_time = between(1, 5)
    targets = json_lines("github_targets.jsonl", shuffle=True)

    @task(4)
    def search_code(self):
        self.client.call_tool("search_code", {"query": next(self.targets)["query"], "perPage": 10}, read=False)

    @task(2)
    def read_file(self):
        target = next(self.targets)
        arguments = {"owner": target["owner"], "repo": target["repo"], "path": target["path"]}
        self.client.call_tool("get_file_contents", arguments, read=False)

    @task(1)
    def list_issues(self):
        target = next(self.targets)
        self.client.call_tool(
            "list_issues", {"owner": target["owner"], "repo": target["repo"], "perPage": 10}, read=False
        )

    @task(1)
    def who_am_i(self):
        self.client.call_tool("get_me", expect=lambda me: me.text)
