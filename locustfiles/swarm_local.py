"""Ties a single Locust process to its bridge: what happens at each of Locust's events."""

import logging
import time
from typing import Any, List, Optional

from locust.env import Environment

from azure_engine import Engine
from finished_runs import FinishedRuns
from lookout import Answers, Lookout
from run_plan import EndReason, RunNames, RunPart, plan_of
from run_record import LocustCounts, RunRecord, locust_counts
from run_time import RunTime
from swarm_process import SwarmProcess

logger = logging.getLogger("swarmbridge")


class SwarmLocal:
    """
    :param engine: of Azure Load Testing, where this is one
    :ivar reason: why the run ended
    :ivar lookout: for who looks on
    :ivar runs: that have a record
    """

    def __init__(
        self, environment: Environment, command: List[str], process: SwarmProcess, engine: Optional[Engine]
    ) -> None:
        self._environment = environment
        self._command = command
        self._process = process
        self._engine = engine
        self._names = RunNames(environment)
        self._run_time = RunTime(environment)
        self.reason = EndReason(environment, self._run_time)
        self._record: Optional[RunRecord] = None
        self._counts: LocustCounts = {}
        self._silent_since: Optional[float] = None
        self.lookout = Lookout(self._look)
        self.runs = FinishedRuns(command)
        environment.events.test_stop.add_listener(self._stop)

    def start(self) -> None:
        self._record = None
        plan = plan_of(self._environment, self._run_time)
        if self._engine:
            plan.update(self._engine.plan())
        index, of = self._engine.share if self._engine else (0, 1)
        run = self._names.next()
        self._silent_since = None
        self._process.begin(RunPart(run, None, index, of, plan))
        self.lookout.begin(run, self._run_time.seconds)
        if self._engine:
            self._settle_in(self._engine, plan["users"])
        if self._process.folder:
            self._record = RunRecord(self._environment, self._command, self._process.folder)

    def _settle_in(self, engine: Engine, users: Optional[int]) -> None:
        self._process.share(*engine.share_of_limits)
        folder = self._process.folder
        record = f"the record lies in {folder}" if folder else "without a record, for the reason above"
        logger.warning("%s", engine.found(self._process.node, users, record))

    def quit(self) -> None:
        self._process.quit()
        if self._record:
            self._finish(self._record)

    def _look(self) -> Answers:
        asked = time.monotonic()
        live = self._process.live()
        self._silent_since = None if live else self._silent_since or asked
        return Answers([live] if live else [], self._silent_since)

    def _stop(self, **_: Any) -> None:
        record = self._record
        self.lookout.look()
        self.lookout.end()
        self._process.end(str(self.reason), lambda: self._recorded(record))
        self._counts = locust_counts(self._environment)

    def _recorded(self, record: Optional[RunRecord]) -> None:
        """Headless, the summary waits for `quit`: it comes after Locust's own tables."""
        if record and self._environment.web_ui:
            self._finish(record)

    def _finish(self, record: RunRecord) -> None:
        record.finish(self._counts, None if self._process.is_recorded else self._process.tally.counts)
        self.runs.add(record.folder)
