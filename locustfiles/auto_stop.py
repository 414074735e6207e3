"""
Ends a local run that only fails, as `autoStop` in loadtest.yaml says. Not for engines of Azure Load Testing, which has
the same of its own.
"""

import logging
import time
from collections import deque
from typing import Any, Deque, NamedTuple, Optional

import gevent
from locust.env import Environment
from locust.runners import STATE_RUNNING, STATE_SPAWNING

from run_plan import EndReason

LOOK_EVERY_S = 1.0
# In a window with fewer, one slow minute of one server would end a run.
LEAST_OPERATIONS = 10
EXIT_CODE = 1

logger = logging.getLogger("swarmbridge")


class _Reading(NamedTuple):
    at_s: float
    operations: int
    failures: int


class FailureWindow:
    """
    The failed share of what ended within a window that slides over the run. Judges nothing before a whole window has
    passed.

    :param limit_percent: a larger share than this is too much
    """

    def __init__(self, limit_percent: float, window_s: float) -> None:
        self._limit_percent = limit_percent
        self._window_s = window_s
        self._readings: Deque[_Reading] = deque()

    def clear(self) -> None:
        """What ended so far counts no more: a new window begins."""
        self._readings.clear()

    def see(self, at_s: float, operations: int, failures: int) -> Optional[str]:
        """
        :param at_s: monotonic
        :param operations: all that ended since the run began
        :returns: what is too much, as the reason of the run's end, or None
        """
        readings = self._readings
        if readings and (operations < readings[-1].operations or failures < readings[-1].failures):
            self.clear()  # somebody has reset Locust's statistics, and it was not told
        readings.append(_Reading(at_s, operations, failures))
        while len(readings) > 1 and at_s - readings[1].at_s >= self._window_s:
            readings.popleft()
        first = readings[0]
        ended, failed = operations - first.operations, failures - first.failures
        if at_s - first.at_s < self._window_s or ended < LEAST_OPERATIONS or failed > ended:
            return None
        percent = 100 * failed / ended
        if percent <= self._limit_percent:
            return None
        return f"auto-stop: {percent:.3g}% of {ended} operations failed within {self._window_s:g} s"


def watch(environment: Environment, limits: Any, reason: EndReason) -> None:
    """
    :param limits: `autoStop` of the settings
    :param reason: is told when the run is ended for this
    """
    if isinstance(limits, dict):
        _AutoStop(environment, limits["errorPercentage"], limits["timeWindow"], reason)


class _AutoStop:
    def __init__(self, environment: Environment, percent: float, window_s: float, reason: EndReason) -> None:
        self._environment = environment
        self._percent = percent
        self._reason = reason
        self._window = FailureWindow(percent, window_s)
        self._ticker: Optional[gevent.Greenlet] = None
        events = environment.events
        events.test_start.add_listener(self._begin)
        # Not at `test_stop`, which comes after the last user: what fails while users go is the end's doing, and a run
        # that ends as it was meant to must keep its exit code.
        events.test_stopping.add_listener(self._end)
        events.quitting.add_listener(self._end)
        events.reset_stats.add_listener(self._forget)
        events.spawning_complete.add_listener(self._hear_spawned)

    def _begin(self, **_: Any) -> None:
        self._end()
        self._forget()
        self._ticker = gevent.spawn(self._look)

    def _end(self, **_: Any) -> None:
        if self._ticker:
            self._ticker.kill(block=False)
            self._ticker = None

    def _forget(self, **_: Any) -> None:
        self._window.clear()

    def _hear_spawned(self, **_: Any) -> None:
        if self._environment.reset_stats:
            self._forget()

    def _look(self) -> None:
        while True:
            total = self._environment.stats.total
            too_much = self._window.see(time.monotonic(), total.num_requests, total.num_failures)
            if too_much:
                # Another greenlet: the end of the run ends this one.
                gevent.spawn(self._end_run, too_much)
                return
            gevent.sleep(LOOK_EVERY_S)

    def _end_run(self, why: str) -> None:
        runner = self._environment.runner
        assert runner
        if runner.state not in (STATE_SPAWNING, STATE_RUNNING):
            return  # somebody else was faster
        logger.error("%s; autoStop in loadtest.yaml allows %g%%. The run ends.", why, self._percent)
        self._reason.auto_stop = why
        if self._environment.web_ui:
            runner.stop()
        else:
            self._environment.process_exit_code = EXIT_CODE
            runner.quit()
