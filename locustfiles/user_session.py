"""
One user's MCP session: opened before the first operation and again after it was lost, closed when the user leaves.
Every operation passes through here; it waits, reports to Locust and raises, but decides nothing about MCP.
"""

import random
import time
from itertools import count
from typing import Any, Callable, Dict, Mapping, Optional

import gevent
from gevent import GreenletExit
from gevent.lock import RLock
from locust import User
from locust.exception import StopUser

import request_event
import user_numbers
from bridge_keeper import BridgeKeeper
from bridge_link import BRIDGE_LOST, BridgeLink
from link_json import encode
from mcp_errors import ASSERTION_TEXT, McpError, error_of
from mcp_result import McpResult
from operation import End, Operation
from statistics_name import statistics_name
from tally import Tally

LINK_LIMIT_S = 10.0
MAX_BACK_OFF_S = 30.0
BACKSTOP_S = 30.0
# The bridge keeps the limits of loadtest.yaml, which Python does not know; its histograms end at one hour.
LONGEST_LIMIT_S = 3600.0

_numbers = count(1)
# The stateless era has another handshake; which one a server has shows with the first.
_handshake_names: Dict[str, str] = {}


class UserSession:
    """
    :param opened: called after the first good handshake, before the operation that needed it
    """

    def __init__(self, user: User, server: str, keeper: BridgeKeeper, tally: Tally, opened: Callable[[], None]) -> None:
        self.server = server
        self.last: Optional[Operation] = None
        self._user = user
        self._keeper = keeper
        self._tally = tally
        self._opened: Optional[Callable[[], None]] = opened
        # For life: over all sessions that this user has.
        self._user_number = user_numbers.by_server[server].take()
        self._number = 0
        self._link: Optional[BridgeLink] = None
        self._opening = RLock()
        self._late_ms: Optional[float] = None
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
            opened, self._opened = self._opened, None
            if opened and not self._is_leaving:
                opened()
            return self.open()

    def call(
        self,
        method: str,
        params: Mapping[str, Any],
        name: Optional[str],
        timeout_s: Optional[float],
        read: bool,
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
        link = self._link
        if link is None or link is not self._keeper.link:
            link = self.open()
        # Only what may hold anything passes the encoder: half of its time for the whole line as a dictionary.
        fields = f'"op":"call","method":"{method}","params":{encode(params)}'
        if name:
            fields += f',"as":{encode(name)}'
        if timeout_s:
            fields += f',"timeoutMs":{encode(timeout_s * 1000)}'
        if not read:
            fields += ',"body":false'
        expected = statistics_name(self.server, method, params, name)
        operation = self._begin(link, fields, expected, timeout_s or LONGEST_LIMIT_S)
        self._wait(link, operation)
        self.last = operation
        result = McpResult(operation)
        if operation.end["ok"]:
            try:
                complaint = judge(result) if judge else None
            except BaseException:
                request_event.fire(self._user, operation, None)
                raise
            if complaint is None:
                request_event.fire(self._user, operation, None)
                return result
            error = self._mark(operation, complaint)
        else:
            error = error_of(operation.end, result if operation.body else None)
            # A greenlet beside this one may have a new session by now.
            if operation.end["reason"] == "session-lost" and operation.session == self._number:
                self._link = None
        request_event.fire(self._user, operation, error)
        if self._is_over:
            raise GreenletExit
        raise error

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
        request_event.correct(self._user, operation.end["name"], error)
        raise error

    def leave(self) -> None:
        """The user was told to go: from now on it waits for no server that is down."""
        self._is_leaving = True

    def end(self) -> None:
        """The user is gone, and nothing can be begun any more. Does not wait: the reader greenlet settles the close."""
        if not self._is_over:
            user_numbers.by_server[self.server].give_back(self._user_number)
        self._is_over = self._is_leaving = True
        self._close()

    def _close(self) -> None:
        link, self._link = self._link, None
        if link and link.is_open:
            self._begin(link, '"op":"close"', "", BACKSTOP_S, session_is_over=True)

    def _try_to_open(self) -> End:
        began = time.monotonic()
        link = self._keeper.wait_for_link(LINK_LIMIT_S)
        self._number = next(_numbers)
        expected = _handshake_names.get(self.server, f"{self.server}:initialize")
        if not link:
            return self._fail_without_link(expected, began)
        fields = f'"op":"open","server":{encode(self.server)},"user":{self._user_number}'
        operation = self._begin(link, fields, expected, LONGEST_LIMIT_S, began)
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
        request_event.fire(self._user, operation, None if end["ok"] else error_of(end))
        if self._is_over:
            self._close()
        return end

    def _fail_without_link(self, name: str, began: float) -> End:
        operation = Operation(name, began, 0.0, self._report)
        waited_ms = (time.monotonic() - began) * 1000
        end = {"name": name, "ok": False, "reason": "bridge", "text": BRIDGE_LOST, "responseMs": waited_ms, "bytes": 0}
        operation.end = end
        self._tally.count(name, "bridge")
        self._report(operation)
        return end

    def _begin(
        self,
        link: BridgeLink,
        fields: str,
        name: str,
        limit_s: float,
        began: Optional[float] = None,
        session_is_over: bool = False,
    ) -> Operation:
        began = began or time.monotonic()
        operation = Operation(name, began, limit_s + BACKSTOP_S, self._report, self._number)
        fields = f'{fields},"session":{self._number},"at":{link.to_bridge_ms(began):.3f}'
        if self._late_ms is not None:
            fields += f',"late":{self._late_ms:.3f}'
            self._late_ms = None
        if session_is_over:
            operation.abandon()
        link.begin(operation, fields)
        return operation

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
        ended_ms = operation.end.get("endMs")
        if ended_ms is not None:
            self._late_ms = max(0.0, link.to_bridge_ms(time.monotonic()) - ended_ms)

    def _report(self, operation: Operation) -> None:
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
