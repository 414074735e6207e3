"""An authorization server and an MCP server that wants its tokens (test/fakes/oauth-main.ts), as one process."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Dict

from bridge_process import find_node

PROGRAM = Path(__file__).resolve().parents[1] / "fakes" / "oauth-main.ts"


class AuthServers:
    """
    :param clients: how many the issuer knows: ``client-0`` and so on
    :param options: ``plain``: the MCP server speaks http
    """

    def __init__(self, clients: int = 1, *options: str) -> None:
        self._process = subprocess.Popen(
            [find_node(os.environ), str(PROGRAM), str(clients), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._places: Dict[str, str] = {}

    @staticmethod
    def secret_of(number: int) -> str:
        return f"secret-of-client-{number}"

    def entry(self, auth: str, *more: str) -> str:
        """
        The value of a server in loadtest.yaml, in one line.

        :param auth: keys of the strategy, beside its name and the issuer
        :param more: other keys of the server
        """
        places = self._told_places()
        strategy = f"auth: {{ strategy: oauth, issuer: {places['issuer']!r}, {auth} }}"
        keys = [f"url: {places['url']}", "protocol: '2025-11-25'", f"tls: {{ ca: {places['ca']!r} }}", strategy, *more]
        return f"{{ {', '.join(keys)} }}"

    def tell(self, **change: Any) -> Dict[str, Any]:
        """
        Changes what the two do; with nothing to change, only asks.

        :returns: all that they have counted
        """
        self._told_places()
        assert self._process.stdin
        self._process.stdin.write(json.dumps(change) + "\n")
        self._process.stdin.flush()
        return self._read()

    def asked(self) -> int:
        """How many requests the token endpoint has had."""
        return self.tell()["oauth"]["token"]

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

    def _told_places(self) -> Dict[str, str]:
        """Its first line. Not read before it is needed, so that several can start at the same time."""
        self._places = self._places or self._read()
        return self._places

    def _read(self) -> Dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the servers are gone"
        return json.loads(line)
