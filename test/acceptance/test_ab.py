"""A/B in one run: two servers with the same traffic, real Locust, real sockets."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from bridge_process import find_node
from counting_server import CountingServer
from run_records import as_received

ROOT = Path(__file__).resolve().parents[2]

LOCUSTFILE = """
from locust import constant, task
from mcp_user import McpUser

class LookingUser(McpUser):
    server = "old"
    wait_time = constant(0.02)

    @task
    def look(self):
        self.client.call_tool("quick", expect="quick")
"""


@pytest.fixture
def pair(tmp_path):
    servers = []
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        servers.append(CountingServer(tmp_path / name))
    yield servers
    for server in servers:
        server.kill()


def test_both_servers_get_the_same_traffic_and_the_command_compares_them(pair, swarm):
    old, new = pair
    swarm.configure(f"servers:\n  old: {{ url: {old.url} }}\n  new: {{ url: {new.url}, trafficOf: old }}\n")
    process = swarm.locust("--headless", "--only-summary", "-u", "8", "-r", "8", "-t", "4s", text=LOCUSTFILE)
    assert process.wait() == 0
    swarm.none_is_left()
    record = swarm.record()
    assert as_received(record) == old.counts() + new.counts()
    assert old.counts()["initialize"] == new.counts()["initialize"] == 4
    first, second = old.counts()["tools/call:quick"], new.counts()["tools/call:quick"]
    # No more than that: how often says first how fast this machine was.
    assert first > 0 and second > 0
    command = [find_node(os.environ), str(ROOT / "cli" / "main.ts"), "compare", "--ab", "--json"]
    environ = {**os.environ, "SWARMBRIDGE_RESULTS": str(swarm.results)}
    said = subprocess.run(command, cwd=swarm.folder, env=environ, capture_output=True, text=True, timeout=60)
    (comparison,) = json.loads(said.stdout)["comparisons"]
    assert (comparison["before"], comparison["after"]) == (["old"], ["new"])
    assert "tools/call:quick" in [row["title"] for row in comparison["rows"]]
