"""
A user class for servers that have `traffic` in loadtest.yaml. A locustfile that imports `TrafficUser` gets one class
for each of them, made when the settings are there (traffic_classes.py).
"""

from mcp_user import McpUser
from traffic import mix, prepare, think


class TrafficUser(McpUser):
    """In a locustfile it stands for all of them, and takes no part itself."""

    stands_for_traffic = True
    tasks = [mix]
    wait_time = think

    def on_start(self) -> None:
        super().on_start()
        prepare(self)
