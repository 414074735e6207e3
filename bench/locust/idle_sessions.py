"""
What an idle session costs: users that shake hands and then only are there. Reads the memory of Locust and of the bridge
when all are open, and how long that took from the first to the last. Imported by a locustfile, it ends the run.
"""

import time
from typing import Any, List

import gevent
from bench_task import bench_task, write_report
from generator_processes import resident_bytes
from locust import constant, events
from locust.env import Environment

SETTLE_S = 1.5
_opened_at: List[float] = []

stay = constant(3600)


def opened() -> None:
    """Called by every user when its session is open."""
    _opened_at.append(time.monotonic())


@events.test_start.add_listener
def _on_test_start(environment: Environment, **_: Any) -> None:
    gevent.spawn(_measure, environment, time.monotonic())


def _measure(environment: Environment, began: float) -> None:
    while len(_opened_at) < bench_task().users:
        gevent.sleep(0.05)
    gevent.sleep(SETTLE_S)
    write_report({"residentBytes": resident_bytes(), "openedMs": (_opened_at[-1] - began) * 1000})
    assert environment.runner
    environment.runner.quit()
