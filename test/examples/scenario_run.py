"""Runs of examples against a server of demo/faults, some of them at once: most of a run is waiting."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Sequence

from bridge_process import find_node
from fault_server import FaultServer
from locust_process import LOCUSTFILES

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "scenarios"
LIMIT_S = 120


class Scenario(NamedTuple):
    """
    :ivar examples: names, separated by commas
    :ivar fault: of the server
    :ivar options: of Locust, as docs/scenarios.md gives them
    """

    examples: str
    fault: str
    options: str

    def command(self) -> "List[str]":
        files = ",".join(str(EXAMPLES / f"{name}.py") for name in self.examples.split(","))
        return [sys.executable, "-m", "locust", "-f", files, "--headless", "--only-summary", *self.options.split()]


class Ceiling(NamedTuple):
    """
    :ivar options: of swarmbridge, as docs/scenarios.md gives them
    """

    fault: str
    options: str
    examples: str = ""

    def command(self) -> "List[str]":
        return [find_node(os.environ), "cli/main.ts", *self.options.split(), "--python", sys.executable]


class Running:
    """One that has been started, and its server."""

    def __init__(self, folder: Path, scenario: "Scenario | Ceiling") -> None:
        self._server = FaultServer(scenario.fault)
        self._errors = folder / "stderr"
        self._output: Optional[str] = None
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                scenario.command(),
                cwd=ROOT,
                env={**os.environ, **_environ(folder, self._server, scenario.examples)},
                stdout=subprocess.PIPE,
                stderr=errors,
                stdin=subprocess.DEVNULL,
            )

    def output(self) -> str:
        """Waits for its end."""
        if self._output is None:
            try:
                self._output = self._process.communicate(timeout=LIMIT_S)[0].decode()
            finally:
                self.end()
            assert self._output, self._errors.read_text()
        return self._output

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._server:
            self._server.end()
        self._server = None


class Runs:
    """Starts them in the order in which they are asked for, the next ones before the first has ended."""

    def __init__(self, folder: Path, scenarios: "Sequence[Scenario | Ceiling]", at_once: int) -> None:
        self._folder = folder
        self._scenarios = list(dict.fromkeys(scenarios))
        self._at_once = at_once
        self._started: "Dict[Scenario | Ceiling, Running]" = {}

    def output_of(self, scenario: "Scenario | Ceiling") -> str:
        first = self._scenarios.index(scenario)
        for each in self._scenarios[first : first + self._at_once]:
            if each not in self._started:
                folder = self._folder / str(len(self._started))
                folder.mkdir()
                self._started[each] = Running(folder, each)
        return self._started[scenario].output()

    def once_more(self, scenario: "Scenario | Ceiling") -> str:
        """Another run, with nothing beside it."""
        folder = self._folder / f"{len(self._started)}-again"
        folder.mkdir()
        running = Running(folder, scenario)
        try:
            return running.output()
        finally:
            running.end()

    def end(self) -> None:
        for each in self._started.values():
            each.end()


def _environ(folder: Path, server: FaultServer, examples: str) -> "Dict[str, str]":
    """With the configuration of the one example that has any."""
    configurations = [
        str(path) for path in (EXAMPLES / f"{name}.yaml" for name in examples.split(",")) if path.exists()
    ]
    return {
        "MCP_SERVER_URL": server.url,
        "MCP_MEMORY_URL": server.url.replace("/mcp", "/memory"),
        "SWARMBRIDGE_CONFIG": configurations[0] if configurations else "",
        "SWARMBRIDGE_RESULTS": str(folder / "results"),
        "SWARMBRIDGE_HTTP_PORT": "",
        "PYTHONPATH": str(LOCUSTFILES),
    }
