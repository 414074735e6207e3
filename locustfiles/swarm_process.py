"""The bridge and the test runs of a Locust process that has users: a single one, or a worker."""

import logging
import os
import platform
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional

import gevent
import locust
from gevent import GreenletExit
from gevent.event import Event
from locust.env import Environment
from locust.runners import WorkerRunner

import auth_rows
from arrivals import Arrivals
from azure_engine import Engine
from bridge_keeper import BridgeKeeper
from bridge_link import BridgeLink, LinkEnded
from load_options import typed_load
from process_load import ProcessLoad
from refusal import Refusal
from run_plan import RunPart, locustfile_of
from tally import Tally

START_LIMIT_S = 20.0
# A close waits 2 s for the session's calls and then for the answer to DELETE, 5 s unless `limits.close` says otherwise.
DRAIN_LIMIT_S = 8.0
STOP_LIMIT_S = 15.0
LIVE_LIMIT_S = 3.0
QUIT_LIMIT_S = 6.0
# How the codes of a bridge begin that cannot write the record. The run itself needs none.
RECORD_REFUSED = "RECORD_"

logger = logging.getLogger("swarmbridge")


class SwarmProcess:
    """
    One run after another: `begin`, users, `end`. Locust's own statistics are complete when `end` returns; the record is
    when `join` does.

    :param engine: of Azure Load Testing, where this is one
    :ivar folder: of the run's record; None when there is none
    """

    def __init__(self, environment: Environment, command: List[str], engine: Optional[Engine] = None) -> None:
        self.tally = Tally()
        self.folder: Optional[str] = None
        self.is_recorded = True
        self._environment = environment
        self._engine = engine
        self._is_worker = isinstance(environment.runner, WorkerRunner)
        self._run: Optional[RunPart] = None
        self._share = (0, 1)
        self._is_over = Event()
        self._is_over.set()
        self._ticker: Optional[gevent.Greenlet] = None
        self._stopping: Optional[gevent.Greenlet] = None
        self.keeper = BridgeKeeper(command, self._hello(), self.tally, self._hear_auth, self._resume)
        self.arrivals = Arrivals(environment, self.tally, lambda: self.keeper.link)

    @property
    def pid(self) -> Optional[int]:
        """The bridge's."""
        link = self.keeper.link
        return link.process.pid if link else None

    @property
    def node(self) -> str:
        """Its version."""
        link = self.keeper.link
        return link.node if link else ""

    def start(self) -> Dict[str, Any]:
        """
        :returns: the settings
        :raises Refusal: when no bridge can be had
        """
        return self.keeper.start()

    def begin(self, part: RunPart) -> None:
        """
        :raises GreenletExit: when the bridge refuses the run, for instance since it cannot write the record. The users
            are not spawned then, and a headless Locust ends with the refusal's exit code.
        """
        self.join()
        self.tally.clear()
        self._run = part
        self._share = (part.index, part.of)
        self._is_over.clear()
        link = self.keeper.wait_for_link(START_LIMIT_S)
        try:
            if not link:
                raise Refusal("There is no bridge for the run.", exit_code=2)
            self._start_run(link, has_history=False)
        except (Refusal, LinkEnded) as error:
            self._refuse_run(error)
            return
        self._ticker = gevent.spawn(self._tell_users_every_second)
        self.arrivals.begin(part, self._engine.share_of_load(part.run) if self._engine else self._share)

    def share(self, index: int, of: int) -> None:
        """The number of processes changed, and with it this one's share of the run's limits."""
        if self._run and (index, of) != self._share:
            self._share = (index, of)
            if not self._engine:
                self.arrivals.share(self._share)
            if self.keeper.link:
                self._tell_share(self.keeper.link)

    @property
    def run(self) -> Optional[str]:
        return self._run.run if self._run else None

    def live(self) -> Optional[Dict[str, Any]]:
        """What the run has come to so far, asked of the bridge; None when there is no run or no answer."""
        link = self.keeper.link
        if not (self._run and link):
            return None
        try:
            return link.ask({"op": "live"}, LIVE_LIMIT_S)["live"]
        except (Refusal, LinkEnded):
            return None

    def end(self, reason: str, recorded: Callable[[], None]) -> None:
        """
        Waits (bounded) for the operations whose users are gone, so that Locust counts them too, then has the record
        written in the background.

        :param recorded: called when it is on disk, or when no bridge is left to write it
        """
        if not self._run:
            # Ctrl-C and its master may stop a worker in two greenlets; the one that is done first kills the other.
            self._is_over.wait(DRAIN_LIMIT_S + 2)
            return
        self._run = None
        if self._ticker:
            self._ticker.kill(block=False)
        link = self.keeper.link
        if link and not link.is_idle.wait(DRAIN_LIMIT_S):
            link.give_up_pending()
        self.arrivals.finish()
        self._stopping = gevent.spawn(self._record, reason, recorded)
        self._is_over.set()

    def join(self) -> None:
        """Until the record of the last run is written, or the limit has passed."""
        if self._stopping:
            self._stopping.join(STOP_LIMIT_S)

    def quit(self) -> None:
        # A second SIGTERM makes Locust fire `quit` while the first one's `test_stop` still waits for the last ends.
        self._is_over.wait(DRAIN_LIMIT_S + 2)
        self.join()
        self.keeper.close(QUIT_LIMIT_S)

    def _record(self, reason: str, recorded: Callable[[], None]) -> None:
        self.is_recorded = False
        link = None if self.keeper.has_given_up else self.keeper.wait_for_link(STOP_LIMIT_S / 2)
        try:
            if link:
                fields = {"op": "stop", "reason": reason, "tally": self.tally.counts}
                self.folder = link.ask(fields, STOP_LIMIT_S / 2)["dir"]
                self.is_recorded = True
        except (Refusal, LinkEnded) as error:
            logger.error("The record was not completed by the bridge: %s", error)
        recorded()

    def _hello(self) -> Dict[str, Any]:
        runner = self._environment.runner
        return {
            "project": str(Path(locustfile_of(self._environment)).resolve().parent),
            "process": {
                "kind": "worker" if self._is_worker else "local",
                "index": max(0, getattr(runner, "worker_index", 0)),
                "pid": os.getpid(),
            },
            "load": typed_load(self._environment),
            "versions": {"locust": locust.__version__, "python": platform.python_version()},
        }

    def _start_run(self, link: BridgeLink, has_history: bool) -> None:
        assert self._run
        fields = {
            "op": "start",
            "run": self._run.run,
            "part": self._run.part,
            "share": {"index": self._run.index, "of": self._run.of},
            "plan": self._run.plan,
            "tally": self.tally.counts if has_history else None,
        }
        try:
            self.folder = link.ask(fields, START_LIMIT_S)["dir"]
        except Refusal as refusal:
            # On an engine the load was paid for, and Azure has its own figures. Elsewhere nothing would be left of it.
            if not self._engine or not refusal.code.startswith(RECORD_REFUSED):
                raise
            self.folder = None
            logger.error("The run goes on without a record: %s", refusal)

    def _resume(self, link: BridgeLink) -> None:
        """
        A new bridge goes on with the run of the lost one: first with the share that the run began with, which decides
        whose identity a user has, then with today's.
        """
        if self._run:
            self._start_run(link, has_history=True)
            if self._share != (self._run.index, self._run.of):
                self._tell_share(link)

    def _tell_share(self, link: BridgeLink) -> None:
        index, of = self._share
        link.send({"op": "share", "share": {"index": index, "of": of}})

    def _hear_auth(self, said: Mapping[str, Any]) -> None:
        auth_rows.log(self._environment, said)

    def _refuse_run(self, error: Exception) -> None:
        logger.error("The run was not started: %s", error)
        self._show_in_web_ui(f"The run was not started: {error}")
        self._run = None
        self._is_over.set()
        runner = self._environment.runner
        assert runner
        if not self._environment.web_ui:
            self._environment.process_exit_code = getattr(error, "exit_code", 2)
            gevent.spawn(runner.quit)
        if not self._is_worker:
            # Ends the greenlet that is about to spawn the users, without Locust's traceback.
            raise GreenletExit
        # A worker hears of its users in the greenlet that hears of everything: they come, and wait until it has ended.
        self.keeper.hold()

    def _show_in_web_ui(self, sentence: str) -> None:
        """Among Locust's exceptions; a worker's are shown by its master. Locust keys them by their tracebacks."""
        runner = self._environment.runner
        assert runner
        if self._is_worker:
            runner.send_message("exception", {"msg": sentence, "traceback": sentence})
        else:
            runner.log_exception("local", sentence, sentence)

    def _tell_users_every_second(self) -> None:
        load = ProcessLoad()
        try:
            while True:
                gevent.sleep(1)
                said = load.read()
                link, runner = self.keeper.link, self._environment.runner
                if link and runner:
                    at = link.to_bridge_ms(time.monotonic())
                    link.send({"op": "users", "n": runner.user_count, "at": at, **said})
        finally:
            load.stop()
