"""
One server that is named in the environment alone: MCP_SERVER_URL, with its token in MCP_TOKEN. Without more it lists
the tools, pings, and calls the tools that say they only read and need no arguments. MCP_TOOL names one tool to call
instead, MCP_ARGUMENTS its arguments as JSON.
"""

import json
import os
import random
from typing import Any, Dict

from locust import between, task

from mcp_user import McpUser
from refusal import Refusal, end_process


def _arguments() -> Dict[str, Any]:
    text = os.environ.get("MCP_ARGUMENTS", "{}")
    try:
        arguments = json.loads(text)
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        end_process(Refusal('MCP_ARGUMENTS must be a JSON object, such as {"query": "mcp"}.'))
    return arguments


class AnyServerUser(McpUser):
    server = "target"
    wait_time = between(1, 5)
    discover = False
    tool = os.environ.get("MCP_TOOL", "")
    arguments = _arguments()

    def on_start(self):
        tools = self.client.list_tools()
        self.callable = [self.tool] if self.tool else [one["name"] for one in tools if _is_harmless(one)]

    @task(4)
    def call(self):
        if self.callable:
            self.client.call_tool(random.choice(self.callable), self.arguments if self.tool else {})

    @task(1)
    def list_tools(self):
        self.client.list_tools(read=False)

    @task(1)
    def ping(self):
        self.client.ping(read=False)


def _is_harmless(tool) -> bool:
    annotations, schema = tool.get("annotations") or {}, tool.get("inputSchema") or {}
    return annotations.get("readOnlyHint") is True and not schema.get("required")
