"""A master's way to see what its workers' bridges see: it asks when somebody looks, and they answer."""

from typing import Any, Dict, List, Optional, Set

from gevent.event import Event
from locust.rpc import Message
from locust.runners import MasterRunner

from live_figures import Figures
from swarm_messages import LIVE, LOOK

# A worker that takes longer is shown as it was when it last answered.
LIMIT_S = 0.7


class WorkerFigures:
    def __init__(self, runner: MasterRunner) -> None:
        self._runner = runner
        self._run: Optional[str] = None
        self._figures: Dict[str, Figures] = {}
        self._awaited: Set[str] = set()
        self._are_all_in = Event()
        runner.register_message(LIVE, self._hear)

    def begin(self, run: Optional[str]) -> None:
        self._run, self._figures = run, {}

    def look(self, workers: List[str]) -> List[Figures]:
        """Those of a worker that is gone are kept: what it did is part of the run."""
        self._awaited = set(workers)
        self._are_all_in.clear()
        if self._awaited:
            self._runner.send_message(LOOK, {})
            self._are_all_in.wait(LIMIT_S)
        return list(self._figures.values())

    def _hear(self, msg: Message, **_: Any) -> None:
        if msg.data["run"] != self._run:
            return
        self._figures[msg.node_id] = msg.data["live"]
        self._awaited.discard(msg.node_id)
        if not self._awaited:
            self._are_all_in.set()
