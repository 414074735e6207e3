"""One operation under way: begun by a user, settled exactly once, reported exactly once."""

import time
from typing import Any, Callable, Dict, Optional

from gevent.hub import Waiter, get_hub

End = Dict[str, Any]


class Operation:
    """
    The link settles it; the user's greenlet, which waits, reports it. Orders in which things may happen:

    * the end comes, the user wakes and reports;
    * the user's greenlet is killed or leaves the wait: `abandon`; the end comes later, and the reader greenlet reports;
    * the end has come, and the greenlet is killed before it wakes: `abandon` reports at once.

    :ivar session: number of the session that it belongs to
    :ivar name: what the name in the statistics is expected to be; the end's own name wins
    :ivar intended: when the user meant to begin, monotonic seconds
    :ivar deadline: when the link gives it up, monotonic seconds: a backstop, the bridge keeps the operation's own limit
    :ivar end: the end's line, once it has come
    :ivar body: the result's JSON, unparsed
    """

    __slots__ = (
        "id",
        "session",
        "name",
        "intended",
        "intended_epoch",
        "deadline",
        "end",
        "body",
        "_report",
        "_is_abandoned",
        "_waiter",
    )

    def __init__(
        self, name: str, intended: float, limit_s: float, report: "Callable[[Operation], None]", session: int = 0
    ) -> None:
        self.id = 0
        self.session = session
        self.name = name
        self.intended = intended
        self.intended_epoch = time.time()
        self.deadline = intended + limit_s
        self.end: End = {}
        self.body: Optional[bytes] = None
        self._report = report
        self._is_abandoned = False
        # Not an AsyncResult, which costs four times as much: one greenlet waits, and never with a limit.
        self._waiter: "Waiter[None]" = Waiter()

    def wait(self) -> None:
        """No limit of its own: the link settles everything that is pending, at the latest at the deadline."""
        if not self.end:
            self._waiter.get()

    def settle(self, end: End, body: Optional[bytes]) -> None:
        self.end = end
        self.body = body
        if self._is_abandoned:
            self._report(self)
        else:
            # A greenlet may be switched to from gevent's hub only. Where it has left the wait by then, nothing happens.
            get_hub().loop.run_callback(self._waiter.switch, None)

    def abandon(self) -> None:
        self._is_abandoned = True
        if self.end:
            self._report(self)
