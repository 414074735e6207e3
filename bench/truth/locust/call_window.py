"""
The window of a comparison with the truth: every call that begins in it has a number, and is told to the server and to
the bench exactly once. A locustfile that imports it ends by itself, when the last numbered call has.
"""

import random
import time
from itertools import count
from typing import Any, Dict, List, Optional

import gevent
from bench_task import write_report
from gevent.event import Event
from locust import events
from locust.env import Environment
from locust.exception import StopUser
from truth_task import truth_task

TASK = truth_task()
_LAST_ANSWER_S = 15.0
_POLL_S = 0.01

_everybody_is_there = Event()
_numbers = count(1)
_dice = random.Random(TASK.seed)
_report: Dict[str, Any] = {}
_samples: List["tuple[int, float]"] = []
_sent: List["tuple[int, float]"] = []


class _Window:
    phase = "warm-up"
    under_way = 0
    failures = 0


def think(_user: Any) -> float:
    """Half to one and a half times the think time, in seconds."""
    return TASK.think_ms / 1000 * _dice.uniform(0.5, 1.5)


class NumberedCalls:
    """What users of all kinds do: one call, with its number as the argument and in the context of the request event."""

    number = 0

    def context(self) -> Dict[str, Any]:
        return {"number": self.number}

    def make_call(self, call_tool: Any) -> None:
        if _Window.phase == "over":
            if TASK.arrivals_per_second:
                return
            raise StopUser()
        self.number = next(_numbers) if _Window.phase == "window" else 0
        _Window.under_way += 1
        try:
            result = call_tool("timed" if self.number else "warm_up", {"number": self.number})
            # By hand there is no result, and nobody who knows when it was sent.
            if self.number and result is not None:
                _sent.append((self.number, result.timing.sent_ms))
        finally:
            _Window.under_way -= 1
            self.number = 0


@events.request.add_listener
def _on_request(response_time: Optional[float], exception: Any, context: Dict[str, Any], **_: Any) -> None:
    number = context.get("number")
    if not number:
        return
    if exception is None and response_time is not None:
        _samples.append((number, response_time))
    else:
        _Window.failures += 1


@events.spawning_complete.add_listener
def _on_spawning_complete(**_: Any) -> None:
    _everybody_is_there.set()


@events.test_start.add_listener
def _on_test_start(environment: Environment, **_: Any) -> None:
    gevent.spawn(_measure, environment)


@events.quitting.add_listener
def _on_quitting(**_: Any) -> None:
    if _report:
        write_report(_report)


def _measure(environment: Environment) -> None:
    _everybody_is_there.wait()
    gevent.sleep(TASK.warm_up_ms / 1000)
    _Window.phase, from_ms = "window", time.time() * 1000
    gevent.sleep(TASK.window_ms / 1000)
    _Window.phase, to_ms = "over", time.time() * 1000
    limit = time.monotonic() + _LAST_ANSWER_S
    while _Window.under_way and time.monotonic() < limit:
        gevent.sleep(_POLL_S)
    _report.update(
        samples=_samples,
        sent=_sent,
        failures=_Window.failures,
        fromMs=from_ms,
        toMs=to_ms,
        table=_locusts_own(environment),
    )
    assert environment.runner
    environment.runner.quit()


def _locusts_own(environment: Environment) -> Optional[Dict[str, float]]:
    """What Locust's table says of the same calls."""
    for (name, _), entry in environment.stats.entries.items():
        if name.endswith(":tools/call:timed"):
            at = entry.get_response_time_percentile
            return {"p50Ms": at(0.5), "p95Ms": at(0.95), "p99Ms": at(0.99)}
    return None
