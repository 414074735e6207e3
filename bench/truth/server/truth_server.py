"""
A server that keeps its own record of each call's true time, as its client can see it: from the kernel having received
the request's last byte to the last byte of the answer being written. It never says how long a call should have taken,
only how long it did: a late timer, a busy process and a freeze are part of the truth, since the client waited for them.

Told by lines of JSON on its standard input: ``{"kind": ..., "seed": ..., "freezeAfterMs": ..., "freezeMs": ...}``
begins a new record, ``{"report": true}`` is answered with it. Ends with its standard input.
"""

import gc
import heapq
import json
import random
import selectors
import socket
import sys
import time
from itertools import count
from typing import Any, Dict, List, Optional, Tuple

from kernel_stamp import HAS_KERNEL_STAMPS, ask_for_stamps, receive
from truth_answers import TIMED, Request, answer_at_once, call_answer, cut_requests
from truth_kinds import KINDS

_BACKLOG = 4096
_MS = 1_000_000


class Connection:
    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self.received = bytearray()
        self.is_open = True

    def send(self, data: bytes) -> None:
        """A generator that was ended resets its connections; there is nothing to do about it."""
        try:
            if self.is_open and self.socket.send(data) < len(data):
                raise RuntimeError("a client does not read its answers")
        except (BrokenPipeError, ConnectionResetError):
            self.is_open = False


class Call:
    """:ivar received_ns: when the kernel had the request's last byte"""

    def __init__(self, number: Optional[int], received_ns: int) -> None:
        self.number = number
        self.received_ns = received_ns
        self.read_ns = time.time_ns()


class TruthServer:
    def __init__(self) -> None:
        self._listener = socket.socket()
        ask_for_stamps(self._listener)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(_BACKLOG)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(sys.stdin, selectors.EVENT_READ, self._hear)
        self._told = b""
        self._order = count()
        self._sessions = count(1)
        self._due: "List[Tuple[int, int, Any, Tuple[Any, ...]]]" = []
        self._begin({"kind": "json", "seed": 1})

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    def run(self) -> None:
        while True:
            pause_s = max(0, self._due[0][0] - time.monotonic_ns()) / 1e9 if self._due else None
            for key, _ in self._selector.select(pause_s):
                key.data(key.fileobj)
            while self._due and self._due[0][0] <= time.monotonic_ns():
                _, _, do, arguments = heapq.heappop(self._due)
                do(*arguments)

    def _begin(self, told: Dict[str, Any]) -> None:
        self._kind = KINDS[told["kind"]]
        self._dice = random.Random(told["seed"])
        self._freeze_after_ms = told.get("freezeAfterMs", 0)
        self._freeze_ms = told.get("freezeMs", 0)
        self._calls: List[Tuple[int, int, int, int, int]] = []
        self._frozen: Optional[Tuple[int, int]] = None
        self._has_begun = False
        self._clocks_ns = _clock_difference_ns()

    def _report(self) -> Dict[str, Any]:
        return {
            "calls": self._calls,
            "frozen": self._frozen,
            "clockSetMs": abs(_clock_difference_ns() - self._clocks_ns) / _MS,
        }

    def _hear(self, _: Any) -> None:
        chunk = sys.stdin.buffer.raw.read(65_536)  # type: ignore[attr-defined]
        if not chunk:
            sys.exit()
        *lines, self._told = (self._told + chunk).split(b"\n")
        for line in lines:
            told = json.loads(line)
            if "report" in told:
                print(json.dumps(self._report()), flush=True)
            else:
                self._begin(told)
                print("{}", flush=True)

    def _accept(self, _: Any) -> None:
        connection = Connection(self._listener.accept()[0])
        self._selector.register(connection.socket, selectors.EVENT_READ, lambda _: self._read(connection))

    def _read(self, connection: Connection) -> None:
        try:
            data, received_ns = receive(connection.socket)
        except ConnectionResetError:
            data, received_ns = b"", 0
        if not data:
            self._selector.unregister(connection.socket)
            connection.is_open = False
            connection.socket.close()
            return
        connection.received += data
        for request in cut_requests(connection.received):
            if request.tool is None:
                connection.send(answer_at_once(request, next(self._sessions)))
            else:
                self._take(connection, request, received_ns)

    def _take(self, connection: Connection, request: Request, received_ns: int) -> None:
        is_timed = request.tool == TIMED
        if is_timed and not self._has_begun:
            self._has_begun = True
            if self._kind.freezes:
                self._at(self._freeze_after_ms, self._freeze)
        call = Call(request.number if is_timed else None, received_ns)
        head, body = call_answer(request, self._kind.is_stream)
        work_ms = self._kind.work_ms(self._dice)
        pieces = self._kind.pieces
        if pieces == 1:
            self._at(work_ms, self._finish, connection, head + body, call)
            return
        size = len(body) // pieces
        self._at(0, connection.send, head + body[:size])
        for piece in range(1, pieces - 1):
            self._at(work_ms * piece / (pieces - 1), connection.send, body[size * piece : size * (piece + 1)])
        self._at(work_ms, self._finish, connection, body[size * (pieces - 1) :], call)

    def _finish(self, connection: Connection, data: bytes, call: Call) -> None:
        before_ns = time.time_ns()
        connection.send(data)
        after_ns = time.time_ns()
        if call.number is not None:
            self._calls.append((call.number, call.received_ns, call.read_ns, before_ns, after_ns))

    def _freeze(self) -> None:
        from_ns = time.time_ns()
        time.sleep(self._freeze_ms / 1000)
        self._frozen = (from_ns, time.time_ns())

    def _at(self, after_ms: float, do: Any, *arguments: Any) -> None:
        heapq.heappush(self._due, (time.monotonic_ns() + int(after_ms * _MS), next(self._order), do, arguments))


def _clock_difference_ns() -> int:
    """Kernel stamps are of the wall clock: when it is set during a record, that is to be known."""
    return time.time_ns() - time.monotonic_ns()


if __name__ == "__main__":
    # A collection would be a freeze of its own, true, but of no use.
    gc.disable()
    server = TruthServer()
    print(json.dumps({"port": server.port, "stamps": "kernel" if HAS_KERNEL_STAMPS else "read"}), flush=True)
    server.run()
