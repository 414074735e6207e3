"""The runs of this process whose records are complete, and the report that is made of one when somebody wants it."""

import logging
import os
import secrets
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional

import psutil
from gevent.lock import Semaphore

from bridge_process import plain_environ, without_core_dump

REPORT_LIMIT_S = 60.0
# A day of runs in one web UI; the oldest records stay on disk.
MOST_RUNS = 50
REPORT_FILE = "report.html"
# Whoever asks again and again starts no program again and again.
FAILURE_KEPT_S = 30.0
LOWEST_PRIORITY = 19

logger = logging.getLogger("swarmbridge")


class FinishedRun(NamedTuple):
    """
    :ivar folder: of the record; None where no part of it lies on this machine
    :ivar elsewhere: parts of the record that lie on other machines, for people
    """

    run: str
    folder: Optional[Path]
    elsewhere: List[str]


class NoReport(Exception):
    """Why there is none, for people."""


class _Failure(NamedTuple):
    """
    :ivar at: when, in seconds of the monotonic clock
    """

    at: float
    why: str


class FinishedRuns:
    """
    :param command: Node and the bundle of the bridge; the one that makes reports lies beside it
    """

    def __init__(self, command: List[str]) -> None:
        self._command = [command[0], str(Path(command[1]).with_name("swarmbridge.cjs"))]
        self._runs: Dict[str, FinishedRun] = {}
        self._failures: Dict[Path, _Failure] = {}
        self._one_at_a_time = Semaphore()

    def add(self, folder: str, elsewhere: Optional[List[str]] = None) -> None:
        path = Path(folder).resolve()
        self._keep(FinishedRun(path.name, path, elsewhere or []))

    def add_elsewhere(self, run: str, elsewhere: List[str]) -> None:
        self._keep(FinishedRun(run, None, elsewhere))

    def items(self) -> "List[tuple[str, FinishedRun]]":
        """The newest first, each with the key under which it can be asked for: chance, and no path."""
        return list(reversed(self._runs.items()))

    def get(self, key: str) -> Optional[FinishedRun]:
        return self._runs.get(key)

    def report(self, run: FinishedRun) -> bytes:
        """
        Makes the page on the first demand. Who asks meanwhile waits for the same page, or for the same failure.

        :raises NoReport: when it cannot be made
        """
        if not run.folder:
            raise NoReport("The record lies on the machines of the workers: run `swarmbridge report` there.")
        page = run.folder / REPORT_FILE
        with self._one_at_a_time:
            if not page.is_file():
                self._make_unless_it_failed(run.folder)
        try:
            return page.read_bytes()
        except OSError as error:
            raise NoReport("The report was made and cannot be read; the log says why.") from error

    def _make_unless_it_failed(self, folder: Path) -> None:
        before = self._failures.get(folder)
        if before and time.monotonic() - before.at < FAILURE_KEPT_S:
            raise NoReport(before.why)
        try:
            self._make(folder)
        except NoReport as reason:
            self._failures[folder] = _Failure(time.monotonic(), str(reason))
            raise

    def _make(self, folder: Path) -> None:
        if not Path(self._command[1]).is_file():
            raise NoReport("The program that makes reports is not built: type `npm run build`.")
        command = without_core_dump([*self._command, "report", str(folder)])
        try:
            code, said = _run_gently(command)
        except (OSError, subprocess.TimeoutExpired) as error:
            logger.error("The report of %s could not be made: %s.", folder, error)
            raise NoReport(f"The report could not be made within {REPORT_LIMIT_S:g} s; the log says more.") from error
        if code != 0:
            logger.error("The report of %s was not made: %s", folder, said)
            raise NoReport("The report could not be made; the log says why.")

    def _keep(self, run: FinishedRun) -> None:
        self._runs[secrets.token_urlsafe(12)] = run
        while len(self._runs) > MOST_RUNS:
            forgotten = self._runs.pop(next(iter(self._runs)))
            if forgotten.folder:
                self._failures.pop(forgotten.folder, None)


def _run_gently(command: List[str]) -> "tuple[int, str]":
    """
    Behind everything else on this machine: the next run may be going on.

    :returns: the exit code, and what it said of its troubles
    """
    with subprocess.Popen(
        command,
        env=plain_environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        # Windows has classes of priority instead, with other numbers.
        if os.name != "nt":
            with suppress(psutil.Error):
                psutil.Process(process.pid).nice(LOWEST_PRIORITY)
        try:
            _, said = process.communicate(timeout=REPORT_LIMIT_S)
        except BaseException:
            process.kill()
            raise
    return process.returncode, said.decode("utf-8", "replace").strip()
