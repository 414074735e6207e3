"""
Each example for a few seconds, against a server with the fault that it is made to find, and against a healthy one: the
summary names the fault, and nothing else.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bridge_process import find_node
from fault_server import FaultServer
from locust_process import LOCUSTFILES, LocustProcess
from scenario_page import IS_WRITING, PAGE, findings_in, picture_of, picture_on_page, write_picture

pytestmark = pytest.mark.bridge

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "scenarios"
LONGEST = 25

# Example, the server's fault, Locust's options as docs/scenarios.md gives them, the fault as it is named.
RUNS = [
    ("spike", "connection-limit", "-u 40 -r 40 -t 3s", "connection-limit"),
    ("burst", "event-loop-blocked", "-u 16 -r 16 -t 5s", "event-loop-blocked"),
    ("startup", "not-ready-503", "-u 10 -r 10 -t 6s", "cold-start"),
    ("chain", "slow-dependency", "-u 16 -r 4 -t 4s", "slow-dependency"),
    ("fan_out", "serialising", "-u 1 -r 1 -t 2s", "serialising"),
    ("pool", "pool", "-u 40 -r 4 -t 6s", "pool-exhausted"),
    ("isolation", "mixing", "-u 10 -r 10 -t 2s", "sessions-mixed"),
    ("soak", "leaking", "-u 20 -r 10 -t 8s", "memory-leak"),
    ("pool", "rate-limited", "-u 5 -r 5 -t 2s", "rate-limited"),
]


class Scenario:
    """Examples against one server, and what their run prints."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, examples: str, fault: str, options: str) -> str:
        """
        :param examples: names, separated by commas
        :returns: what was printed
        """
        server = FaultServer(fault)
        files = ",".join(str(EXAMPLES / f"{name}.py") for name in examples.split(","))
        try:
            locust = LocustProcess(
                self._folder,
                "--headless",
                "--only-summary",
                *options.split(),
                locustfile=Path(files),
                environ=self._environ(server, examples.split(",")),
            )
            locust.wait()
        finally:
            server.end()
        assert " operations in " in locust.output, locust.said()
        return locust.output

    def swarmbridge(self, arguments: str, fault: str) -> str:
        """:returns: what the command printed"""
        server = FaultServer(fault)
        command = [find_node(os.environ), "cli/main.ts", *arguments.split(), "--python", sys.executable]
        environ = {**os.environ, **self._environ(server, [])}
        try:
            ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
        finally:
            server.end()
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def _environ(self, server: FaultServer, examples: "list[str]") -> "dict[str, str]":
        """With the configuration of the one example that has any."""
        configurations = [str(path) for path in (EXAMPLES / f"{name}.yaml" for name in examples) if path.exists()]
        return {
            "MCP_SERVER_URL": server.url,
            "MCP_MEMORY_URL": server.url.replace("/mcp", "/memory"),
            "SWARMBRIDGE_CONFIG": configurations[0] if configurations else "",
            "SWARMBRIDGE_RESULTS": str(self._folder / "results"),
            "SWARMBRIDGE_HTTP_PORT": "",
            "PYTHONPATH": str(LOCUSTFILES),
        }


@pytest.fixture
def scenario(tmp_path):
    return Scenario(tmp_path)


def faults_named(output):
    return re.findall(r"^  target: ([a-z-]+)\. ", output, re.MULTILINE)


@pytest.mark.parametrize(("example", "fault", "options", "named"), RUNS, ids=[f"{run[0]}-{run[1]}" for run in RUNS])
def test_an_example_finds_the_fault_it_is_made_for(scenario, example, fault, options, named):
    output = scenario.run(example, fault, options)
    assert faults_named(output) == [named], output
    if fault == "rate-limited":
        return  # the page has it in a table
    if IS_WRITING:
        write_picture(example, picture_of(output))
    # The page shows what is really printed, but for the figures.
    assert findings_in(picture_of(output)) == findings_in(picture_on_page(example))
    assert f"examples/scenarios/{example}.py {options}" in PAGE.read_text()


@pytest.mark.parametrize(
    ("examples", "options"),
    [("spike,burst,startup,chain,fan_out,isolation", "-u 12 -r 6 -t 4s"), ("pool", "-u 20 -r 5 -t 3s")],
    ids=["mixed", "pool"],
)
def test_the_same_examples_name_nothing_on_a_healthy_server(scenario, examples, options):
    output = scenario.run(examples, "healthy", options)
    assert faults_named(output) == [], output
    assert "no failures" in output


def test_the_ceiling_of_a_pool_of_five(scenario):
    arguments = (
        "ceiling target -f examples/scenarios/pool.py --slo p99=300ms --steps 4,60 --for 2s --warm-up 1s --pause 0s"
    )
    printed = scenario.swarmbridge(arguments, "pool")
    assert "ceiling 60: 4 sessions are carried" in printed, printed
    lines = printed[printed.index("ceiling 60") :].splitlines()
    # The last line says where the files of this run lie.
    picture = "\n".join(line for line in lines if not line.endswith("ceiling.html")).rstrip() + "\n"
    if IS_WRITING:
        write_picture("ceiling", picture)
    assert "ceiling 60: 4 sessions are carried" in picture_on_page("ceiling")
    assert f"swarmbridge {arguments}" in PAGE.read_text()


def test_answers_of_other_sessions_are_failures(scenario):
    output = scenario.run("isolation", "mixing", "-u 10 -r 10 -t 2s")
    assert re.search(r"\d+  leak +target:tools/call:search", output), output
    assert re.search(r"session \d+ got what session \d+ had sent", output), output


def test_a_soak_goes_on_in_peace(scenario):
    output = scenario.run("soak", "healthy", "-u 20 -r 10 -t 6s")
    assert faults_named(output) == [], output
    assert "no failures" in output
    assert re.search(r"memory: \d+ to \d+ MB over [\d,]+ calls", output), output


def test_large_answers_are_read_three_at_once(scenario):
    output = scenario.run("large", "healthy", "-u 1 -r 1 -t 2s")
    assert faults_named(output) == [], output
    assert "no failures" in output
    if IS_WRITING:
        write_picture("large", picture_of(output))
    assert "read-large-file" in picture_on_page("large")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.*")), ids=lambda path: path.name)
def test_an_example_is_short_and_on_the_page(path):
    assert len(path.read_text().splitlines()) < LONGEST
    assert f"examples/scenarios/{path.name}" in PAGE.read_text()
