"""
Calls that one user sends at once, in its one session:

    from parallel import call

    queries = ["alpha", "beta", "gamma"]
    found = self.client.parallel([call("search", {"query": each}, expect=each) for each in queries])
"""

from typing import TYPE_CHECKING, Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from gevent import GreenletExit
from gevent.queue import SimpleQueue

from bridge_link import MAX_LINE_BYTES
from call_wishes import Wish, tool_params, wish_of
from expectation import Expectation, Judge, judge_of
from link_json import encode
from mcp_errors import McpError
from mcp_result import McpResult
from operation import Operation

if TYPE_CHECKING:
    from bridge_link import BridgeLink
    from user_session import UserSession

MOST_CALLS = 1000
# What the line holds besides the call: numbers.
_LINE_ROOM_BYTES = 1024


class Request(NamedTuple):
    """An operation that is not begun yet; made by `call` and `request`."""

    method: str
    params: Mapping[str, Any]
    name: Optional[str]
    timeout_s: Optional[float]
    read: Wish
    judge: Optional[Judge]


Item = Union[Request, Tuple[str, Mapping[str, Any]]]
Ended = Union[McpResult, McpError]


def call(
    tool: str,
    arguments: Optional[Mapping[str, Any]] = None,
    *,
    expect: Optional[Expectation] = None,
    timeout: Optional[float] = None,
    name: Optional[str] = None,
    read: Optional[bool] = None,
    keep: Optional[str] = None,
    progress: bool = False,
    meta: Optional[Mapping[str, Any]] = None,
) -> Request:
    """A tool call; the keywords are those of ``self.client.call_tool``."""
    params = tool_params(tool, arguments, meta, progress)
    return Request("tools/call", params, name, timeout, wish_of(read, keep, expect), judge_of(expect))


def request(
    method: str,
    params: Optional[Mapping[str, Any]] = None,
    *,
    expect: Optional[Expectation] = None,
    timeout: Optional[float] = None,
    name: Optional[str] = None,
    read: Optional[bool] = None,
    keep: Optional[str] = None,
) -> Request:
    """Any other operation: ``request("resources/read", {"uri": "docs://one"})``, ``request("ping")``."""
    return Request(method, params or {}, name, timeout, wish_of(read, keep, expect), judge_of(expect))


class Burst:
    """
    Operations that are begun together and waited for in one greenlet. Each is reported exactly once; by the user's
    greenlet while it waits, by the link's reader when it does not any more. All are begun before one is waited for, so
    that they leave in one write.

    :raises ValueError: when an item is no JSON or too large, or there are too many; nothing was begun then
    :raises TypeError: the same
    """

    def __init__(self, session: "UserSession", items: Sequence[Item]) -> None:
        if len(items) > MOST_CALLS:
            raise ValueError(f"{len(items)} calls at once are more than {MOST_CALLS}")
        requests = [item if isinstance(item, Request) else call(*item) for item in items]
        self._session = session
        self._link: "BridgeLink" = session.linked()
        self._turn = session.turn
        self._settled: "SimpleQueue[Operation]" = SimpleQueue()
        self._is_left = False
        self._ended: Dict[Operation, Tuple[McpResult, Optional[McpError]]] = {}
        turn = f',"turn":{encode(self._turn.name)}' if self._turn else ""
        burst = f',"burst":{{"id":{session.next_burst()},"of":{len(requests)}{turn}}}'
        lines = [session.fields_of(*one[:5]) + burst for one in requests]
        if max(map(len, lines)) > MAX_LINE_BYTES - _LINE_ROOM_BYTES:
            raise ValueError(f"the arguments of a call are larger than {MAX_LINE_BYTES} bytes")
        self._operations = session.begin_together(self._link, requests, lines, self._hear)
        self._judges = dict(zip(self._operations, (one.judge for one in requests)))
        if self._turn:
            for operation in self._operations:
                self._turn.begin(operation)

    def wait(self) -> List[Ended]:
        """
        :returns: in the order of the items, what each came to
        :raises GreenletExit: when the user is gone
        """
        try:
            while len(self._ended) < len(self._operations):
                operation = self._settled.get()
                self._session.delivered(self._link, operation)
                self._ended[operation] = self._session.conclude(operation, self._judges[operation])
        except BaseException as error:
            self._leave(is_killed=isinstance(error, GreenletExit))
            raise
        self._tell_turn()
        return [error or result for result, error in map(self._ended.__getitem__, self._operations)]

    @property
    def last(self) -> Operation:
        return self._operations[-1]

    def _hear(self, operation: Operation) -> None:
        if self._is_left:
            self._session.report(operation)
        else:
            self._settled.put(operation)

    def _leave(self, is_killed: bool) -> None:
        self._is_left = True
        while not self._settled.empty():
            self._session.report(self._settled.get())
        for operation in self._operations:
            # Of a user that Locust stops, closing the session gives them a moment to end.
            if not is_killed and not operation.end:
                self._link.cancel(operation)
        self._tell_turn()
        if self._turn:
            self._turn.fail("cancelled")

    def _tell_turn(self) -> None:
        """In the order of the items: the failure that a turn is named by is the one that is raised."""
        if not self._turn:
            return
        for operation in self._operations:
            if operation in self._ended:
                _, error = self._ended[operation]
                self._turn.end(operation, self._link, error.reason if error else None)
