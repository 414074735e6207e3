"""Python's end of the link to one bridge: from its hello to its end of file (docs/link-protocol.md)."""

import logging
import math
import time
from itertools import count
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional

import gevent
from gevent.event import AsyncResult, Event

from bridge_process import Spawned, built_version
from line_stream import LineStream
from link_json import decode, encode
from operation import End, Operation
from refusal import Refusal
from tally import Tally

VERSION = 1
HELLO_LIMIT_S = 15.0
CLOCK_ROUNDS = 5
MAX_LINE_BYTES = 8 * 1024 * 1024
TICK_S = 1.0
PULSE_TICKS = 5
STALL_TICKS = 30
BRIDGE_LOST = "the bridge was lost"

logger = logging.getLogger("swarmbridge")
# Unique over the links of this process, so that a late answer never meets a stranger's question.
_ids = count(1)


class LinkEnded(Exception):
    """The bridge went away, or did not answer in time, while a question was open."""


class BridgeLink:
    """
    :param tally: every operation that ends, and what auth did, is counted here, before anybody is told
    :param heard_auth: called in the reader greenlet with each `auth` line
    :param lost: called once, in the reader greenlet, when the link is over and everything pending is settled
    """

    def __init__(
        self,
        spawned: Spawned,
        tally: Tally,
        heard_auth: Callable[[Mapping[str, Any]], None],
        lost: "Callable[[BridgeLink], None]",
    ) -> None:
        self.process = spawned.process
        self.is_open = True
        self.settings: Dict[str, Any] = {}
        self.node = ""
        self.is_idle = Event()
        self.is_idle.set()
        self._tally = tally
        self._heard_auth = heard_auth
        self._lost = lost
        self._offset_ms = 0.0
        self._silent_ticks = 0
        self._pending: Dict[int, Operation] = {}
        self._asked: Dict[int, "AsyncResult[Dict[str, Any]]"] = {}
        self._headed: Optional[End] = None
        self._refusal: Optional[Refusal] = None
        self._stream = LineStream(spawned.socket, self._hear, self._over)
        self._watch = gevent.spawn(self._watch_over)

    def greet(self, hello: Mapping[str, Any], bundle: Path) -> None:
        """
        Says hello, checks who answers, and sets the clock.

        :raises Refusal: what the bridge says about the configuration, or that the bundle is not of this project's age
        """
        try:
            said = self._ask_as(0, {"op": "hello", "v": VERSION, **hello}, HELLO_LIMIT_S)
        except LinkEnded as error:
            raise self._refusal or Refusal(
                "The bridge ended before it said hello (its own words are above)."
            ) from error
        if said.get("v") != VERSION:
            raise Refusal(f"{bundle} speaks link version {said.get('v')}, not {VERSION}: type `npm run build`.")
        wanted = built_version(bundle)
        if wanted and said.get("version") != wanted[0]:
            raise Refusal(f"{bundle} is version {said.get('version')}, not {wanted[0]}: type `npm run build`.")
        self.settings = said["settings"]
        self.node = said.get("node", "")
        self._set_clock()

    def to_bridge_ms(self, monotonic_s: float) -> float:
        return monotonic_s * 1000 + self._offset_ms

    def from_bridge_ms(self, bridge_ms: float) -> float:
        return (bridge_ms - self._offset_ms) / 1000

    def begin(self, operation: Operation, fields: str) -> None:
        """
        Sends an operation. After this it is settled in any case, with the reason `bridge` when nothing else comes.

        :param fields: the line's JSON without its braces and its id
        :raises ValueError: when the line is too large; nothing was begun then
        """
        operation.id = next(_ids)
        line = _line(f'{{"id":{operation.id},{fields}}}')
        self._pending[operation.id] = operation
        self.is_idle.clear()
        if self.is_open:
            self._stream.send(line)
        else:
            self._settle(operation, _lost_end(operation), None)

    def cancel(self, operation: Operation) -> None:
        if operation.id in self._pending:
            self.send({"op": "cancel", "id": operation.id})

    def send(self, fields: Mapping[str, Any]) -> None:
        """A line that has no answer."""
        if self.is_open:
            self._stream.send(_line(encode(fields)))

    def ask(self, fields: Mapping[str, Any], limit_s: float) -> Dict[str, Any]:
        """
        :returns: the answer's fields
        :raises Refusal: when the bridge answers `error`
        :raises LinkEnded: when it goes away, or says nothing within the limit
        """
        number = next(_ids)
        return self._ask_as(number, {**fields, "id": number}, limit_s)

    def give_up_pending(self) -> None:
        """Settles what is under way as lost. For a bridge that does not answer any more."""
        for operation in list(self._pending.values()):
            self._settle(operation, _lost_end(operation), None)

    def quit(self, limit_s: float) -> None:
        """Has the bridge end its sessions and leave; kills it when it does not."""
        self.send({"op": "quit"})
        self._watch.join(limit_s)
        if self.is_open:
            logger.warning("The bridge did not leave within %g s and was killed.", limit_s)
        self.kill()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self._stream.close()

    def _ask_as(self, number: int, fields: Mapping[str, Any], limit_s: float) -> Dict[str, Any]:
        answer: "AsyncResult[Dict[str, Any]]" = AsyncResult()
        if not self.is_open:
            raise LinkEnded(BRIDGE_LOST)
        self._asked[number] = answer
        self.send(fields)
        try:
            said = answer.get(timeout=limit_s)
            assert said is not None
            return said
        except gevent.Timeout as error:
            raise LinkEnded(f"the bridge did not answer {fields['op']!r} within {limit_s:g} s") from error
        finally:
            self._asked.pop(number, None)

    def _set_clock(self) -> None:
        shortest = math.inf
        for _ in range(CLOCK_ROUNDS):
            sent = time.monotonic()
            try:
                theirs = self.ask({"op": "clock"}, HELLO_LIMIT_S)["nowMs"]
            except LinkEnded as error:
                raise Refusal("The bridge ended while its clock was read.") from error
            trip = time.monotonic() - sent
            if trip < shortest:
                shortest = trip
                self._offset_ms = theirs - (sent + trip / 2) * 1000

    def _hear(self, line: bytes) -> None:
        if self._headed:
            said, self._headed = self._headed, None
            self._end(said, line)
            return
        try:
            said = decode(line)
        except ValueError:
            logger.error("The bridge wrote a line that is no JSON and was ended.")
            self.kill()
            return
        if "end" not in said:
            self._hear_other(said)
        elif said.get("body"):
            self._headed = said
        else:
            self._end(said, None)

    def _end(self, end: End, body: Optional[bytes]) -> None:
        operation = self._pending.get(end["end"])
        if operation:
            self._settle(operation, end, body)

    def _hear_other(self, said: Dict[str, Any]) -> None:
        self._silent_ticks = 0
        op = said.get("op")
        if op == "note":
            logger.log(logging.WARNING if said["level"] == "warning" else logging.INFO, "%s", said["text"])
            return
        if op == "auth":
            self._tally.count(said["name"], "ok" if said["ok"] else said["reason"])
            self._heard_auth(said)
            return
        # Taken out now: the end of file may come before the greenlet that asked wakes, and must not answer it again.
        answer = self._asked.pop(said.get("id", 0), None)
        if op != "error":
            if answer:
                answer.set(said)
            return
        refusal = Refusal(said["message"], said.get("exitCode", 3), said.get("code", ""))
        if answer:
            answer.set_exception(refusal)
        else:
            self._refusal = refusal
            logger.error("%s", refusal)

    def _settle(self, operation: Operation, end: End, body: Optional[bytes]) -> None:
        # Given up, or ended, while its head waited for its body or a listener of another operation for something else.
        if not self._pending.pop(operation.id, None):
            return
        if not self._pending:
            self.is_idle.set()
        name = end.get("name")
        if name is not None:
            self._tally.count(name, "ok" if end["ok"] else end["reason"])
        try:
            operation.settle(end, body)
        except Exception:
            # A listener of Locust's request event stumbled over an abandoned operation; the reader must go on.
            logger.exception("A listener of the request event failed.")

    def _over(self) -> None:
        self.is_open = False
        self.give_up_pending()
        for answer in list(self._asked.values()):
            answer.set_exception(self._refusal or LinkEnded(BRIDGE_LOST))
        self._watch.kill(block=False)
        self._lost(self)

    def _watch_over(self) -> None:
        """
        Two backstops: an operation that is never answered, and a bridge that stands still. Both count the time in which
        this process ran: after Ctrl-Z, a suspended machine or a long computation, what the bridge said meanwhile is
        still unread.
        """
        ticks = 0
        while True:
            before = time.monotonic()
            gevent.sleep(TICK_S)
            ticks += 1
            now = time.monotonic()
            lateness_s = now - before - TICK_S
            if lateness_s > TICK_S:
                for operation in self._pending.values():
                    operation.deadline += lateness_s
            overdue: List[Operation] = [one for one in self._pending.values() if one.deadline < now]
            for operation in overdue:
                self.cancel(operation)
                self._settle(operation, _lost_end(operation), None)
            if ticks % PULSE_TICKS == 0:
                self.send({"op": "clock", "id": next(_ids)})
            self._silent_ticks += 1
            if self._silent_ticks > STALL_TICKS:
                logger.error("The bridge stood still for %g s and was killed.", STALL_TICKS * TICK_S)
                self.kill()


def _line(text: str) -> bytes:
    if len(text) >= MAX_LINE_BYTES:
        raise ValueError(f"the arguments of a call are larger than {MAX_LINE_BYTES} bytes")
    return f"{text}\n".encode("ascii")


def _lost_end(operation: Operation) -> End:
    waited_ms = (time.monotonic() - operation.intended) * 1000
    return {
        "name": operation.name or None,
        "ok": False,
        "reason": "bridge",
        "text": BRIDGE_LOST,
        "responseMs": waited_ms,
        "bytes": 0,
    }
