"""The freezing server (freezing-server.ts) as a process of its own."""

import os
import subprocess
import urllib.request
from pathlib import Path

from bridge_process import find_node

PROGRAM = Path(__file__).with_name("freezing-server.ts")


class FreezingServer:
    """
    :param call: with which of its tool calls it freezes; 0: never
    """

    def __init__(self, call: int, length_ms: int = 1000) -> None:
        command = [find_node(os.environ), str(PROGRAM), "--call", str(call), "--ms", str(length_ms)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()
        assert self.url, "the freezing server did not start"

    @property
    def calls(self) -> int:
        """Tool calls that it received."""
        with urllib.request.urlopen(self.url, timeout=10) as answer:
            return int(answer.read())

    def end(self) -> None:
        self._process.communicate()
