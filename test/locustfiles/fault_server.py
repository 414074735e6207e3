"""A server of demo/faults as a process of its own."""

import json
import os
import subprocess
from pathlib import Path

from bridge_process import find_node

PROGRAM = Path(__file__).resolve().parents[2] / "demo" / "faults" / "main.ts"


class FaultServer:
    """
    :ivar url: where it listens, or will
    """

    def __init__(self, fault: str) -> None:
        command = [find_node(os.environ), str(PROGRAM), fault]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._process.stdout
        self.url: str = json.loads(self._process.stdout.readline())["url"]

    def end(self) -> None:
        """It ends with its standard input."""
        self._process.communicate(timeout=10)
