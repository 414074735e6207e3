"""Turns and calls at once with the real bridge: what the server, the record and Locust say is the same."""

import signal

import pytest

from locust_process import until
from run_records import as_locust_counts

FAN_OUT = """
from locust import constant, task

from mcp_user import McpUser
from parallel import call


class FanOutUser(McpUser):
    server = "counting"
    wait_time = constant(0.02)

    @task
    def fan_out(self):
        with self.turn("fan-out"):
            self.client.parallel([call("slow", {"ms": 100}) for _ in range(10)])
        with self.turn("stumble"):
            self.client.call_tool("faulty")
"""
TURN = "counting:turn:fan-out"
STUMBLE = "counting:turn:stumble"


def most_at_once(server, name):
    """The most calls that the server had received and not answered at the same moment, by its journal."""
    most = inside = 0
    for line in server.journal():
        event, _, what = line.partition(" ")
        if what == name:
            inside += 1 if event == "received" else -1
            most = max(most, inside)
    return most


def turn_counts(record):
    return {name: [one["count"], one["failures"]] for name, one in record["turns"].items()}


@pytest.mark.parametrize("server", ["json", "sse"], indirect=True)
def test_the_server_has_ten_calls_at_once_and_everybody_counts_the_same_turns(server, swarm):
    options = ("--headless", "--only-summary", "-u", "1", "-t", "3s", "--json")
    process = swarm.locust(*options, text=FAN_OUT)
    process.wait()
    swarm.none_is_left()
    assert most_at_once(server, "tools/call:slow") == 10

    record = swarm.record()
    assert (record["reconciled"], record["gaps"]) == ({}, [])
    assert {**as_locust_counts(record), **turn_counts(record)} == process.counts()
    assert record["turns"][TURN]["outcomes"].keys() - {"cancelled"} == {"ok"}
    assert record["turns"][STUMBLE]["outcomes"].keys() - {"cancelled"} == {"tool-error"}

    burst = record["facts"]["bursts"][TURN]
    # The last one may have been cut off by the end of the run.
    assert 0 <= record["turns"][TURN]["count"] - burst["bursts"] <= 1
    assert burst["mostInFlight"] == 10 and burst["together"] >= burst["bursts"] - 1
    times = record["turns"][TURN]["outcomes"]["ok"]["times"]
    assert 100 <= times["service"]["minMs"] <= times["response"]["minMs"]


def test_a_killed_bridge_costs_no_turn_its_count(server, swarm):
    options = ("--headless", "--only-summary", "-u", "4", "-r", "4", "--json")
    process = swarm.locust(*options, text=FAN_OUT)
    until(lambda: server.counts()["tools/call:slow"] > 100)
    (bridge,) = swarm.bridges()
    bridge.kill()
    until(lambda: server.counts("answered")["initialize"] == 8)
    faulty = server.counts()["tools/call:faulty"]
    until(lambda: server.counts()["tools/call:faulty"] > faulty + 10)
    process.signal(signal.SIGTERM)
    process.wait()
    swarm.none_is_left()

    record = swarm.record()
    assert [gap["cause"] for gap in record["gaps"]] == ["bridge-lost"]
    lost = {outcome for one in record["turns"].values() for outcome in one["outcomes"]}
    assert "bridge" in lost
    assert {**as_locust_counts(record), **turn_counts(record)} == process.counts()
