"""A turn: the calls between two think times, as one thing with a name, a count, a time and an outcome."""

import time
from types import TracebackType
from typing import TYPE_CHECKING, Optional, Type

from locust.exception import InterruptTaskSet, RescheduleTask, RescheduleTaskImmediately, StopUser

from mcp_errors import CLASS_BY_REASON, McpError

if TYPE_CHECKING:
    from bridge_link import BridgeLink
    from operation import Operation
    from user_session import UserSession

# How a task says to Locust what comes next: no failure of anything.
_CONTROL_FLOW = (StopUser, InterruptTaskSet, RescheduleTask, RescheduleTaskImmediately)


class Turn:
    """
    Made by ``self.turn(name)`` of a user. Counted once, when its block is left and a call was begun in it: as ``ok``,
    or with the reason of its first failure. Failures are

    * a call that failed, whether or not the test caught its error, and a call that the test itself gave up;
    * an ``expect`` that did not hold;
    * an exception of the test's own code that leaves the block: ``assertion``;
    * the end of the user in the middle: ``cancelled``.

    Moments are monotonic seconds, so that a turn that outlives a bridge has a time: the clocks of two bridges differ.

    :ivar intended: when the first call was meant to begin
    :ivar first_sent: when its first call was sent; where nothing reached a socket, when it was meant to begin
    :ivar last_end: when the last of its calls ended
    :ivar reason: of its first failure
    """

    def __init__(self, session: "UserSession", name: str) -> None:
        """:raises ValueError: when the name is empty"""
        if not name:
            raise ValueError("a turn needs a name: it stands in the statistics, as server:turn:name")
        self.name = name
        self.intended = 0.0
        self.first_sent = 0.0
        self.last_end = 0.0
        self.reason: Optional[str] = None
        self._session = session
        self._calls = 0
        self._ended = 0

    def __enter__(self) -> "Turn":
        """:raises RuntimeError: when the user is in a turn already"""
        outer = self._session.turn
        if outer:
            raise RuntimeError(
                f"turn {self.name!r} begins inside of turn {outer.name!r}: a user has one turn at a time"
            )
        self._session.turn = self
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        self._session.turn = None
        reason = _reason_of(error) if error else None
        if reason:
            self.fail(reason)
        if self._calls:
            self._cut_off()
            self._session.count_turn(self)

    def begin(self, operation: "Operation") -> None:
        """A call of it is on its way."""
        if not self._calls:
            self.intended = operation.intended
        self._calls += 1

    def end(self, operation: "Operation", link: "BridgeLink", reason: Optional[str]) -> None:
        """
        :param link: on which the operation was; its bridge took the stamps
        :param reason: None for a success
        """
        end = operation.end
        ended = operation.intended + end["responseMs"] / 1000
        sent = operation.intended
        # A lost bridge's operations have no stamps.
        if "endMs" in end:
            ended = link.from_bridge_ms(end["endMs"])
            if "serviceMs" in end:
                sent = ended - end["serviceMs"] / 1000
        self.first_sent = min(self.first_sent, sent) if self._ended else sent
        self.last_end = max(self.last_end, ended) if self._ended else ended
        self._ended += 1
        if reason:
            self.fail(reason)

    def _cut_off(self) -> None:
        """What has no end of its own ends now: the calls that the user left, and with them the turn."""
        now = time.monotonic()
        if not self._ended:
            self.first_sent, self.last_end = self.intended, now
        elif self.reason == "cancelled":
            self.last_end = max(self.last_end, now)

    def fail(self, reason: str) -> None:
        """Only the first failure counts."""
        self.reason = self.reason or reason


def _reason_of(error: BaseException) -> Optional[str]:
    if isinstance(error, McpError):
        # Whoever made the error: the bridge takes no word that is not of the list.
        return error.reason if error.reason in CLASS_BY_REASON else "unknown"
    if isinstance(error, _CONTROL_FLOW):
        return None
    return "assertion" if isinstance(error, Exception) else "cancelled"
