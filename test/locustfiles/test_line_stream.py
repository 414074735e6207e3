import socket

import gevent
import pytest
from gevent import socket as gevent_socket
from gevent.event import Event

import line_stream
from line_stream import LineStream


def heard_of(pieces):
    """The lines that come of these pieces, in one process and over a real socket."""
    ours, theirs = gevent_socket.socketpair()
    lines = []
    over = Event()
    LineStream(ours, lines.append, over.set)
    for piece in pieces:
        theirs.sendall(piece)
        gevent.sleep(0)
    theirs.shutdown(socket.SHUT_WR)
    assert over.wait(10)
    return lines


@pytest.mark.parametrize("cut", range(1, 12))
def test_lines_are_the_same_however_they_are_cut(cut):
    text = b"one\ntwo\n\nthree four\nfive\n"
    pieces = [text[at : at + cut] for at in range(0, len(text), cut)]
    assert heard_of(pieces) == [b"one", b"two", b"", b"three four", b"five"]


def test_a_line_of_many_megabytes_is_one_line():
    body = b"x" * 20_000_000
    assert heard_of([b"head\n" + body + b"\nnext\n"]) == [b"head", body, b"next"]


def test_what_is_longer_than_any_line_of_a_bridge_ends_the_link(monkeypatch):
    monkeypatch.setattr(line_stream, "MAX_LINE_BYTES", 100_000)
    assert heard_of([b"one\n", b"x" * 50_000, b"\ntwo\n", b"x" * 150_000]) == [b"one", b"x" * 50_000, b"two"]
