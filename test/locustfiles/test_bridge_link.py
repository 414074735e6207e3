import json
import socket
import time

import gevent
import pytest

import bridge_link
from bridge_link import BridgeLink, LinkEnded
from bridge_process import Spawned
from operation import Operation
from refusal import Refusal
from tally import Tally


class NoProcess:
    """Stands for the bridge's process; the test itself is the bridge."""

    def __init__(self):
        self.was_killed = False

    def poll(self):
        return 0 if self.was_killed else None

    def kill(self):
        self.was_killed = True


class Far:
    """The far end of the link."""

    def __init__(self):
        ours, self.socket = socket.socketpair()
        self.tally = Tally()
        self.losses = []
        self.auth = []
        self.process = NoProcess()
        self.link = BridgeLink(Spawned(self.process, ours), self.tally, self.auth.append, self.losses.append)  # type: ignore[arg-type]
        self.heard = b""

    def hear(self):
        while b"\n" not in self.heard:
            self.heard += self.socket.recv(65536)
        line, self.heard = self.heard.split(b"\n", 1)
        return json.loads(line)

    def say(self, text):
        self.socket.sendall(text)


@pytest.fixture
def far():
    end = Far()
    yield end
    end.socket.close()


def begin(far, report=lambda operation: None, limit_s=60.0):
    operation = Operation("learn:ping", time.monotonic(), limit_s, report)
    far.link.begin(operation, '"op":"call"')
    return operation


def end_line(operation, **fields):
    end = {"end": operation.id, "name": "learn:ping", "ok": True, "responseMs": 1, "bytes": 0, "endMs": 1, **fields}
    return json.dumps(end).encode() + b"\n"


def test_answers_find_their_questions_in_any_order_and_in_any_pieces(far):
    first, second = begin(far), begin(far)
    lines = end_line(second) + end_line(first, body=True) + b'{"text": "one"}\n'
    for index in range(0, len(lines), 7):
        far.say(lines[index : index + 7])
        gevent.sleep(0)
    first.wait()
    second.wait()
    assert (first.body, second.body) == (b'{"text": "one"}', None)
    assert far.tally.counts == {"learn:ping": {"ok": 2}}
    assert far.link.is_idle.is_set()


def test_end_of_file_settles_everything_with_the_reason_bridge_once(far):
    reported = []
    waiting, abandoned = begin(far), begin(far, reported.append)
    abandoned.abandon()
    far.socket.close()
    waiting.wait()
    assert waiting.end["reason"] == "bridge" and reported == [abandoned]
    assert far.tally.counts == {"learn:ping": {"bridge": 2}}
    assert far.losses == [far.link]
    late = begin(far)
    late.wait()
    assert late.end["reason"] == "bridge"


def test_an_operation_that_is_abandoned_after_its_end_came_is_reported_at_once(far):
    reported = []
    operation = begin(far, reported.append)
    operation.settle({"name": "learn:ping", "ok": True}, None)
    assert reported == []
    operation.abandon()
    assert reported == [operation]


def test_an_operation_that_is_given_up_between_its_end_and_its_body_counts_once(far):
    given_up, other = begin(far), begin(far)
    far.say(end_line(other) + end_line(given_up, body=True))
    other.wait()
    far.link.give_up_pending()
    after = begin(far)
    far.say(b"{}\n" + end_line(after))
    after.wait()
    assert given_up.end["reason"] == "bridge" and given_up.body is None
    assert far.tally.counts == {"learn:ping": {"ok": 2, "bridge": 1}}


def test_an_end_that_comes_while_a_listener_of_another_one_waits_counts_once(far):
    first, second = begin(far, lambda operation: gevent.sleep(0.05)), begin(far)
    first.abandon()
    giving_up = gevent.spawn(far.link.give_up_pending)
    gevent.sleep(0)
    far.say(end_line(second))
    giving_up.join()
    second.wait()
    assert second.end["ok"]
    assert far.tally.counts == {"learn:ping": {"bridge": 1, "ok": 1}}


@pytest.mark.parametrize("leave", [gevent.GreenletExit, gevent.Timeout])
def test_a_greenlet_that_leaves_the_wait_when_its_end_has_come_already_stays_where_it_went(far, leave):
    operation, elsewhere = begin(far), []

    def wait():
        try:
            operation.wait()
        except leave:
            gevent.sleep(0.05)
            elsewhere.append(operation.end["ok"])

    waiting = gevent.spawn(wait)
    gevent.sleep(0)
    # Both now: the hub runs the interruption first, then finds a waiter whom nobody waits for.
    waiting.kill(leave, block=False)
    operation.settle({"name": "learn:ping", "ok": True}, None)
    waiting.join()
    assert elsewhere == [True]


def test_an_operation_that_ended_before_anybody_waited_is_not_waited_for(far):
    operation = begin(far)
    operation.settle({"name": "learn:ping", "ok": True}, None)
    with gevent.Timeout(5):
        operation.wait()
        operation.wait()


def test_an_operation_that_is_never_answered_ends_at_its_deadline(far):
    operation = begin(far, limit_s=0.0)
    operation.wait()
    assert operation.end["reason"] == "bridge"
    far.hear()
    assert far.hear() == {"op": "cancel", "id": operation.id}


class Clock:
    """Stands still but for the jumps that a test makes it do."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


def test_a_bridge_that_stands_still_is_killed(monkeypatch):
    monkeypatch.setattr(bridge_link, "TICK_S", 0.001)
    far = Far()
    operation = begin(far)
    with gevent.Timeout(5):
        operation.wait()
    assert operation.end["reason"] == "bridge" and far.process.was_killed


def test_the_time_in_which_this_process_stood_still_is_nobodys_limit(monkeypatch):
    monkeypatch.setattr(bridge_link, "TICK_S", 0.01)
    far, clock = Far(), Clock()
    operation = Operation("learn:ping", clock.now, 60.0, lambda operation: None)
    far.link.begin(operation, '"op":"call"')
    monkeypatch.setattr(bridge_link, "time", clock)
    gevent.sleep(0.03)
    clock.now += 3600
    gevent.sleep(0.05)
    assert not operation.end and not far.process.was_killed
    far.say(end_line(operation))
    operation.wait()
    assert operation.end["ok"]
    far.socket.close()


def test_a_stumbling_listener_of_an_abandoned_operation_does_not_stop_the_reader(far, caplog):
    def stumble(operation):
        raise KeyError("listener")

    abandoned, waiting = begin(far, stumble), begin(far)
    abandoned.abandon()
    far.say(end_line(abandoned) + end_line(waiting))
    waiting.wait()
    assert waiting.end["ok"] and "KeyError" in caplog.text


def test_a_line_that_is_no_json_ends_the_link(far):
    operation = begin(far)
    far.say(b"Segmentation fault\n")
    operation.wait()
    assert operation.end["reason"] == "bridge"
    assert far.process.was_killed


def test_a_question_is_answered_refused_or_ends_with_the_link(far):
    asked = [gevent.spawn(far.link.ask, {"op": "stop"}, 30) for _ in range(3)]
    numbers = [far.hear()["id"] for _ in asked]
    far.say(json.dumps({"op": "stop", "id": numbers[0], "dir": "d"}).encode() + b"\n")
    refusal = {"op": "error", "id": numbers[1], "code": "C", "message": "No space.", "exitCode": 4}
    far.say(json.dumps(refusal).encode() + b"\n")
    assert asked[0].get()["dir"] == "d"
    with pytest.raises(Refusal, match="No space") as caught:
        asked[1].get()
    assert caught.value.exit_code == 4
    far.socket.close()
    with pytest.raises(LinkEnded):
        asked[2].get()


def test_a_note_of_the_bridge_becomes_a_line_of_the_log(far, caplog):
    far.say(b'{"op":"note","level":"warning","text":"The loop is late."}\n')
    operation = begin(far)
    far.say(end_line(operation))
    operation.wait()
    assert "The loop is late." in caplog.text
