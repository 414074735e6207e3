"""The probe of docs/scenarios.md against a healthy server: what the page shows is what is printed."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from bridge_process import find_node
from fault_server import FaultServer
from scenario_page import IS_WRITING, PAGE, picture_on_page, write_picture

pytestmark = pytest.mark.bridge

ROOT = Path(__file__).resolve().parents[2]
TYPED = """probe target --every 1s --for 4s --tool search --args '{"query":"x"}'"""
TIME = r"[\d.,]+ (?:ms|s)"
PROBED = rf"^\d\d:\d\d:\d\dZ target ok, initialize {TIME}, tools/list {TIME}, call {TIME}$"
SUMMARY = rf"^target: \d probes? in {TIME}, 100% available$"


def test_a_probe_of_a_healthy_server_is_what_the_page_shows(tmp_path):
    server = FaultServer("healthy")
    words = [*TYPED.split()[:-1], '{"query":"x"}']
    environ = {
        **os.environ,
        "MCP_SERVER_URL": server.url,
        "SWARMBRIDGE_CONFIG": "",
        "SWARMBRIDGE_RESULTS": str(tmp_path / "results"),
    }
    try:
        command = [find_node(os.environ), "cli/main.ts", *words]
        ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    finally:
        server.end()
    assert ended.returncode == 0, ended.stdout + ended.stderr
    if IS_WRITING:
        write_picture("probe", ended.stdout)
    assert f"swarmbridge {TYPED}" in PAGE.read_text()
    for printed in (ended.stdout, picture_on_page("probe")):
        assert re.search(PROBED, printed, re.MULTILINE), printed
        assert re.search(SUMMARY, printed, re.MULTILINE), printed
    history = (tmp_path / "results" / "probe" / "target.jsonl").read_text().splitlines()
    assert len(history) == len(re.findall(PROBED, ended.stdout, re.MULTILINE))
