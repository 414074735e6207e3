"""`swarmbridge ceiling` over real sockets, against servers whose capacity is known."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bridge_process import find_node
from fault_server import FaultServer
from locust_process import LOCUSTFILES

pytestmark = pytest.mark.bridge

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "cli" / "main.ts"
POOL = ROOT / "examples" / "scenarios" / "pool.py"
LONGEST_S = 600


def ceiling(folder, fault, *options):
    """:returns: exit code, what ceiling.json says, the whole output"""
    server = FaultServer(fault)
    environ = {
        **os.environ,
        "MCP_SERVER_URL": server.url,
        "SWARMBRIDGE_RESULTS": str(folder / "results"),
        "PYTHONPATH": str(LOCUSTFILES),
    }
    command = [find_node(os.environ), str(MAIN), "ceiling", "-f", str(POOL), "--python", sys.executable, *options]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environ, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
    finally:
        server.end()
    output = done.stdout + done.stderr
    saved = sorted((folder / "results").glob("*/ceiling.json"))
    assert saved, output
    return done.returncode, json.loads(saved[-1].read_text()), output


def ceiling_of_the_server(folder, fault, *options):
    """
    As `ceiling`, and tried again where other programs had this machine: a step that measured itself says nothing of the
    server. None of these loads is much for a generator that has a core.

    :returns: the folder, and what `ceiling` returns
    """
    for attempt in ("first", "second"):
        place = folder / attempt
        place.mkdir()
        code, found, output = ceiling(place, fault, *options)
        if not any(step["saturation"] for step in found["steps"]):
            return place, code, found, output
    return pytest.skip("other programs had this machine twice")


def test_a_pool_of_five_carries_what_its_connections_can(tmp_path):
    # 5 connections of 100 ms make 50 statements a second: without think time a call of N users takes N x 20 ms.
    place, code, found, output = ceiling_of_the_server(
        tmp_path, "pool", "--steps", "2,100", "--for", "3s", "--warm-up", "1s", "--pause", "100ms", "--slo", "p99=400ms"
    )
    assert code == 0, output
    assert (found["answer"]["kind"], found["answer"]["carried"], found["answer"]["sessions"]) == ("ceiling", 2, 100), (
        output
    )
    assert found["answer"]["breach"] == "p99"
    assert "ceiling 100: 2 sessions are carried" in output
    assert found["state"] == "complete"
    assert all((place / "results" / found["id"] / step["dir"] / "run.json").exists() for step in found["steps"])
    assert (place / "results" / found["id"] / "ceiling.html").read_text().count('<tr><th scope="row"') == 2


@pytest.mark.long
def test_an_adaptive_search_finds_the_pools_ceiling(tmp_path):
    options = ("--adaptive", "--from", "4", "--max", "100", "--for", "20s", "--warm-up", "3s", "--slo", "p99=600ms")
    _, _, found, output = ceiling_of_the_server(tmp_path, "pool", *options)
    assert found["answer"]["kind"] == "ceiling", output
    # 600 ms are 30 users on average; p99 lies above the average, and a busy machine adds to it.
    assert 20 <= found["answer"]["sessions"] <= 32, output
    assert found["reached"] in ("linear", "knee"), output


@pytest.mark.long
def test_a_limit_of_connections_is_a_cliff(tmp_path):
    options = ("--steps", "5,10,15,25,40", "--for", "10s", "--warm-up", "3s", "--slo", "p99=2s")
    _, _, found, output = ceiling_of_the_server(tmp_path, "connection-limit", *options)
    assert (found["answer"]["kind"], found["answer"]["sessions"], found["reached"]) == ("ceiling", 25, "cliff"), output


@pytest.mark.long
def test_no_ceiling_is_invented_for_a_server_that_has_none(tmp_path):
    options = ("--steps", "1,5,10", "--for", "10s", "--warm-up", "3s", "--slo", "p99=2s")
    _, _, found, output = ceiling_of_the_server(tmp_path, "healthy", *options)
    assert (found["answer"]["kind"], found["answer"]["sessions"]) == ("at-least", 10), output
