import io
import logging
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

import gevent
import pytest

from live_block import LiveBlock
from live_console import Lines, can_redraw
from live_text import Size, block, columns_of, cut, log_line, printable
from locust_process import BUSY_USER, START, LocustProcess
from lookout import Answers, Lookout

ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def row(name, operations=10, failures=0):
    times = dict.fromkeys(("firstEventP50", "firstEventP95", "p50", "p95", "p99"), "~12.5")
    return {"name": name, "operations": operations, "failures": failures, **times}


def view(**figures):
    shown = {
        "users": 3,
        "perSecond": 31.5,
        "failures": 1,
        "p50": "13.0",
        "p95": "41.2",
        "sessions": [{"server": "learn", "open": 2, "peak": 2}, {"server": "github", "open": 1, "peak": 1}],
        "reasons": [{"reason": "timeout", "count": 1, "whose": "wire"}],
        "names": [row("learn:ping", 3), row("learn:tools/call:search", 90, 1)],
        "generator": {"level": "strained", "reasons": ["Locust used 80% of its core"]},
        **figures,
    }
    head = {"state": "running", "run": "r", "elapsedS": 30.2, "runTimeS": 120, "silence": None}
    return {**head, "figures": shown}


def test_a_line_for_a_log_says_how_the_run_goes():
    said = log_line(view())
    assert said == ("30 s of 2 min 0 s  3 sessions  31.5/s  1 failure  generator strained  p50 13.0 p95 41.2 ms")
    assert log_line({**view(), "figures": None, "runTimeS": None}) == "30 s  starting"
    silent = log_line({**view(perSecond=None), "silence": "a bridge has not answered for 7 s"})
    assert "  -/s  " in silent and silent.endswith("  a bridge has not answered for 7 s")


def test_a_block_has_a_bar_the_busiest_names_the_reasons_and_the_verdict():
    lines = block(view(), Size(140, 40), is_coloured=False)
    assert lines[0].startswith("[####............]  30 s of 2 min 0 s  3 sessions")
    assert [line.split()[0] for line in lines[1:4]] == ["name", "learn:tools/call:search", "learn:ping"]
    assert lines[4:] == ["failures: 1 timeout (the network)", "generator strained: Locust used 80% of its core"]


@pytest.mark.parametrize("columns, height", [(80, 24), (100, 10), (140, 50), (40, 5), (300, 3), (10, 1)])
def test_a_block_is_never_wider_or_higher_than_the_terminal_has_room_for(columns, height):
    names = [row(f"learn:tools/call:{'長い名前' * 9}{at}") for at in range(60)]
    lines = block(view(names=names), Size(columns, height), is_coloured=False)
    assert 1 <= len(lines) <= max(1, height - 1)
    assert max(columns_of(line) for line in lines) <= max(40, min(columns - 1, 140))


def test_80_columns_have_the_percentiles_and_the_whole_verdict_without_the_bar():
    long = "Locust used 80% of its core in 7 of 75 seconds (mean 64%), the bridge 95% of its own (mean 71%)"
    lines = block(view(generator={"level": "strained", "reasons": [long]}), Size(80, 24), is_coloured=False)
    assert lines[:2] == [
        "30 s of 2 min 0 s  3 sessions  31.5/s  1 failure  generator strained",
        "p50 13.0 p95 41.2 ms",
    ]
    assert " ".join(lines[-2:]) == f"generator strained: {long}"


def test_a_bridge_that_does_not_answer_is_named_above_the_table():
    lines = block({**view(perSecond=None), "silence": "a bridge has not answered"}, Size(140, 24), is_coloured=False)
    assert "  -/s  " in lines[0] and lines[1] == "a bridge has not answered"


def test_a_hostile_name_reaches_no_terminal_as_it_is():
    lines = block(view(names=[row("a\x1b[2J\r\n\u202eb\x07")]), Size(120, 30), is_coloured=False)
    assert "\x1b" not in "".join(lines) and "\u202e" not in "".join(lines)
    assert printable("a\nb") == "a?b"
    assert cut("abcdef", 4) == "abc…"


def test_without_colour_there_is_no_escape_and_with_it_each_line_ends_as_it_began():
    assert not ESCAPES.search("".join(block(view(), Size(120, 30), is_coloured=False)))
    coloured = [line for line in block(view(), Size(120, 30), is_coloured=True) if "\x1b" in line]
    assert len(coloured) == 2 and all(line.endswith("\x1b[0m") for line in coloured)


def test_a_block_is_drawn_over_itself_and_gives_way_to_a_log_and_a_print(monkeypatch):
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    logger = logging.getLogger("a test")
    handler = logging.StreamHandler(out)
    logger.addHandler(handler)
    live = LiveBlock(out)
    live.start()
    try:
        live.draw(["one", "two"])
        live.draw(["three", "four"])
        assert out.getvalue().endswith("\r\x1b[1Athree\x1b[K\nfour\x1b[K\x1b[J")
        logger.warning("a log")
        assert out.getvalue().endswith("\r\x1b[1A\x1b[Ja log\n")
        live.draw(["five"])
        print("a print")
        assert out.getvalue().endswith("five\x1b[K\x1b[J\r\x1b[Ja print\n")
    finally:
        live.stop()
        logger.removeHandler(handler)
    assert sys.stdout is out


class Terminal(io.TextIOWrapper):
    def __init__(self):
        self.written = io.BytesIO()
        super().__init__(self.written, encoding="utf-8", newline="\n", write_through=True)

    def isatty(self):
        return True

    def said(self):
        self.flush()
        return self.written.getvalue().decode()


def test_what_goes_to_stderr_stands_above_the_block_where_that_is_the_terminal_too(monkeypatch):
    terminal, file = Terminal(), io.StringIO()
    for errors, is_drawn_over in ((terminal, True), (file, False)):
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setattr(sys, "stderr", errors)
        live = LiveBlock(terminal)
        live.start()
        assert (sys.stderr is not errors) is is_drawn_over
        live.draw(["block"])
        sys.stderr.writelines(["one\n", "two\n"])
        live.stop()
        assert (sys.stdout, sys.stderr) == (terminal, errors)
    assert file.getvalue() == "one\ntwo\n"
    assert terminal.said().startswith("\rblock\x1b[K\x1b[J\r\x1b[Jone\ntwo\n")


def test_a_line_that_is_not_finished_is_not_drawn_over(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    live = LiveBlock(terminal)
    live.start()
    print("text", end="")
    live.draw(["block"])
    sys.stdout.buffer.write(b"bytes")
    live.draw(["block"])
    print("a whole line")
    live.draw(["block"])
    live.stop()
    drawn, gone = "\rblock\x1b[K\x1b[J", "\r\x1b[J"
    assert terminal.said() == f"text\n{drawn}{gone}bytes\n{drawn}{gone}a whole line\n{drawn}{gone}"


@pytest.mark.parametrize(
    "is_terminal, environ, can",
    [(True, {}, True), (False, {}, False), (True, {"CI": "1"}, False), (True, {"TERM": "dumb"}, False)],
)
def test_only_a_terminal_that_somebody_watches_is_drawn_on(is_terminal, environ, can):
    out = io.StringIO()
    out.isatty = lambda: is_terminal
    assert can_redraw(out, environ) is can


def test_a_log_gets_lines_until_the_run_stops(monkeypatch):
    monkeypatch.setattr(Lines, "every_s", 0.01)
    lookout = Lookout(lambda: Answers([], None))
    lookout.begin("run", 60)
    monkeypatch.setattr(lookout, "view", view)
    out = io.StringIO()
    lines = Lines(lookout, out)
    lines.start()
    with gevent.Timeout(5):
        while out.getvalue().count("\n") < 3:
            gevent.sleep(0.01)
    lines.stop()
    assert set(out.getvalue().splitlines()) == {log_line(view())}


LIVE = {
    "users": 1,
    "inFlight": 0,
    "hidden": 0,
    "names": {"learn:ping": {"counts": {"ok": 9, "timeout": 1}, "service": [160, 9], "firstEvent": []}},
    "reasons": {"timeout": {"count": 1, "whose": "wire"}},
    "sessions": {"learn": {"open": 1, "peak": 1}},
    "harnessDelay": {"before": [], "after": []},
    "generator": {"level": "ok", "reasons": []},
}


def test_on_a_terminal_the_lines_renew_themselves_and_ctrl_c_leaves_it_to_the_summary(fake, tmp_path):
    fake.configure(live=LIVE)
    locustfile = tmp_path / "watched.py"
    locustfile.write_text(BUSY_USER)
    ours, theirs = pty.openpty()
    environ = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR")}
    locust = subprocess.Popen(
        [sys.executable, "-c", START, "-f", str(locustfile), "--headless", "-u", "1", "--swarm-console", "live"],
        cwd=tmp_path,
        env={**environ, **fake.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "30"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = b""
    deadline = time.monotonic() + 30
    has_interrupted = False
    try:
        while time.monotonic() < deadline:
            if select.select([ours], [], [], 0.2)[0]:
                try:
                    said += os.read(ours, 65536)
                except OSError:
                    break
            if not has_interrupted and said.count(b"1 session") >= 2:
                locust.send_signal(signal.SIGINT)
                has_interrupted = True
        locust.wait(5)
    finally:
        locust.kill()
        os.close(ours)
    text = said.decode()
    assert has_interrupted, text
    assert "failures: 1 timeout (the network)" in text
    # Locust's tables are silent, and nothing is drawn behind the summary.
    assert "Aggregated" not in text
    assert not ESCAPES.search(text[text.index("SUMMARY OF") :])


def test_without_a_terminal_there_is_no_table_and_no_escape(fake, tmp_path):
    fake.configure(live=LIVE)
    run = ("--headless", "-u", "1", "-t", "1s", "--loglevel", "WARNING")
    locust = LocustProcess(tmp_path, *run, environ={**fake.environ, "SWARMBRIDGE_CONSOLE": "live"})
    locust.wait()
    assert "SUMMARY OF" in locust.output
    for text in (locust.output, locust.said()):
        assert "Aggregated" not in text and "\x1b" not in text
