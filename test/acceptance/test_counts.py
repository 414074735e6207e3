"""What the server received, what the run record says and what Locust counted are the same, however a run ends."""

import json
import signal
import urllib.error
import urllib.request
from collections import Counter

import pytest

from locust_process import free_port, until
from run_records import as_locust_counts, as_received, csv_counts, outcomes, parts

HEADLESS = ("--headless", "--only-summary", "-u", "8", "-r", "8")
SLOW = "counting:tools/call:slow"


def is_busy(server, calls=60):
    """Enough has happened, and the calls that nothing but the end can end have begun."""
    return lambda: server.counts()["tools/call:quick"] > calls and server.counts()["tools/call:slow"] > 4


def assert_all_agree(record, server, locust):
    """
    :param locust: requests and failures by name, as Locust counted them
    """
    assert record["state"] == "complete"
    assert record["reconciled"] == {}
    assert record["gaps"] == []
    assert as_received(record) == server.counts()
    assert as_locust_counts(record) == locust
    counted = outcomes(record)
    assert counted["counting:tools/call:quick", "assertion"] > 0
    assert counted["counting:tools/call:faulty", "tool-error"] > 0
    # The bridge waits for what is about to end and takes back what is not.
    assert counted[SLOW, "cancelled"] == server.counts("unanswered")["tools/call:slow"] == 2
    assert counted["counting:session/delete", "ok"] == counted["counting:initialize", "ok"] == 8


ENDS = {
    "run time reached": lambda process: None,
    "Ctrl-C": lambda process: process.signal_group(signal.SIGINT),
    "SIGTERM": lambda process: process.signal(signal.SIGTERM),
}


@pytest.mark.parametrize(
    ("reason", "server"),
    [("run time reached", "sse"), ("Ctrl-C", "json"), ("SIGTERM", "sse")],
    indirect=["server"],
)
def test_all_three_agree_when_the_run_ends_by(reason, server, swarm):
    limit = ("-t", "3s") if reason == "run time reached" else ()
    process = swarm.locust(*HEADLESS, *limit, "--json")
    until(is_busy(server))
    ENDS[reason](process)
    assert process.wait() == 1  # Locust's own code for a run with failures
    swarm.none_is_left()
    record = swarm.record()
    assert record["endReason"] == reason
    assert_all_agree(record, server, process.counts())


# This listener comes before Locust's own, which counts.
CTRL_C_WHILE_COUNTING = """
import itertools, os, signal
from locust import events

calls = itertools.count(1)

@events.request.add_listener
def interrupt(name, **_):
    if name.endswith("quick") and next(calls) == 80:
        os.kill(os.getpid(), signal.SIGINT)
"""


def test_ctrl_c_in_the_middle_of_counting_loses_no_count(server, swarm, counting_locustfile):
    process = swarm.locust(*HEADLESS, "--json", text=CTRL_C_WHILE_COUNTING + counting_locustfile)
    process.wait()
    record = swarm.record()
    assert record["endReason"] == "Ctrl-C"
    assert_all_agree(record, server, process.counts())


def test_locusts_csv_file_has_the_counts_of_the_record(server, swarm):
    """Apart from --json, which empties Locust's statistics before the file's last second is written."""
    process = swarm.locust(*HEADLESS, "-t", "2s", "--csv", str(swarm.folder / "stats"))
    process.wait()
    written, counted = csv_counts(swarm.folder / "stats"), as_locust_counts(swarm.record())
    # Written once a second until Locust ends: what came in the very end may be missing. These ended before the drain.
    for name in ("initialize", "tools/list", "tools/call:quick", "tools/call:faulty"):
        assert written[f"counting:{name}"] == counted[f"counting:{name}"]


def test_stop_and_start_in_the_web_ui_are_two_records(server, swarm):
    web = WebUi(free_port())
    process = swarm.locust("--web-host", "127.0.0.1", "--web-port", str(web.port))
    until(web.is_up)
    received, locust = [Counter()], []
    for number in (1, 2):
        before = server.counts()["tools/call:quick"]
        web.start(users=8)
        until(is_busy(server, before + 60))
        web.stop()
        until(lambda number=number: process.said().count("The record of the run lies in") == number)
        received.append(server.counts())
        locust.append(web.counts())
    process.signal_group(signal.SIGINT)
    process.wait()
    swarm.none_is_left()

    both = swarm.records()
    assert len({record["id"] for record in both}) == 2
    for number, record in enumerate(both):
        assert record["state"] == "complete"
        assert record["endReason"] == "stopped in the web UI"
        assert (record["reconciled"], record["gaps"]) == ({}, [])
        assert as_received(record) == received[number + 1] - received[number]
        assert as_locust_counts(record) == locust[number]
        assert outcomes(record)[SLOW, "cancelled"] == 2


class WebUi:
    """Locust's web API as its own page uses it."""

    def __init__(self, port):
        self.port = port

    def is_up(self):
        return self._ask("/")[0] == 200

    def start(self, users):
        _, answer = self._ask("/swarm", f"user_count={users}&spawn_rate={users}".encode())
        assert json.loads(answer)["success"]

    def stop(self):
        status, _ = self._ask("/stop")
        if status == 405:  # Locust 2.33 stops with GET, later ones with POST
            self._ask("/stop", b"")

    def counts(self):
        _, answer = self._ask("/stats/requests")
        rows = json.loads(answer)["stats"]
        return {row["name"]: [row["num_requests"], row["num_failures"]] for row in rows if row["name"] != "Aggregated"}

    def _ask(self, path, data=None):
        """:returns: status (0 when nobody listens) and body"""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", data=data, timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, b""
        except OSError:
            return 0, b""


PARTS = ["worker-0", "worker-1"]


def assert_parts_agree(swarm, server):
    """The merged record is the sum of its parts and equals what the server received."""
    each = sorted(parts(swarm.results), key=lambda part: part["part"])
    assert [(part["part"], part["state"]) for part in each] == [(part, "complete") for part in PARTS]
    record = swarm.record()
    assert outcomes(record) == sum(map(outcomes, each), Counter())
    assert record["state"] == "complete"
    assert (record["reconciled"], record["gaps"]) == ({}, [])
    assert as_received(record) == server.counts()
    assert outcomes(record)[SLOW, "cancelled"] == server.counts("unanswered")["tools/call:slow"] == 2
    return record


@pytest.mark.parametrize("reason", ENDS)
def test_two_processes_of_one_run_make_one_record(reason, server, swarm):
    limit = ("-t", "4s") if reason == "run time reached" else ()
    process = swarm.locust(*HEADLESS, *limit, *swarm.two_processes())
    until(is_busy(server))
    ENDS[reason](process)
    process.wait()
    swarm.none_is_left()
    record = assert_parts_agree(swarm, server)
    assert record["endReason"] == reason
    # The summary compares what Locust counted. Ctrl-C reaches the workers too, which go
    # without a last report: Locust's loss, and the summary says so.
    assert reason == "Ctrl-C" or "Locust's own statistics differ from this record" not in process.output


def test_a_master_with_two_workers_makes_one_record(server, swarm):
    port = str(free_port())
    options = ("--master", "--master-bind-port", port, "--expect-workers", "2", "-t", "4s")
    master = swarm.locust(*HEADLESS, "--json", *options)
    workers = [swarm.locust("--worker", "--master-port", port) for _ in range(2)]
    until(is_busy(server))
    for process in (master, *workers):
        process.wait()
    swarm.none_is_left()
    record = assert_parts_agree(swarm, server)
    assert record["endReason"] == "run time reached"
    assert as_locust_counts(record) == master.counts()
