"""
The arrival rate against a server that stands still for one second, with the figures computed by hand.

The server freezes with its call number K. Starts are planned every 1000/rate ms, so the K-th call and those planned in
the second after it are answered when the second is over: the first of them after 1000 ms, the next after
1000 - 1000/rate, and so on. Seen from the largest, the k-th response time of the run is 1000 - (k - 1) * 1000/rate. It
cannot be less: the freeze begins when its call has arrived, which is after that was planned, and the next ones are
planned one gap after another from then on at the latest. It may be more by what the machine adds.
"""

import math
import signal

import pytest

from freezing_server import FreezingServer
from locust_process import until
from run_records import csv_counts, parts

FREEZE_MS = 1000.0
# What a machine that is busy with other tests adds to an answer, and what the queue needs to drain.
SLACK_MS = 250.0
# Percentiles are read from buckets of 3 significant digits.
BUCKET = 1.001

LOCUSTFILE = """
from locust import task
from arrival_schedule import ramp
from mcp_user import McpUser


class Slowly(McpUser):
    server = "slowly"
    discover = False
    fixed_count = {users}
    arrivals_limit = 10
    arrivals = ramp([(0.5, 0), (0, 10), ({seconds}, 10), (0, 0)])

    @task
    def call(self):
        self.client.call_tool("look", read=False)


class Quickly(Slowly):
    server = "quickly"
    arrivals = ramp([(0.5, 0), (0, {rate}), ({seconds}, {rate}), (0, 0)])
"""
ONE_CLASS = LOCUSTFILE + "\n\ndel Slowly\n"


def by_hand_ms(rank_from_top, rate):
    return FREEZE_MS - (rank_from_top - 1) * 1000 / rate


def kept(record, server):
    """The arrivals and the tool calls of a server."""
    (arrivals,) = [one for name, one in record["arrivals"].items() if name.startswith(f"{server}:arrival:")]
    return arrivals, record["operations"][f"{server}:tools/call:look"]


def outcomes_of(record, name):
    """How many planned starts began, and how many were dropped."""
    arrivals, _ = kept(record, name)
    begun = arrivals["outcomes"]["ok"]["count"]
    dropped = arrivals["outcomes"].get("dropped", {"count": 0})["count"]
    assert (arrivals["count"], arrivals["failures"]) == (begun + dropped, dropped)
    return begun, dropped


def row_of(locust, name):
    """The same as Locust counted it."""
    row = next(one for one in locust.entries() if one["name"] == f"{name}:arrival:{name.capitalize()}")
    return row["num_requests"] - row["num_failures"], row["num_failures"]


def assert_as_by_hand(record, server, rate, percents):
    _, look = kept(record, server)
    response = look["outcomes"]["ok"]["times"]["response"]
    for percent in percents:
        rank = look["count"] - math.ceil(percent / 100 * look["count"] - 1e-6) + 1
        measured = response[f"p{percent}Ms"]
        expected = by_hand_ms(rank, rate)
        assert expected <= measured * BUCKET <= expected + SLACK_MS, f"p{percent} of {server}"
    assert FREEZE_MS <= response["maxMs"] <= FREEZE_MS + SLACK_MS
    return response


@pytest.fixture
def servers(swarm):
    """Each freezes when it has been called for about a second."""
    started = {"slowly": FreezingServer(call=10), "quickly": FreezingServer(call=500)}
    swarm.configure("servers:\n" + "".join(f"  {name}:\n    url: {one.url}\n" for name, one in started.items()))
    yield started
    for one in started.values():
        one.end()


def test_a_server_that_freezes_for_a_second_shows_in_the_response_times_as_computed_by_hand(servers, swarm):
    """Sixty users for 500 starts a second: while the server stands still, the other 440 wait in the plan."""
    text = LOCUSTFILE.format(users=60, rate=500, seconds=3.4)
    locust = swarm.locust("--headless", "--only-summary", "--json", "-u", "120", "-r", "120", text=text)
    until(lambda: servers["quickly"].calls == 1_700 and servers["slowly"].calls == 34)
    locust.signal_group(signal.SIGINT)
    assert locust.wait() == 0
    swarm.none_is_left()
    record = swarm.record()
    assert (record["reconciled"], record["gaps"]) == ({}, [])
    rows = {one["name"]: one for one in locust.entries()}
    for name, rate, planned, percents in (("slowly", 10, 34, (90, 95, 99)), ("quickly", 500, 1_700, (95, 99))):
        assert outcomes_of(record, name) == row_of(locust, name) == (planned, 0)
        response = assert_as_by_hand(record, name, rate, percents)
        assert rows[f"{name}:tools/call:look"]["max_response_time"] == pytest.approx(response["maxMs"], abs=0.01)
    # What a closed model would have shown: the sixty calls that were under way, and nothing of those that had to wait.
    times = kept(record, "quickly")[1]["outcomes"]["ok"]["times"]
    assert times["service"]["p95Ms"] < times["response"]["p95Ms"] / 2


@pytest.fixture
def steady_server(swarm):
    server = FreezingServer(call=0)
    swarm.configure(f"servers:\n  quickly:\n    url: {server.url}\n")
    yield server
    server.end()


def test_two_processes_share_the_starts_and_none_is_planned_twice(steady_server, swarm):
    text = ONE_CLASS.format(users=10, rate=150, seconds=2)
    options = ("--headless", "--only-summary", "-u", "10", "-r", "10", *swarm.two_processes())
    locust = swarm.locust(*options, "--csv", str(swarm.folder / "locust"), text=text)
    until(lambda: steady_server.calls == 300)
    locust.signal(signal.SIGTERM)
    assert locust.wait() == 0
    swarm.none_is_left()
    assert outcomes_of(swarm.record(), "quickly") == (300, 0)
    assert csv_counts(swarm.folder / "locust")["quickly:arrival:Quickly"] == [300, 0]
    assert steady_server.calls == 300
    assert all(one["arrivals"]["quickly:arrival:Quickly"]["count"] == 150 for one in parts(swarm.results))


def test_a_killed_bridge_costs_no_planned_start(steady_server, swarm):
    text = ONE_CLASS.format(users=10, rate=150, seconds=3)
    locust = swarm.locust("--headless", "--only-summary", "--json", "-u", "10", "-r", "10", text=text)
    until(lambda: steady_server.calls > 150)
    (bridge,) = swarm.bridges()
    bridge.kill()
    until(lambda: steady_server.calls > 400)
    locust.signal(signal.SIGTERM)
    locust.wait()
    swarm.none_is_left()
    record = swarm.record()
    assert outcomes_of(record, "quickly") == row_of(locust, "quickly")
    begun, dropped = outcomes_of(record, "quickly")
    assert begun == kept(record, "quickly")[1]["count"]
    assert 400 < begun + dropped <= 450
    assert [gap["cause"] for gap in record["gaps"]] == ["bridge-lost"]


@pytest.mark.long
@pytest.mark.parametrize("rate", [10, 500, 3_000])
def test_starts_are_on_time_while_the_generator_is_not_saturated(rate, steady_server, swarm):
    """Needs a machine that does little else."""
    text = ONE_CLASS.format(users=min(100, rate), rate=rate, seconds=30)
    locust = swarm.locust("--headless", "--only-summary", "--json", "-u", "100", "-r", "100", "-t", "33s", text=text)
    assert locust.wait(limit_s=90) == 0
    record = swarm.record()
    assert outcomes_of(record, "quickly") == row_of(locust, "quickly") == (rate * 30, 0)
    assert steady_server.calls == rate * 30
    assert kept(record, "quickly")[0]["outcomes"]["ok"]["times"]["response"]["p99Ms"] < 5


@pytest.mark.long
def test_a_server_that_freezes_at_3000_a_second_shows_as_computed_by_hand(swarm):
    """More users than in a second's queue are under way: 300 of 3,000."""
    server = FreezingServer(call=15_000)
    swarm.configure(f"servers:\n  quickly:\n    url: {server.url}\n")
    text = ONE_CLASS.format(users=300, rate=3_000, seconds=20)
    locust = swarm.locust("--headless", "--only-summary", "--json", "-u", "300", "-r", "300", "-t", "24s", text=text)
    assert locust.wait(limit_s=90) == 0
    record = swarm.record()
    assert outcomes_of(record, "quickly") == row_of(locust, "quickly") == (60_000, 0)
    assert_as_by_hand(record, "quickly", 3_000, (99,))
    server.end()
