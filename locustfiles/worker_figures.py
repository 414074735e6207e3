"""A master's way to see what its workers' bridges see: it asks when somebody looks, and they answer."""

import time
from typing import Any, Dict, List, Optional, Set

from gevent.event import Event
from locust.rpc import Message
from locust.runners import MasterRunner

from live_figures import Figures
from lookout import Answers
from swarm_messages import LIVE, LOOK

# A worker that takes longer is shown as it was when it last answered.
LIMIT_S = 0.7


class WorkerFigures:
    def __init__(self, runner: MasterRunner) -> None:
        self._runner = runner
        self._run: Optional[str] = None
        self._figures: Dict[str, Figures] = {}
        self._unanswered: Dict[str, float] = {}
        self._awaited: Set[str] = set()
        self._are_all_in = Event()
        runner.register_message(LIVE, self._hear)

    def begin(self, run: Optional[str]) -> None:
        self._run, self._figures, self._unanswered = run, {}, {}

    def look(self, workers: List[str]) -> Answers:
        """
        :param workers: that are there
        """
        now = time.monotonic()
        self._unanswered = {worker: self._unanswered.get(worker, now) for worker in workers}
        self._awaited = set(workers)
        self._are_all_in.clear()
        if self._awaited:
            self._runner.send_message(LOOK, {})
            self._are_all_in.wait(LIMIT_S)
        return Answers(self.known(workers), min(self._unanswered.values(), default=None))

    def known(self, workers: List[str]) -> List[Figures]:
        """What a worker did that is gone is part of the run; nothing of it is open any more."""
        return [line if worker in workers else _gone(line) for worker, line in self._figures.items()]

    def _hear(self, msg: Message, **_: Any) -> None:
        if msg.data["run"] != self._run:
            return
        self._figures[msg.node_id] = msg.data["live"]
        self._unanswered.pop(msg.node_id, None)
        self._awaited.discard(msg.node_id)
        if not self._awaited:
            self._are_all_in.set()


def _gone(line: Figures) -> Figures:
    sessions = {server: {**one, "open": 0} for server, one in line["sessions"].items()}
    return {**line, "users": 0, "inFlight": 0, "sessions": sessions}
