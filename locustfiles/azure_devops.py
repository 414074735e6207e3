"""Azure DevOps' MCP server: projects, repositories and work items, read only."""

from locust import between, task

from feeders import rows
from mcp_user import McpUser


class AzureDevOpsUser(McpUser):
    server = "azure-devops"
    wait_time = between(1, 5)
    items = rows("azure_devops_items.csv", shuffle=True)

    @task(2)
    def list_projects(self):
        self.client.call_tool("core_list_projects", {"top": 20}, read=False)

    @task(3)
    def read_work_item(self):
        item = next(self.items)
        arguments = {"id": int(item["work_item"]), "project": item["project"]}
        self.client.call_tool("wit_get_work_item", arguments, expect=lambda answer: answer.text)

    @task(2)
    def list_repositories(self):
        arguments = {"project": next(self.items)["project"], "top": 20}
        self.client.call_tool("repo_list_repos_by_project", arguments, read=False)
