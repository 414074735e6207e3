"""The master's part of a run in many processes: names it, divides its limits, finishes its record."""

import logging
import os
import socket
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Set

import gevent
import psutil
from locust.env import Environment
from locust.rpc import Message
from locust.runners import WORKER_REPORT_INTERVAL, MasterRunner

from finished_runs import FinishedRuns
from lookout import Lookout
from run_plan import EndReason, Plan, RunNames, plan_of
from run_record import LocustCounts, RunRecord, locust_counts
from run_time import RunTime
from swarm_messages import (
    PART,
    PART_DONE,
    SHARES,
    STOP,
    STOPPED,
    STOPPING,
    PartNews,
    RunNews,
    part_from,
    send_with_spawn,
)
from swarm_process import DRAIN_LIMIT_S
from worker_figures import WorkerFigures

PARTS_LIMIT_S = 10.0
WORKERS_LIMIT_S = DRAIN_LIMIT_S + 2.0

logger = logging.getLogger("swarmbridge")


class SwarmMaster:
    def __init__(self, environment: Environment, runner: MasterRunner, command: List[str]) -> None:
        self._environment = environment
        self._runner = runner
        self._command = command
        self._names = RunNames(environment)
        self._run_time = RunTime(environment)
        self.reason = EndReason(environment, self._run_time)
        self._run: Optional[str] = None
        self._plan: Plan = {}
        self._workers: List[str] = []
        self._parts: Dict[str, PartNews] = {}
        self._done: Set[str] = set()
        self._stopped: Set[str] = set()
        self._ticker: Optional[gevent.Greenlet] = None
        self._finishing: Optional[gevent.Greenlet] = None
        self._is_over = self._is_finished = True
        self._counts: LocustCounts = {}
        self._figures = WorkerFigures(runner)
        self.lookout = Lookout(lambda: self._figures.look(self._active_workers()))
        self.runs = FinishedRuns(command)
        runner.register_message(PART, self._hear_part)
        runner.register_message(PART_DONE, self._hear_part_done)
        runner.register_message(STOPPED, self._hear_stopped)
        environment.events.worker_report.add_listener(self._count)
        environment.events.worker_connect.add_listener(self._welcome)
        environment.events.test_stopping.add_listener(self._stopping)
        environment.events.test_stop.add_listener(self._stop)

    def start(self) -> None:
        if self._finishing:
            self._finishing.join(PARTS_LIMIT_S * 2)
            self._finishing = None
        self._run = self._names.next()
        self._plan = plan_of(self._environment, self._run_time)
        self._parts, self._done, self._stopped = {}, set(), set()
        self._is_over = self._is_finished = False
        self._workers = []
        self._divide(self._active_workers())
        self._ticker = gevent.spawn(self._watch_workers)
        self._figures.begin(self._run)
        self.lookout.begin(self._run, self._run_time.seconds)

    def quit(self) -> None:
        if self._finishing and self._finishing.started:
            self._finishing.join(PARTS_LIMIT_S * 2)
        self._finish()

    def _count(self, **_: Any) -> None:
        """After Locust's own listener: the last report before Locust prints and empties its statistics counts."""
        self._counts = locust_counts(self._environment)

    def _stopping(self, **_: Any) -> None:
        self.lookout.look()
        self._runner.send_message(STOPPING, {"reason": str(self.reason)})

    def _stop(self, **_: Any) -> None:
        self._is_over = True
        self.lookout.end()
        if self._ticker:
            self._ticker.kill(block=False)
        self._stop_workers()
        self.lookout.conclude(self._figures.known(self._active_workers()))
        if self._environment.web_ui:
            self._finishing = gevent.spawn_later(WORKER_REPORT_INTERVAL + 0.5, self._finish)

    def _stop_workers(self) -> None:
        """
        Once Locust has told its workers to quit, it gives them half a second for their last report. A worker that waits
        for the ends of what its users began needs longer: it stops first.
        """
        self._runner.send_message(STOP, {})
        deadline = time.monotonic() + (self._environment.stop_timeout or 0) + WORKERS_LIMIT_S
        while time.monotonic() < deadline and not self._stopped.issuperset(self._active_workers()):
            gevent.sleep(0.05)

    def _active_workers(self) -> List[str]:
        clients = self._runner.clients
        return sorted(
            (one.id for one in clients.ready + clients.spawning + clients.running), key=self._runner.get_worker_index
        )

    def _divide(self, workers: List[str]) -> None:
        """Tells who takes part: with the order to spawn users, and those apart that have users already."""
        classes = [user_class.__name__ for user_class in self._environment.user_classes]
        news = RunNews(self._run or "", self._plan, workers, classes)
        send_with_spawn(self._environment.parsed_options, news)
        for worker in set(self._workers) & set(workers):
            self._runner.send_message(SHARES, news.to_data(), client_id=worker)
        self._workers = workers

    def _welcome(self, client_id: str, **_: Any) -> None:
        """Before Locust sends it users."""
        if not self._is_over and client_id not in self._workers:
            self._divide([*self._workers, client_id])

    def _watch_workers(self) -> None:
        while True:
            gevent.sleep(1)
            workers = self._active_workers()
            if workers and set(workers) != set(self._workers):
                self._divide(workers)

    def _hear_part(self, msg: Message, **_: Any) -> None:
        news = part_from(msg.data)
        if news.run == self._run:
            self._parts[news.part] = news

    def _hear_part_done(self, msg: Message, **_: Any) -> None:
        news = part_from(msg.data)
        if news.run == self._run:
            self._parts[news.part] = news
            self._done.add(news.part)

    def _hear_stopped(self, msg: Message, **_: Any) -> None:
        self._stopped.add(msg.node_id)

    def _finish(self) -> None:
        if self._is_finished:
            return
        self._is_finished = True
        here = [news for news in self._parts.values() if _is_here(news)]
        deadline = time.monotonic() + PARTS_LIMIT_S
        while time.monotonic() < deadline and any(self._is_being_written(news) for news in here):
            gevent.sleep(0.05)
        elsewhere = [news for news in self._parts.values() if news not in here]
        for news in elsewhere:
            logger.info("The part %s of the record lies on %s in %s.", news.part, news.host, news.folder)
        if here:
            folder = _run_folder(here[0].folder)
            RunRecord(self._environment, self._command, folder).finish(self._counts)
            self.runs.add(folder, [f"{news.part} on {news.host}" for news in elsewhere])
        elif elsewhere:
            self.runs.add_elsewhere(self._run or "", [f"{news.part} on {news.host}" for news in elsewhere])

    def _is_being_written(self, news: PartNews) -> bool:
        """A worker that is told to quit cannot report any more: then its bridge's end says that its part is on disk."""
        return news.part not in self._done and _is_running(news.pid)


def _is_here(news: PartNews) -> bool:
    return news.host == socket.gethostname() and os.path.isdir(news.folder)


def _run_folder(folder: str) -> str:
    """A part's record lies in `parts/<part>/` of the run's."""
    path = Path(folder)
    return str(path.parent.parent if path.parent.name == "parts" else path)


def _is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
