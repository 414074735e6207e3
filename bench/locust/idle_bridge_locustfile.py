"""Idle sessions of the bridge."""

from idle_sessions import opened, stay
from locust import task

from mcp_user import McpUser


class IdleBridgeUser(McpUser):
    server = "bench"
    discover = False
    wait_time = stay

    def on_start(self) -> None:
        super().on_start()
        opened()

    @task
    def nothing(self) -> None:
        pass
