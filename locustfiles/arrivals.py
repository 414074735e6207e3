"""
The arrival rates of one process: plans the starts of a run, hands them to the users that are idle, and reports what
became of each, to the bridge, to Locust and to the tally alike.
"""

import logging
import time
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Set, Tuple

import gevent
from locust import User
from locust.env import Environment

import arrival_rows
from arrival_plan import ArrivalPlan, arrival_plan
from arrival_queue import ArrivalQueue, Outcomes
from arrival_schedule import share_of
from bridge_link import BridgeLink
from run_plan import RunPart
from tally import Tally

TELL_EVERY_S = 0.25
# The loop's timers resolve milliseconds. Starts that are due within one are handed over together.
SHORTEST_PAUSE_S = 0.0005
# The clock of a machine may be set, a start may be given back: nothing sleeps for longer.
LONGEST_PAUSE_S = 1.0
# As many as one line of the link may tell.
MOST_IN_A_LINE = 10_000

logger = logging.getLogger("swarmbridge")


class _Arriving(NamedTuple):
    plan: ArrivalPlan
    queue: ArrivalQueue


class Arrivals:
    """
    One run after another: `begin`, users, `close` when they are about to stop, `finish` when they have.

    :param link: the one that can be used right now
    """

    def __init__(self, environment: Environment, tally: Tally, link: Callable[[], Optional[BridgeLink]]) -> None:
        self._environment = environment
        self._tally = tally
        self._link = link
        self._arriving: Dict[str, _Arriving] = {}
        self._greenlets: List[gevent.Greenlet] = []
        self._warned: Set[str] = set()
        environment.events.test_stopping.add_listener(self._close)

    def queue_of(self, user_class: "type[User]") -> Optional[ArrivalQueue]:
        """
        Where users of this class get their starts; None when they pace themselves. Without a run it never gives one.

        :raises Refusal: when the class contradicts itself
        """
        found = self._arriving.get(user_class.__name__)
        if found:
            return found.queue
        return ArrivalQueue(iter(()), 1.0) if arrival_plan(user_class) else None

    def begin(self, part: RunPart, share: Tuple[int, int]) -> None:
        """
        The schedules begin now.

        :param share: this process's of the starts: which one, of how many
        """
        began = time.monotonic()
        self._arriving, self._warned = {}, set()
        for user_class in self._environment.user_classes:
            plan = arrival_plan(user_class)
            if plan and (part.classes is None or plan.what in part.classes):
                self._arriving[plan.what] = _Arriving(plan, ArrivalQueue(_from(began, plan, part.run), plan.limit_s))
        if self._arriving:
            self.share(share)
            self._greenlets = [gevent.spawn(_pump, one.queue) for one in self._arriving.values()]
            self._greenlets.append(gevent.spawn(self._tell_often))

    def share(self, share: Tuple[int, int]) -> None:
        """The number of processes changed: of what is not due yet, this one has another share."""
        for one in self._arriving.values():
            one.queue.share(*share)

    def finish(self) -> None:
        """No user of the run is left. When this returns, everything that was planned is told."""
        gevent.killall(self._greenlets, block=False)
        self._greenlets = []
        for one in self._arriving.values():
            one.queue.finish()
        self._tell()
        self._arriving = {}

    def _close(self, **_: Any) -> None:
        for one in self._arriving.values():
            one.queue.close()

    def _tell_often(self) -> None:
        while True:
            gevent.sleep(TELL_EVERY_S)
            self._tell()

    def _tell(self) -> None:
        for plan, queue in self._arriving.values():
            outcomes = queue.settled()
            if outcomes.late_ms or outcomes.dropped:
                self._warn_of(plan, queue, outcomes)
                arrival_rows.log(self._environment, plan.name, outcomes)
                # Both in one go: a bridge that took a lost one's place in between would be told of them twice, with the
                # tally and with the line. Without a bridge the tally alone has them.
                self._tally.count(plan.name, "ok", len(outcomes.late_ms))
                self._tally.count(plan.name, "dropped", outcomes.dropped)
                self._send(plan, outcomes)

    def _send(self, plan: ArrivalPlan, outcomes: Outcomes) -> None:
        link = self._link()
        if not link:
            return
        line = {"op": "arrivals", "server": plan.server, "what": plan.what}
        late_ms, dropped = [round(late, 3) for late in outcomes.late_ms], outcomes.dropped
        while late_ms or dropped:
            link.send({**line, "lateMs": late_ms[:MOST_IN_A_LINE], "dropped": min(dropped, MOST_IN_A_LINE)})
            late_ms, dropped = late_ms[MOST_IN_A_LINE:], max(0, dropped - MOST_IN_A_LINE)

    def _warn_of(self, plan: ArrivalPlan, queue: ArrivalQueue, outcomes: Outcomes) -> None:
        if not outcomes.dropped or queue.is_closed or plan.what in self._warned:
            return
        self._warned.add(plan.what)
        none_free = f"{plan.what}: planned starts found no free user within {plan.limit_s:g} s and count as dropped"
        if queue.has_met_users:
            logger.warning("%s. All users are busy: more users (-u), or a lower rate.", none_free)
        else:
            logger.warning(
                "%s. No user is ready yet: they come at the spawn rate (-r), and open their sessions first.", none_free
            )


def _from(began: float, plan: ArrivalPlan, run: str) -> Iterator[Tuple[float, int]]:
    return ((began + due, number) for due, number in share_of(plan.schedule, run, plan.name))


def _pump(queue: ArrivalQueue) -> None:
    while True:
        queue.advance(time.monotonic())
        pause_s = queue.next_moment() - time.monotonic()
        gevent.sleep(min(max(pause_s, SHORTEST_PAUSE_S), LONGEST_PAUSE_S))
