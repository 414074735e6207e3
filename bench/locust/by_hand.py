"""
The peer: MCP spoken by hand on Locust's HTTP users, as a careful test author would write it. Handshake and
session id, both eras, JSON and SSE answers, and every answer checked: status, id, JSON-RPC error, isError.
"""

import json
from itertools import count
from typing import Any, Dict
from urllib.parse import urlsplit

from bench_task import bench_task
from by_hand_answer import complaint_about
from locust import FastHttpUser
from locust.exception import StopUser

TASK = bench_task()
URL = urlsplit(TASK.url)
CLIENT = {"name": "by-hand", "version": "1.0.0"}
META = {
    "io.modelcontextprotocol/protocolVersion": TASK.revision,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": CLIENT,
}


class SpeaksMcp:
    """Makes one of Locust's HTTP users one with an MCP session, or without one in the stateless era."""

    client: Any
    host = f"{URL.scheme}://{URL.netloc}"

    def on_start(self) -> None:
        self.ids = count(1)
        self.headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        if TASK.era == "session":
            self.shake_hands()
        self.headers["MCP-Protocol-Version"] = TASK.revision

    def call_tool(self, tool: str, arguments: Dict[str, Any]) -> None:
        params: Dict[str, Any] = {"name": tool, "arguments": arguments}
        headers = self.headers
        if TASK.era == "stateless":
            params["_meta"] = META
            headers = {**headers, "Mcp-Method": "tools/call", "Mcp-Name": tool}
        self.request("tools/call", params, f"bench:tools/call:{tool}", headers)

    def shake_hands(self) -> None:
        params = {"protocolVersion": TASK.revision, "capabilities": {}, "clientInfo": CLIENT}
        response = self.request("initialize", params, "bench:initialize", self.headers)
        session_id = response.headers.get("Mcp-Session-Id") if response.headers else None
        if not session_id:
            raise StopUser()
        self.headers["Mcp-Session-Id"] = session_id
        body = json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})
        self.client.post(URL.path, data=body, headers=self.headers, name="bench:notifications/initialized")

    def request(self, method: str, params: Dict[str, Any], name: str, headers: Dict[str, str]) -> Any:
        number = next(self.ids)
        body = json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}, separators=(",", ":"))
        with self.client.post(URL.path, data=body, headers=headers, name=name, catch_response=True) as response:
            complaint = complaint_about(response, number)
            if complaint:
                response.failure(complaint)
            else:
                response.success()
        return response


class ByHandSession(SpeaksMcp, FastHttpUser):
    abstract = True
