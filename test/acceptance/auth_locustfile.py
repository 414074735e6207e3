"""Users of servers that want a token. The one tool that they call says whose token came with the call."""

import os
from itertools import count
from typing import Iterator

from locust import constant

from mcp_user import McpUser

SERVERS = os.environ["TEST_SERVERS"].split()
IDENTITIES = int(os.environ.get("TEST_IDENTITIES", "1"))
PAUSE_S = float(os.environ.get("TEST_PAUSE_S", "0.1"))


class Caller(McpUser):
    """:ivar numbers: of the users of one server, in the order of their starts"""

    numbers: Iterator[int]
    abstract = True
    discover = False
    wait_time = constant(PAUSE_S)

    def __init__(self, environment):
        super().__init__(environment)
        self.identity = f"client-{next(self.numbers) % IDENTITIES}"

    def ask(self):
        self.expect(self.client.call_tool("whoami").text == self.identity, "it went in another's name")

    tasks = [ask]


for _name in SERVERS:
    globals()[f"Caller_{_name}"] = type(f"Caller_{_name}", (Caller,), {"server": _name, "numbers": count()})
