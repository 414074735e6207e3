"""FastHttpUser with MCP by hand, against the truth. For an arrival rate, what Locust has: a pace for each user."""

from by_hand import ByHandSession
from call_window import TASK, NumberedCalls, think
from locust import constant_throughput, task


class FastUser(NumberedCalls, ByHandSession):
    wait_time = constant_throughput(TASK.arrivals_per_second / TASK.users) if TASK.arrivals_per_second else think

    @task
    def call(self) -> None:
        self.make_call(self.call_tool)
