"""Idle sessions of the peer without the bridge."""

from by_hand import ByHandSession
from idle_sessions import opened, stay
from locust import task


class IdleByHandUser(ByHandSession):
    wait_time = stay

    def on_start(self) -> None:
        super().on_start()
        opened()

    @task
    def nothing(self) -> None:
        pass
