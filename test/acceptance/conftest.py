"""A folder with a configuration, Locust with the real bridge in it, and nothing left running afterwards."""

import uuid
from pathlib import Path
from typing import Dict, List, Optional

import psutil
import pytest

from counting_server import CountingServer
from locust_process import LocustProcess, free_port, until
from run_records import Record, records

HERE = Path(__file__).resolve().parent
LOCUSTFILES = HERE.parents[1] / "locustfiles"
COUNTING_LOCUSTFILE = (HERE / "counting_locustfile.py").read_text()


class Swarm:
    """
    Starts Locusts in one folder. Everything that descends from them carries a mark in its environment, by which it is
    found again, whatever its parent died of.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results = folder / "results"
        self._mark = f"test-{uuid.uuid4().hex}"
        self._started: List[LocustProcess] = []

    def configure(self, yaml: str) -> None:
        (self.folder / "loadtest.yaml").write_text(yaml)

    def aim(self, server: CountingServer) -> None:
        self.configure(f"servers:\n  counting:\n    url: {server.url}\n")

    def locust(
        self, *arguments: str, text: str = COUNTING_LOCUSTFILE, environ: Optional[Dict[str, str]] = None
    ) -> LocustProcess:
        """:param text: of the locustfile"""
        fixed = {
            "SWARMBRIDGE_CONFIG": str(self.folder / "loadtest.yaml"),
            "SWARMBRIDGE_RESULTS": str(self.results),
            "SWARMBRIDGE_HTTP_PORT": "",
            "MCP_SERVER_URL": "",
            "PYTHONPATH": str(LOCUSTFILES),
            "SWARMBRIDGE_TEST_MARK": self._mark,
        }
        process = LocustProcess(self.folder, *arguments, text=text, environ={**fixed, **(environ or {})})
        self._started.append(process)
        return process

    @staticmethod
    def two_processes() -> List[str]:
        """Options. Not on Locust's usual port, which a run beside this one may have."""
        port = str(free_port())
        return ["--processes", "2", "--master-bind-port", port, "--master-port", port]

    def records(self) -> List[Record]:
        return records(self.results)

    def record(self) -> Record:
        (only,) = self.records()
        return only

    def running(self) -> List[psutil.Process]:
        """All processes that a Locust of this test has started, and the Locusts themselves."""
        return [process for process in psutil.process_iter() if self._has_mark(process)]

    def bridges(self) -> List[psutil.Process]:
        """The bridges that serve users; not the bundle as a tool, which comes and goes."""
        return [one for one in self.running() if "--fd" in _command_line(one)]

    def none_is_left(self, limit_s: float = 3.0) -> None:
        """:raises AssertionError: when something still runs after the limit"""
        until(lambda: not self.running(), limit_s)

    def end(self) -> None:
        for process in self._started:
            if process.process.poll() is None:
                process.kill()
        for left in self.running():
            left.kill()

    def _has_mark(self, process: psutil.Process) -> bool:
        try:
            is_ours = process.environ().get("SWARMBRIDGE_TEST_MARK") == self._mark
            return is_ours and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False  # it has just ended, or is not ours to look at


def _command_line(process: psutil.Process) -> List[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.fixture
def counting_locustfile():
    return COUNTING_LOCUSTFILE


@pytest.fixture
def everything_locustfile():
    return (HERE / "everything_locustfile.py").read_text()


@pytest.fixture
def swarm(tmp_path):
    swarm = Swarm(tmp_path)
    yield swarm
    swarm.end()


@pytest.fixture(params=["json"])
def server(request, swarm):
    """`indirect` parameters choose how it answers: ``json`` or ``sse``."""
    server = CountingServer(swarm.folder, "--answers", request.param)
    swarm.aim(server)
    yield server
    server.kill()
