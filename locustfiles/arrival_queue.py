"""
The planned starts of one user class in one run: which are due, who takes them, and what became of each. Knows the time
only from whoever calls it.

Each start that was planned ends in exactly one of two ways: it began, or it was dropped. Orders in which things happen:

* a user is idle when the start is due: the user gets it;
* no user is idle: the start waits, the next user that is done takes the oldest, and what has waited for longer than the
  limit is dropped;
* the user that was given a start is stopped before its first operation: the start waits again;
* the run is about to stop (`close`): what still waits is dropped, nothing is planned any more; a start whose user was
  free and is stopped before it could begin was never planned: the end came first, and nobody was busy;
* the run is over (`finish`): a start whose user has gone without a word is dropped, too.
"""

import math
from collections import OrderedDict, deque
from typing import Deque, Iterator, List, NamedTuple, Optional, Tuple

from gevent.hub import Waiter, get_hub


class PlannedStart:
    """
    :ivar planned: when it was meant to begin, monotonic seconds
    :ivar waited: for how many seconds of the time since then no user was free
    """

    __slots__ = ("planned", "waited", "_queue")

    def __init__(self, queue: "ArrivalQueue", planned: float, waited: float) -> None:
        self.planned = planned
        self.waited = waited
        self._queue: "Optional[ArrivalQueue]" = queue

    def begin(self, now: float) -> None:
        """Its first operation has begun, or its task is over and had none. Only the first call counts."""
        queue, self._queue = self._queue, None
        if queue:
            queue.hear_begun((now - self.planned) * 1000)

    def give_back(self) -> None:
        """Its user goes before it has begun."""
        queue, self._queue = self._queue, None
        if queue:
            queue.take_back(self.planned)


class Outcomes(NamedTuple):
    """
    :ivar late_ms: of each start that began, from its planned moment to its beginning
    :ivar dropped: starts that never began
    """

    late_ms: List[float]
    dropped: int


class _Place:
    """Of an idle user in the line of those that are."""

    __slots__ = ("waiter", "since", "start")

    def __init__(self, since: float) -> None:
        self.waiter: "Waiter[None]" = Waiter()
        self.since = since
        self.start: Optional[PlannedStart] = None


class ArrivalQueue:
    """
    :param times: when starts are planned, monotonic seconds, ascending, each with the number that decides whose it is
    :param limit_s: for how long a start may wait for a free user
    :ivar planned: how many were due so far
    :ivar has_met_users: whether a user has ever asked for a start
    :ivar is_closed: nothing is planned any more
    """

    def __init__(self, times: Iterator[Tuple[float, int]], limit_s: float) -> None:
        self.planned = 0
        self.has_met_users = False
        self._times = times
        self._limit_s = limit_s
        self._index, self._of = 0, 1
        self._next, self._next_number = next(times, (math.inf, 0))
        self._waiting: Deque[float] = deque()
        # Who has been idle for longest comes first: every session is used as often as any other.
        self._idle: "OrderedDict[_Place, None]" = OrderedDict()
        self.is_closed = False
        self._is_over = False
        self._late_ms: List[float] = []
        self._dropped = 0
        self._settled = 0

    def share(self, index: int, of: int) -> None:
        """Of the starts that are not due yet, this process has those of its own share."""
        self._index, self._of = index, of

    def next_moment(self) -> float:
        """When there is something to do again, monotonic; infinity for never."""
        overdue = self._waiting[0] + self._limit_s if self._waiting else math.inf
        return min(self._next, overdue)

    def advance(self, now: float) -> None:
        """What is due by now goes to idle users, or waits, or has waited for too long."""
        while self._next <= now and not self.is_closed:
            if self._next_number % self._of == self._index:
                self.planned += 1
                self._waiting.append(self._next)
            self._next, self._next_number = next(self._times, (math.inf, 0))
        self._drop_overdue(now)
        self._hand_over()

    def take(self, now: float) -> PlannedStart:
        """
        For a user that is idle. Returns when there is a start for it; that may be never.

        :raises GreenletExit: or whatever else ends the user meanwhile; it holds no start then
        """
        self.has_met_users = True
        place = _Place(now)
        self._drop_overdue(now)
        if self._waiting:
            return self._start_for(place)
        self._idle[place] = None
        try:
            place.waiter.get()
        except BaseException:
            self._idle.pop(place, None)
            if place.start:
                place.start.give_back()
            raise
        assert place.start
        return place.start

    def close(self) -> None:
        """The run is about to stop. May be called again."""
        self.is_closed = True
        self._next = math.inf
        self._drop(len(self._waiting))
        self._waiting.clear()

    def finish(self) -> None:
        """No user is left."""
        self.close()
        self._drop(self.planned - self._settled)
        self._is_over = True

    def settled(self) -> Outcomes:
        """What was settled since the last call."""
        outcomes = Outcomes(self._late_ms, self._dropped)
        self._late_ms, self._dropped = [], 0
        return outcomes

    def hear_begun(self, late_ms: float) -> None:
        if not self._is_over:
            self._settled += 1
            self._late_ms.append(late_ms)

    def take_back(self, planned: float) -> None:
        if self._is_over:
            return
        if self.is_closed:
            self.planned -= 1
        else:
            self._waiting.appendleft(planned)
            self._hand_over()

    def _hand_over(self) -> None:
        while self._waiting and self._idle:
            place = self._idle.popitem(last=False)[0]
            self._start_for(place)
            # A greenlet may be switched to from gevent's hub only.
            get_hub().loop.run_callback(place.waiter.switch, None)

    def _start_for(self, place: _Place) -> PlannedStart:
        planned = self._waiting.popleft()
        place.start = PlannedStart(self, planned, max(0.0, place.since - planned))
        return place.start

    def _drop_overdue(self, now: float) -> None:
        while self._waiting and now - self._waiting[0] > self._limit_s:
            self._waiting.popleft()
            self._drop(1)

    def _drop(self, number: int) -> None:
        self._dropped += number
        self._settled += number
