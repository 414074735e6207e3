"""What a master and its workers tell each other, so that many processes make one test run."""

from argparse import Namespace
from typing import Any, Dict, List, NamedTuple, Optional

from run_plan import Plan

# Worker to master, when its bridge has begun the run, and when its part of the record is on disk: PartNews.
PART = "swarmbridge_part"
PART_DONE = "swarmbridge_part_done"
# Master to worker, while a run goes on: RunNews with another set of workers.
SHARES = "swarmbridge_shares"
# Master to worker, before its users stop: the reason.
STOPPING = "swarmbridge_stopping"
# Master to worker, and back when its users have stopped and Locust has counted all that they began.
STOP = "swarmbridge_stop"
STOPPED = "swarmbridge_stopped"

# Master to worker, when somebody looks on, and back: LookAnswer.
LOOK = "swarmbridge_look"
LIVE = "swarmbridge_live"

# Locust sends a master's options along with each order to spawn users. A message of our own could come too early: a
# worker that joins a running test hears of its users before its locustfile has seen the `init` event.
_OPTION = "swarmbridge_run"


class RunNews(NamedTuple):
    """
    :ivar workers: ids of those that take part, in the order of their shares
    :ivar classes: names of the user classes that take part; None for all (a worker knows more)
    """

    run: str
    plan: Plan
    workers: List[str]
    classes: Optional[List[str]] = None

    def to_data(self) -> Dict[str, Any]:
        return dict(self._asdict())


class PartNews(NamedTuple):
    """
    :ivar folder: of the run's record, on the worker's machine
    :ivar host: the worker's machine
    :ivar pid: of the worker's bridge
    """

    run: str
    part: str
    folder: str
    host: str
    pid: int

    def to_data(self) -> Dict[str, Any]:
        return dict(self._asdict())


class LookAnswer(NamedTuple):
    """
    :ivar live: what the worker's bridge says to `live` (docs/link-protocol.md)
    """

    run: str
    live: Dict[str, Any]

    def to_data(self) -> Dict[str, Any]:
        return dict(self._asdict())


def run_from(data: Dict[str, Any]) -> RunNews:
    return RunNews(data["run"], data["plan"], data["workers"], data.get("classes"))


def part_from(data: Dict[str, Any]) -> PartNews:
    return PartNews(data["run"], data["part"], data["folder"], data["host"], data["pid"])


def send_with_spawn(options: Optional[Namespace], news: RunNews) -> None:
    setattr(options, _OPTION, news.to_data())


def received_with_spawn(options: Optional[Namespace]) -> Optional[RunNews]:
    """None when the master runs another locustfile."""
    data = getattr(options, _OPTION, None)
    return run_from(data) if data else None
