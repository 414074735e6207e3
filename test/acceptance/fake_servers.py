"""A program of test/fakes as a child: servers that say where they are, take changes, and tell what they counted."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Dict

from bridge_process import find_node

FAKES = Path(__file__).resolve().parents[1] / "fakes"


class FakeServers:
    def __init__(self, program: str, *options: str) -> None:
        """:param program: its file"""
        self._process = subprocess.Popen(
            [find_node(os.environ), str(FAKES / program), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._places: Dict[str, Any] = {}

    def tell(self, **change: Any) -> Dict[str, Any]:
        """
        Changes what they do; with nothing to change, only asks.

        :returns: all that they have counted
        """
        self.places()
        assert self._process.stdin
        self._process.stdin.write(json.dumps(change) + "\n")
        self._process.stdin.flush()
        return self._read()

    def places(self) -> Dict[str, Any]:
        """Its first line. Not read before it is needed, so that several can start at the same time."""
        self._places = self._places or self._read()
        return self._places

    def end(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _read(self) -> Dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the servers are gone"
        return json.loads(line)
