"""Users of the counting server: busy ones, and two whose calls outlast every test."""

from locust import constant, task

from mcp_user import McpUser


class BusyUser(McpUser):
    server = "counting"
    wait_time = constant(0.02)

    @task(20)
    def look(self):
        self.client.call_tool("quick", expect="quick")

    @task(3)
    def linger(self):
        """Long enough that some are under way at any end, short enough that they end before the session is closed."""
        self.client.call_tool("slow", {"ms": 300}, read=False)

    @task(3)
    def stumble(self):
        self.client.call_tool("faulty")

    @task(3)
    def be_disappointed(self):
        self.expect("else" in self.client.call_tool("quick"), "no else")


class PatientUser(McpUser):
    server = "counting"
    fixed_count = 2
    wait_time = constant(1)

    @task
    def wait_for_ever(self):
        self.client.call_tool("slow", {"ms": 600_000}, read=False)
