"""Ties a worker to its bridge, and to the run that its master names."""

import socket
from typing import Any, Optional

import gevent
from locust.env import Environment
from locust.rpc import Message
from locust.runners import WorkerRunner

from run_plan import EndReason, RunNames, RunPart, plan_of
from run_time import RunTime
from swarm_messages import (
    LIVE,
    LOOK,
    PART,
    PART_DONE,
    SHARES,
    STOP,
    STOPPED,
    STOPPING,
    LookAnswer,
    PartNews,
    RunNews,
    received_with_spawn,
    run_from,
)
from swarm_process import SwarmProcess


class SwarmWorker:
    def __init__(self, environment: Environment, runner: WorkerRunner, process: SwarmProcess) -> None:
        self._environment = environment
        self._runner = runner
        self._process = process
        self._names = RunNames(environment)
        self._run_time = RunTime(environment)
        self._own_reason = EndReason(environment, self._run_time)
        self._told_reason: Optional[str] = None
        self._part: Optional[RunPart] = None
        self._is_watched = False
        runner.register_message(SHARES, self._hear_shares)
        runner.register_message(STOPPING, self._hear_stopping)
        runner.register_message(STOP, self._hear_stop)
        runner.register_message(LOOK, self._hear_look)
        environment.events.test_stop.add_listener(self._stop)

    def start(self) -> None:
        self._told_reason = None
        self._is_watched = False
        news = received_with_spawn(self._environment.parsed_options)
        self._part = self._part_of(news or RunNews(self._names.next(), plan_of(self._environment, self._run_time), []))
        self._process.begin(self._part)
        self._tell(PART)

    def quit(self) -> None:
        self._process.quit()

    def _part_of(self, news: RunNews) -> RunPart:
        # Locust gives each index once, on whatever machine; the share counts those that are there now.
        name = f"worker-{max(0, self._runner.worker_index)}"
        mine = self._runner.client_id
        index = news.workers.index(mine) if mine in news.workers else 0
        return RunPart(news.run, name, index, max(1, len(news.workers)), news.plan, news.classes)

    def _hear_shares(self, msg: Message, **_: Any) -> None:
        part = self._part_of(run_from(msg.data))
        if part.run == self._process.run:
            self._process.share(part.index, part.of)

    def _hear_stopping(self, msg: Message, **_: Any) -> None:
        self._told_reason = msg.data["reason"]

    def _hear_stop(self, **_: Any) -> None:
        if self._process.run:
            self._runner.stop()
        self._runner.send_message(STOPPED, {})

    def _hear_look(self, **_: Any) -> None:
        """The bridge may take a while, and this greenlet hears of everything."""
        self._is_watched = True
        gevent.spawn(self._answer_look)

    def _answer_look(self) -> None:
        run, live = self._process.run, self._process.live()
        if run and live:
            self._runner.send_message(LIVE, LookAnswer(run, live).to_data())

    def _stop(self, **_: Any) -> None:
        if self._is_watched:
            self._answer_look()
        # On Ctrl-C the master may only see that its last worker quits: then the worker knows better.
        reason = self._own_reason.signal or self._told_reason or str(self._own_reason)
        self._process.end(reason, lambda: self._tell(PART_DONE))

    def _tell(self, kind: str) -> None:
        part, folder, pid = self._part, self._process.folder, self._process.pid
        if part and part.part and folder and pid:
            news = PartNews(part.run, part.part, folder, socket.gethostname(), pid)
            self._runner.send_message(kind, news.to_data())
