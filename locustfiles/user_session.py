"""
One user's MCP session: opened before the first operation and again after it was lost, closed when the user leaves.
Every operation passes through here; it waits, reports to Locust and raises, but decides nothing about MCP.
"""

import random
import time
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import gevent
from gevent import GreenletExit
from gevent.lock import RLock
from locust import User
from locust.exception import StopUser

import request_event
import turn_rows
from arrival_queue import PlannedStart
from bridge_keeper import BridgeKeeper
from bridge_link import BRIDGE_LOST, BridgeLink, LinkEnded
from call_wishes import Wish
from expectation import Judge
from link_json import encode
from mcp_errors import ASSERTION_TEXT, McpError, error_of
from mcp_result import McpResult
from operation import End, Operation
from parallel import Burst, Ended, Item, Request
from statistics_name import statistics_name
from tally import Tally
from turn import Turn

LINK_LIMIT_S = 10.0
MAX_BACK_OFF_S = 30.0
BACKSTOP_S = 30.0
# The bridge keeps the limits of loadtest.yaml, which Python does not know; its histograms end at one hour.
LONGEST_LIMIT_S = 3600.0

# The stateless era has another handshake; which one a server has shows with the first.
_handshake_names: Dict[str, str] = {}


class UserSession:
    """
    :param opened: called after the first good handshake, before the operation that needed it
    :ivar turn: the one that the user is in
    :ivar planned: a start that has not begun: the next operation is meant to begin at its moment, not now
    """

    def __init__(self, user: User, server: str, keeper: BridgeKeeper, tally: Tally, opened: Callable[[], None]) -> None:
        self.server = server
        self.last: Optional[Operation] = None
        self.planned: Optional[PlannedStart] = None
        self.turn: Optional[Turn] = None
        self._user = user
        self._keeper = keeper
        self._tally = tally
        self._opened = opened
        self._has_opened = False
        # For life: over all sessions that this user has.
        self._user_number = keeper.user_numbers[server].take()
        self._number = 0
        self._link: Optional[BridgeLink] = None
        self._opening = RLock()
        self._late_ms: Optional[float] = None
        self.opened_at_s: Optional[float] = None
        # Calls, after which the session is replaced; None for never.
        self.reconnect_every: Optional[int] = None
        self._calls = 0
        self._is_leaving = False
        self._is_over = False

    @property
    def is_open(self) -> bool:
        return self._link is not None and self._link is self._keeper.link

    def open(self) -> BridgeLink:
        """
        Returns when there is a session. A failed handshake is one counted failure and is tried again after 1, 2, 4 ...
        30 s, each with jitter, so that the users of a server that comes back do not all come back at once.

        :raises McpError: when the handshake failed and the user is leaving: then one attempt has to do
        :raises StopUser: when Locust wants the user to stop while it waits for the next attempt
        :raises GreenletExit: when the user is gone; a greenlet of its own may have outlived it
        """
        if self.is_open:
            assert self._link
            return self._link
        with self._opening:
            back_off_s = 1.0
            while not self.is_open:
                if self._is_over:
                    raise GreenletExit
                end = self._try_to_open()
                if self._is_leaving and not end.get("ok"):
                    raise GreenletExit if end.get("held") or self._is_over else error_of(end)
                if end.get("held"):
                    self._pause(end["retryMs"] / 1000)
                elif not end["ok"]:
                    self._pause(back_off_s * random.uniform(0.5, 1.0))
                    back_off_s = min(back_off_s * 2, MAX_BACK_OFF_S)
            if not self._has_opened and not self._is_leaving:
                self._look_around()
            return self.open()

    def open_once(self) -> bool:
        """
        Opens a session for a start that is one: the handshake begins at the planned moment, and is tried once.

        :returns: whether there is a session; if not, that is counted
        :raises StopUser: as `open` does
        """
        with self._opening:
            end = self._try_to_open(self.planned)
            while end.get("held"):
                self._pause(end["retryMs"] / 1000)
                end = self._try_to_open()
            if end["ok"] and not self._is_leaving:
                self._look_around()
        return self.is_open

    def _look_around(self) -> None:
        self._has_opened = True
        with self.unplanned():
            self._opened()
        self._calls = 0

    @contextmanager
    def unplanned(self) -> Iterator[None]:
        """
        What the user does in this block is not what was planned for the moment, and no part of its turn. Whatever ends
        the block, the start is the user's again: one that goes gives it back.
        """
        planned, self.planned = self.planned, None
        turn, self.turn = self.turn, None
        try:
            yield
        finally:
            self.planned, self.turn = planned, turn

    def call(
        self,
        method: str,
        params: Mapping[str, Any],
        name: Optional[str],
        timeout_s: Optional[float],
        read: Wish,
        judge: "Optional[Callable[[McpResult], Optional[str]]]",
    ) -> McpResult:
        """
        :param name: the target in the statistics instead of the tool's own
        :param judge: says what is wrong with a successful answer, or None
        :raises McpError: when the operation failed; it is counted already
        :raises ValueError: when the params are no JSON or too large; nothing was begun then
        :raises TypeError: the same
        :raises GreenletExit: when the user is gone, and with it its session
        """
        self.last = None
        link = self.linked()
        fields = self.fields_of(method, params, name, timeout_s, read)
        expected = statistics_name(self.server, method, params, name)
        turn = self.turn
        self._calls += 1
        operation = self._begin(link, fields, expected, timeout_s or LONGEST_LIMIT_S, planned=self.planned)
        if turn:
            turn.begin(operation)
        try:
            self._wait(link, operation)
        except BaseException:
            if turn:
                turn.fail("cancelled")
            raise
        self.last = operation
        result, error = self.conclude(operation, judge)
        if turn:
            turn.end(operation, link, error.reason if error else None)
        if error is None:
            return result
        if self._is_over:
            raise GreenletExit
        raise error

    def parallel(self, items: Sequence[Item]) -> List[Ended]:
        """
        Sends them at once and waits until all have ended.

        :returns: for each item its result, or the error that it ended with
        :raises ValueError: when an item is no JSON or too large, or there are too many; nothing was begun then
        :raises TypeError: the same
        :raises GreenletExit: when the user is gone, and with it its session
        """
        self.last = None
        if not items:
            return []
        burst = Burst(self, items)
        ended = burst.wait()
        self.last = burst.last
        if self._is_over and any(isinstance(one, McpError) for one in ended):
            raise GreenletExit
        return ended

    def linked(self) -> BridgeLink:
        """The link to the bridge that has the session, which is opened when there is none."""
        if self.reconnect_every and self._calls >= self.reconnect_every:
            self.replace()
        link = self._link
        return self.open() if link is None or link is not self._keeper.link else link

    def next_burst(self) -> int:
        """A number for calls that are sent at once, of no others of this process."""
        return next(self._keeper.burst_numbers)

    @property
    def server_settings(self) -> Dict[str, Any]:
        """What the bridge has told of it (docs/link-protocol.md); empty where no bridge lives."""
        link = self._keeper.wait_for_link(LINK_LIMIT_S)
        servers = link.settings["servers"] if link else {}
        return servers.get(self.server, {})

    @property
    def user_number(self) -> int:
        """Among the users of this server in this process; the lowest that was free when the user came."""
        return self._user_number

    def ask(self, fields: Mapping[str, Any], limit_s: float) -> Dict[str, Any]:
        """
        A question to the bridge that is no operation. Opens no session.

        :raises Refusal: when the bridge answers `error`
        :raises LinkEnded: when there is no bridge, or none that answers within the limit
        """
        link = self._keeper.wait_for_link(LINK_LIMIT_S)
        if not link:
            raise LinkEnded(BRIDGE_LOST)
        return link.ask(fields, limit_s)

    def fields_of(
        self, method: str, params: Mapping[str, Any], name: Optional[str], timeout_s: Optional[float], read: Wish
    ) -> str:
        """
        :returns: of a call's line what does not depend on when it is sent
        :raises ValueError: when the params are no JSON
        :raises TypeError: the same
        """
        # Only what may hold anything passes the encoder: half of its time for the whole line as a dictionary.
        fields = f'"op":"call","method":"{method}","params":{encode(params)}'
        if name:
            fields += f',"as":{encode(name)}'
        if timeout_s:
            fields += f',"timeoutMs":{encode(timeout_s * 1000)}'
        if read is not None:
            fields += f',"body":{encode(read)}'
        return fields

    def begin_together(
        self, link: BridgeLink, requests: Sequence[Request], lines: List[str], ended: Callable[[Operation], None]
    ) -> List[Operation]:
        """
        :param lines: the fields of each
        :param ended: called in the reader greenlet with each operation, once
        """
        intended, planned = time.monotonic(), self.planned
        self._calls += len(requests)
        operations = []
        for one, line in zip(requests, lines):
            name = statistics_name(self.server, one.method, one.params, one.name)
            limit_s = one.timeout_s or LONGEST_LIMIT_S
            operations.append(self._begin(link, line, name, limit_s, intended, planned=planned, ended=ended))
        return operations

    def delivered(self, link: BridgeLink, operation: Operation) -> None:
        """An end has reached its user: how late is told to the bridge with the next operation."""
        ended_ms = operation.end.get("endMs")
        if ended_ms is not None:
            self._late_ms = max(0.0, link.to_bridge_ms(time.monotonic()) - ended_ms)

    def conclude(self, operation: Operation, judge: Optional[Judge]) -> Tuple[McpResult, Optional[McpError]]:
        """
        Judges an operation that has ended, and reports it.

        :returns: its result, and the error that it is counted as
        """
        result = McpResult(operation)
        if operation.end["ok"]:
            try:
                complaint = judge(result) if judge else None
            except BaseException:
                request_event.fire(self._user, operation, None)
                raise
            if complaint is None:
                request_event.fire(self._user, operation, None)
                return result, None
            error = self._mark(operation, complaint)
        else:
            error = error_of(operation.end, result if result.has_body else None)
            # A greenlet beside this one may have a new session by now.
            if operation.end["reason"] == "session-lost" and operation.session == self._number:
                self._link = None
        error.timing = result.timing
        request_event.fire(self._user, operation, error)
        return result, error

    def count_turn(self, turn: Turn) -> None:
        """A turn has ended. Counted here, so that it is also when the bridge is lost; its times are the bridge's."""
        name = statistics_name(self.server, "turn", {}, turn.name)
        self._tally.count(name, turn.reason or "ok")
        link = self._keeper.link
        if link:
            moments = {"at": turn.intended, "from": turn.first_sent, "to": turn.last_end}
            in_ms = {key: round(link.to_bridge_ms(moment), 3) for key, moment in moments.items()}
            link.send({"op": "turn", "server": self.server, "turn": turn.name, **in_ms, "reason": turn.reason})
        begun = turn.intended if getattr(self._user, "has_arrivals", False) else turn.first_sent
        turn_rows.log(self._user.environment, name, (turn.last_end - begun) * 1000, is_ok=turn.reason is None)

    def expect(self, complaint: str) -> None:
        """
        Turns the last call, reported as a success, into a failure of the reason `assertion`.

        :raises McpAssertionError: always
        """
        operation = self.last
        if operation is None:
            raise ValueError("expect() judges the last call, and there was none, or it did not end")
        if not operation.end["ok"]:
            # It was counted as a failure already; once is enough.
            raise error_of({**operation.end, **_ASSERTION, "detail": complaint})
        error = self._mark(operation, complaint)
        if self.turn:
            self.turn.fail(error.reason)
        request_event.correct(self._user, operation.end["name"], error)
        raise error

    def leave(self) -> None:
        """The user was told to go: from now on it waits for no server that is down."""
        self._is_leaving = True

    def replace(self) -> None:
        """Closes the session; the next operation opens another one. Does not wait."""
        self._calls = 0
        self._close()

    def end(self) -> None:
        """The user is gone, and nothing can be begun any more. Does not wait: the reader greenlet settles the close."""
        if not self._is_over:
            self._keeper.user_numbers[self.server].give_back(self._user_number)
        self._is_over = self._is_leaving = True
        self.give_back()
        self._close()

    def give_back(self) -> None:
        """The user goes, and a start that it was given has not begun."""
        planned, self.planned = self.planned, None
        if planned:
            planned.give_back()

    def _close(self) -> None:
        link, self._link = self._link, None
        if link and link.is_open:
            self._begin(link, '"op":"close"', "", BACKSTOP_S, session_is_over=True)

    def _try_to_open(self, planned: Optional[PlannedStart] = None) -> End:
        intended = planned.planned if planned else time.monotonic()
        link = self._keeper.wait_for_link(LINK_LIMIT_S)
        self._number = next(self._keeper.session_numbers)
        expected = _handshake_names.get(self.server, f"{self.server}:initialize")
        if not link:
            return self._fail_without_link(expected, intended, planned)
        fields = f'"op":"open","server":{encode(self.server)},"user":{self._user_number}'
        operation = self._begin(link, fields, expected, LONGEST_LIMIT_S, intended, planned=planned)
        try:
            self._wait(link, operation)
        except BaseException:
            # The handshake may still succeed, and the user is gone: no session may stay behind.
            self._link = link
            self._close()
            raise
        end = operation.end
        if end.get("held"):
            return end
        _handshake_names[self.server] = end["name"]
        if end["ok"]:
            self._link = link
            self.opened_at_s = time.monotonic()
        request_event.fire(self._user, operation, None if end["ok"] else error_of(end))
        if self._is_over:
            self._close()
        return end

    def _fail_without_link(self, name: str, intended: float, planned: Optional[PlannedStart]) -> End:
        operation = Operation(name, intended, 0.0, self.report)
        if planned:
            self._begin_planned(planned, operation)
        waited_ms = (time.monotonic() - intended) * 1000
        end = {"name": name, "ok": False, "reason": "bridge", "text": BRIDGE_LOST, "responseMs": waited_ms, "bytes": 0}
        operation.end = end
        self._tally.count(name, "bridge")
        self.report(operation)
        return end

    def _begin(
        self,
        link: BridgeLink,
        fields: str,
        name: str,
        limit_s: float,
        intended: Optional[float] = None,
        session_is_over: bool = False,
        planned: Optional[PlannedStart] = None,
        ended: Optional[Callable[[Operation], None]] = None,
    ) -> Operation:
        """:param ended: called in the reader greenlet when it has ended; else somebody waits for it"""
        intended = planned.planned if planned else intended or time.monotonic()
        operation = Operation(name, intended, limit_s + BACKSTOP_S, ended or self.report, self._number)
        fields = f'{fields},"session":{self._number},"at":{link.to_bridge_ms(intended):.3f}'
        if self._late_ms is not None:
            fields += f',"late":{self._late_ms:.3f}'
            self._late_ms = None
        if planned and planned.waited:
            fields += f',"waited":{planned.waited * 1000:.3f}'
        if session_is_over or ended:
            operation.abandon()
        link.begin(operation, fields)
        if planned:
            self._begin_planned(planned, operation)
        return operation

    def _begin_planned(self, planned: PlannedStart, operation: Operation) -> None:
        self.planned = None
        now = time.monotonic()
        operation.intended_epoch -= now - planned.planned
        planned.begin(now)

    def _wait(self, link: BridgeLink, operation: Operation) -> None:
        try:
            operation.wait()
        except GreenletExit:
            # Locust stops the user. The operation is under way; closing the session gives it a moment to end.
            operation.abandon()
            raise
        except BaseException:
            link.cancel(operation)
            operation.abandon()
            raise
        self.delivered(link, operation)

    def report(self, operation: Operation) -> None:
        """For an operation whose user does not wait for it any more."""
        end = operation.end
        if end.get("name") is not None and not end.get("held"):
            request_event.fire(self._user, operation, None if end["ok"] else error_of(end))

    def _mark(self, operation: Operation, complaint: str) -> McpError:
        end = operation.end
        self._tally.move(end["name"], "ok", "assertion")
        end["ok"] = False
        if self._link:
            fields = {"op": "mark", "id": operation.id, "session": operation.session, "reason": "assertion"}
            self._link.send({**fields, "detail": complaint[:500]})
        end.update(_ASSERTION, detail=complaint)
        return error_of(end)

    def _pause(self, seconds: float) -> None:
        gevent.sleep(seconds)
        # With --stop-timeout Locust asks, and waits; a user that tries again for ever would never hear it.
        if self._is_leaving and not self._is_over:
            # Without it Locust kills. When the pause ended in the same turn of the loop, the kill is on its way and
            # comes before this returns: a StopUser would show as a traceback of Locust's.
            gevent.sleep(0)
            raise StopUser()


_ASSERTION = {"reason": "assertion", "text": ASSERTION_TEXT}
