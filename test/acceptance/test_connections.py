"""Servers over the older transports, and connections that are kept while nobody uses them."""

import os
import subprocess

import psutil
import pytest

from bridge_process import ROOT, find_node
from counting_server import CountingServer
from locust_process import free_port, until

pytestmark = pytest.mark.bridge

EVERYTHING = ROOT / "node_modules/@modelcontextprotocol/server-everything/dist/index.js"

LOCUSTFILE = """
from locust import constant, task

from mcp_user import McpUser


class EverythingUser(McpUser):
    server = "everything"
    wait_time = constant(0.1)

    @task
    def echo(self):
        self.client.call_tool("echo", {"message": "hi"}, expect="Echo: hi")
"""

IDLE_LOCUSTFILE = """
from locust import constant_pacing, task

from mcp_user import McpUser


class IdleUser(McpUser):
    server = "counting"
    discover = False
    wait_time = constant_pacing(60)

    @task
    def once_a_minute(self):
        self.client.call_tool("quick", read=False)
"""


def test_a_server_over_stdio_is_a_process_for_each_session_and_none_is_left(swarm):
    # The last argument is a mark by which this test finds its own.
    stdio = f'{{ command: {find_node(os.environ)}, args: ["{EVERYTHING}", stdio, "{swarm.folder}"] }}'
    swarm.configure(f"servers:\n  everything:\n    transport: stdio\n    stdio: {stdio}\n")
    process = swarm.locust("--headless", "-u", "3", "-r", "3", "-t", "3s", text=LOCUSTFILE)
    assert process.wait(limit_s=60) == 0, process.said()
    record = swarm.record()
    assert record["operations"]["everything:initialize"]["outcomes"]["ok"]["count"] == 3
    assert record["operations"]["everything:tools/call:echo"]["failures"] == 0
    assert record["servers"]["everything"]["timing"] == "coarse"
    assert record["facts"]["connections"]["everything"]["opened"] == {"stdio": 3}
    until(lambda: [one for one in psutil.process_iter() if _arguments(one)[-1:] == [str(swarm.folder)]] == [])


def test_a_server_over_the_older_sse_is_called_without_a_failure(swarm):
    port = free_port()
    log = swarm.folder / "everything.log"
    with log.open("w") as file:
        server = subprocess.Popen(
            [find_node(os.environ), str(EVERYTHING), "sse"],
            env={**os.environ, "PORT": str(port)},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        until(lambda: "running on port" in log.read_text())
        swarm.configure(f"servers:\n  everything:\n    transport: sse\n    url: http://127.0.0.1:{port}/sse\n")
        process = swarm.locust("--headless", "-u", "3", "-r", "3", "-t", "3s", text=LOCUSTFILE)
        assert process.wait(limit_s=60) == 0, process.said()
    finally:
        server.kill()
        server.wait()
    record = swarm.record()
    assert {name: one["failures"] for name, one in record["operations"].items() if one["failures"]} == {}
    assert record["operations"]["everything:tools/call:echo"]["count"] > 3
    assert record["facts"]["connections"]["everything"]["peakStreams"] == 3


@pytest.mark.long
def test_two_thousand_sessions_with_a_call_a_minute_keep_their_connections(swarm):
    server = CountingServer(swarm.folder)
    try:
        swarm.configure(f"servers:\n  counting:\n    url: {server.url}\n    connections: {{ pool: user }}\n")
        options = ("--headless", "--only-summary", "-u", "2000", "-r", "100", "-t", "150s", "--stop-timeout", "10")
        process = swarm.locust(*options, text=IDLE_LOCUSTFILE)
        assert process.wait(limit_s=240) == 0, process.said()
    finally:
        server.kill()
    record = swarm.record()
    assert {name: one["failures"] for name, one in record["operations"].items() if one["failures"]} == {}
    # One after the start, and one a minute later, at least.
    assert record["operations"]["counting:tools/call:quick"]["count"] >= 4000
    assert record["sessions"]["peak"] == 2000
    found = record["facts"]["connections"]["counting"]
    # A connection is free again one turn of the event loop after its answer; once in thousands a call comes within it.
    assert 2000 <= found["opened"]["http/1.1"] <= 2010
    assert found["peakOpen"] == found["opened"]["http/1.1"] == found["closedByUs"]
    assert (found["closedByServer"], found["failed"]) == (0, {})


def _arguments(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []
