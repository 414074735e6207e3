"""What a test run is called, what it was meant to be, and why it ended."""

import re
import secrets
import time
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

import gevent
from locust.env import Environment

import ctrl_c
from arrival_plan import arrival_facts
from load_shape import shape_facts
from run_time import RunTime

Plan = Dict[str, Any]

# Base 32 (RFC 4648) in small letters: nothing that is misread when it is typed.
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class RunPart(NamedTuple):
    """
    One process's part of a test run.

    :ivar run: the run's id, which is also its folder's name
    :ivar part: None in a run of one process
    :ivar index: which share of the run's limits this process has, of how many
    :ivar classes: names of the user classes that take part; None for all that this process knows
    """

    run: str
    part: Optional[str]
    index: int
    of: int
    plan: Plan
    classes: Optional[List[str]] = None


class RunNames:
    """
    `YYYYMMDD-HHMMSS-<locustfile>-<chance>`: without the last, two runs that begin in one second, in one process or in
    two, would write one record.
    """

    def __init__(self, environment: Environment) -> None:
        self._stem = re.sub(r"[^A-Za-z0-9._-]", "-", Path(locustfile_of(environment)).stem)[:60]

    def next(self) -> str:
        chance = "".join(secrets.choice(_LETTERS) for _ in range(4))
        return f"{time.strftime('%Y%m%d-%H%M%S')}-{self._stem}-{chance}"


def locustfile_of(environment: Environment) -> str:
    files = environment.parsed_locustfiles or []
    return files[0] if files else environment.locustfile or "locustfile.py"


def plan_of(environment: Environment, run_time: RunTime) -> Plan:
    """As Locust was told, for the record. Times in seconds."""
    options = environment.parsed_options
    users = environment.runner.target_user_count if environment.runner else None
    return {
        "users": users or getattr(options, "num_users", None),
        "spawnRate": getattr(options, "spawn_rate", None),
        "runTime": run_time.seconds,
        "stopTimeout": environment.stop_timeout,
        "locustfile": Path(locustfile_of(environment)).name,
        **shape_facts(environment),
        **arrival_facts(environment.user_classes),
    }


class EndReason:
    """
    Hears Locust's events and says why a run ended.

    :ivar signal: the one that this process got, if any
    :ivar auto_stop: the words of `autoStop` when it ended the run
    """

    def __init__(self, environment: Environment, run_time: RunTime) -> None:
        self._environment = environment
        self._run_time = run_time
        self.signal: Optional[str] = None
        self.auto_stop: Optional[str] = None
        self._has_shape_ended = False
        self._began = time.monotonic()
        environment.events.test_start.add_listener(self._begin)
        environment.events.test_stopping.add_listener(self._stop)
        environment.events.quitting.add_listener(self._quit)

    def __str__(self) -> str:
        if self.auto_stop:
            return self.auto_stop
        if self._has_shape_ended:
            return "the load shape ended"
        run_time = self._run_time.seconds
        if run_time and time.monotonic() - self._began >= run_time - 1:
            return "run time reached"
        if self._environment.web_ui and not self.signal:
            return "stopped in the web UI"
        return self.signal or "quit"

    def _begin(self, **_: Any) -> None:
        self._began = time.monotonic()
        self._has_shape_ended = False
        self.auto_stop = None

    def _stop(self, **_: Any) -> None:
        """A shape that has no further step stops the run in its own greenlet; everybody else does so in another."""
        shape = self._environment.runner.shape_greenlet if self._environment.runner else None
        self._has_shape_ended = shape is not None and shape is gevent.getcurrent()
        # Headless, the main greenlet waits for a shape; only a signal wakes it before the end.
        if shape is not None and _is_main():
            self.signal = self.signal or (ctrl_c.heard[0] if ctrl_c.heard else "Ctrl-C")

    def _quit(self, **_: Any) -> None:
        """Before the users stop, this comes only after a signal: SIGTERM in a greenlet, Ctrl-C in the main one."""
        self.signal = self.signal or ("Ctrl-C" if _is_main() else "SIGTERM")


def _is_main() -> bool:
    return gevent.getcurrent().parent is None  # pyright: ignore[reportAttributeAccessIssue]
