"""
Measures one window of a Locust run with Locust's own statistics: all users there, a warm-up, the statistics cleared,
the window, a reading. Imported by a locustfile, it ends the run by itself.
"""

import time
from typing import Any, Dict

import gevent
from bench_task import bench_task, write_report
from generator_processes import cpu_ms
from gevent.event import Event
from locust import events
from locust.env import Environment

_everybody_is_there = Event()
_report: Dict[str, Any] = {}


@events.spawning_complete.add_listener
def _on_spawning_complete(**_: Any) -> None:
    _everybody_is_there.set()


@events.test_start.add_listener
def _on_test_start(environment: Environment, **_: Any) -> None:
    gevent.spawn(_measure, environment)


@events.quitting.add_listener
def _on_quitting(environment: Environment, **_: Any) -> None:
    if _report:
        _report["callsInAll"] += _calls(environment)
        write_report(_report)


def _measure(environment: Environment) -> None:
    task = bench_task()
    _everybody_is_there.wait()
    gevent.sleep(task.warm_up_ms / 1000)
    calls_before = _calls(environment)
    environment.stats.clear_all()
    cpu_before, from_ms, began = cpu_ms(), time.time() * 1000, time.perf_counter()
    gevent.sleep(task.window_ms / 1000)
    window_ms, to_ms, cpu_after = (time.perf_counter() - began) * 1000, time.time() * 1000, cpu_ms()
    total = environment.stats.total
    _report.update(
        calls=total.num_requests - total.num_failures,
        failures=total.num_failures,
        windowMs=window_ms,
        p50Ms=total.get_response_time_percentile(0.5),
        p99Ms=total.get_response_time_percentile(0.99),
        cpuMs={name: ms - cpu_before.get(name, 0.0) for name, ms in cpu_after.items()},
        fromMs=from_ms,
        toMs=to_ms,
        callsInAll=calls_before,
    )
    assert environment.runner
    environment.runner.quit()


def _calls(environment: Environment) -> int:
    entries = environment.stats.entries.items()
    return sum(entry.num_requests for (name, _), entry in entries if ":tools/call:" in name)
