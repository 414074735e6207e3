"""HttpUser (requests) with MCP by hand, against the truth."""

from by_hand import SpeaksMcp
from call_window import TASK, NumberedCalls, think
from locust import HttpUser, constant_throughput, task


class RequestsUser(NumberedCalls, SpeaksMcp, HttpUser):
    wait_time = constant_throughput(TASK.arrivals_per_second / TASK.users) if TASK.arrivals_per_second else think

    @task
    def call(self) -> None:
        self.make_call(self.call_tool)
