"""Tokens that end while the run goes on: no call fails, and what that cost is told apart from the calls."""

import signal
import time
from pathlib import Path

import pytest

from counting_server import CountingServer
from locust_process import until
from run_records import as_received, csv_counts, outcomes

GOOD_USER = """
from locust import constant, task
from mcp_user import McpUser


class GoodUser(McpUser):
    server = "counting"
    wait_time = constant(0.02)

    @task(3)
    def look(self):
        self.client.call_tool("quick", expect="quick")

    @task
    def linger(self):
        self.client.call_tool("slow", {"ms": 50})
"""
# A token that replaces a refused one is not replaced again for 5 s, whatever a server says of it.
BETWEEN_ROTATIONS_S = 5.5


class RotatingToken:
    """A file that a server and a run read, and whose old tokens end at once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._count = 0
        self.rotate()

    def rotate(self) -> None:
        self._count += 1
        new = self.file.with_name("new-token")
        new.write_text(f"token-number-{self._count}")
        new.rename(self.file)


def test_a_bridge_that_is_killed_right_after_its_token_costs_no_count_of_it(swarm):
    token = RotatingToken(swarm.folder / "token")
    server = CountingServer(swarm.folder, "--token", str(token.file))
    swarm.configure(
        f"servers:\n  counting:\n    url: {server.url}\n    auth: {{ strategy: bearer, file: {token.file} }}\n"
    )
    process = swarm.locust("--headless", "-u", "4", "-r", "4", text=GOOD_USER)
    # Less than the second after which the record holds it.
    until(lambda: server.counts()["tools/call:quick"] > 0)
    (bridge,) = swarm.bridges()
    bridge.kill()
    until(lambda: server.counts("answered")["initialize"] == 2 * 4)
    process.signal(signal.SIGTERM)
    process.wait()
    swarm.none_is_left()
    server.kill()

    record = swarm.record()
    assert record["auth"]["counting:auth/token"]["count"] == 2
    assert record["reconciled"]["counting:auth/token"] == {"ok": 1}


@pytest.mark.parametrize("processes", [1, 2])
def test_a_token_that_is_rotated_in_the_run_fails_no_call_and_is_counted_apart(swarm, processes):
    token = RotatingToken(swarm.folder / "token")
    server = CountingServer(swarm.folder, "--token", str(token.file))
    swarm.configure(
        f"servers:\n  counting:\n    url: {server.url}\n    auth: {{ strategy: bearer, file: {token.file} }}\n"
    )
    options = swarm.two_processes() if processes > 1 else []
    process = swarm.locust(
        *("--headless", "-u", "8", "-r", "8", "--csv", str(swarm.folder / "stats"), *options), text=GOOD_USER
    )
    until(lambda: server.counts()["tools/call:quick"] > 100)
    token.rotate()
    rotated = time.monotonic()
    until(lambda: sum(server.counts("refused").values()) > 0)
    until(lambda: time.monotonic() - rotated > BETWEEN_ROTATIONS_S)
    refused = sum(server.counts("refused").values())
    token.rotate()
    until(lambda: sum(server.counts("refused").values()) > refused)
    quick = server.counts()["tools/call:quick"]
    until(lambda: server.counts()["tools/call:quick"] > quick + 100)
    process.signal(signal.SIGTERM)
    assert process.wait() == 0, process.said()
    swarm.none_is_left()
    server.kill()

    record = swarm.record()
    assert (record["state"], record["reconciled"], record["gaps"]) == ("complete", {}, [])
    assert {outcome for _, outcome in outcomes(record)} == {"ok"}
    # Of everything that the server took, nothing is missing and nothing is counted twice.
    assert as_received(record) == server.counts()
    refusals = sum(server.counts("refused").values())
    auth = {name: one["outcomes"] for name, one in record["auth"].items()}
    assert auth["counting:auth/401"]["ok"]["count"] == record["auth"]["counting:auth/401"]["count"] == refusals
    # The first token and one for each rotation, in each bridge.
    assert record["auth"]["counting:auth/token"]["count"] == 3 * processes

    rows = csv_counts(swarm.folder / "stats")
    assert rows["counting:auth/token"] == [3 * processes, 0]
    assert rows["counting:auth/401"] == [refusals, 0]
    assert "Locust's own statistics differ from this record" not in process.output
    assert "token-number-" not in process.output + process.said()
