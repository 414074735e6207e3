"""Locust as a process of its own, for tests that end it in every way there is."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

LOCUSTFILES = Path(__file__).resolve().parents[2] / "locustfiles"
# A test runner in the background hands down SIGINT as ignored, and Locust would never hear Ctrl-C.
START = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from locust.main import main; main()"
HEAD = f"""
import sys
sys.path.insert(0, {str(LOCUSTFILES)!r})
from locust import task, constant
from mcp_user import McpUser
"""
BUSY_USER = (
    HEAD
    + """
class LearnUser(McpUser):
    server = "learn"
    wait_time = constant(0.02)

    @task
    def look(self):
        self.client.call_tool("look", {"query": "mcp"}, expect="mcp")

    @task
    def be_disappointed(self):
        self.expect("words" in self.client.call_tool("look"), "no words")

    @task
    def stumble(self):
        self.client.call_tool("broken")

    @task
    def dawdle(self):
        self.client.call_tool("slow")
"""
)


class LocustProcess:
    def __init__(
        self,
        folder: Path,
        *arguments: str,
        text: str = BUSY_USER,
        locustfile: Optional[Path] = None,
        environ: Optional[Dict[str, str]] = None,
    ):
        """
        :param text: of the locustfile, where none is given
        """
        if not locustfile:
            locustfile = folder / "locustfile_of_test.py"
            locustfile.write_text(text)
        self.errors = folder / f"stderr-{len(list(folder.glob('stderr-*')))}"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-c", START, "-f", str(locustfile), *arguments],
                cwd=folder,
                env={**os.environ, **(environ or {})},
                stdout=subprocess.PIPE,
                stderr=errors,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.output = ""

    def wait(self, limit_s: float = 40.0) -> int:
        """:returns: the exit code"""
        try:
            self.output = self.process.communicate(timeout=limit_s)[0].decode()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"Locust did not end; it said:\n{self.said()}") from None
        return self.process.returncode

    def said(self) -> str:
        return self.errors.read_text()

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def signal_group(self, number: int) -> None:
        """As a terminal does on Ctrl-C."""
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def entries(self) -> List[Dict[str, Any]]:
        """Rows of its statistics, from `--json`; on SIGTERM Locust writes a second, empty list."""
        return json.JSONDecoder().raw_decode(self.output[self.output.index("[") :])[0]

    def counts(self) -> Dict[str, List[int]]:
        """Requests and failures by name."""
        return {one["name"]: [one["num_requests"], one["num_failures"]] for one in self.entries()}


def until(what: Callable[[], Any], limit_s: float = 20.0) -> Any:
    """Waits for an event that another process brings about."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]
