"""The official reference server under load: not one failure."""

import os
import subprocess

import pytest

from bridge_process import ROOT, find_node
from locust_process import free_port, until
from run_records import as_locust_counts

pytestmark = pytest.mark.bridge

PROGRAM = ROOT / "node_modules/@modelcontextprotocol/server-everything/dist/index.js"

CONFIGURATION = """
servers:
  everything:
    url: http://127.0.0.1:{port}/mcp
    getStream: true
    answers:
      roots: [{{ uri: "file:///acceptance", name: acceptance }}]
      sampling: the scripted sample
      elicitation: defaults
"""

# What has to have happened for a run to count as one of everything.
USED = [
    *("tools/call:echo", "tools/call:get-sum", "tools/call:get-structured-content", "tools/call:get-tiny-image"),
    *("tools/call:trigger-long-running-operation", "tools/call:trigger-sampling-request"),
    *("tools/call:trigger-elicitation-request", "tools/call:get-roots-list", "tools/list", "ping"),
    *("resources/list", "resources/read:demo", "resources/templates/list", "prompts/list", "prompts/get:args-prompt"),
    *("completion/complete:completable-prompt", "completion/complete:demo", "session/delete"),
    *("resources/subscribe:demo", "resources/unsubscribe:demo", "logging/setLevel"),
]


@pytest.fixture
def everything(swarm):
    port = free_port()
    log = (swarm.folder / "everything.log").open("w+")
    process = subprocess.Popen(
        [find_node(os.environ), str(PROGRAM), "streamableHttp"],
        env={**os.environ, "PORT": str(port)},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    until(lambda: "listening on port" in (swarm.folder / "everything.log").read_text())
    swarm.configure(CONFIGURATION.format(port=port))
    yield
    process.kill()
    process.wait()
    log.close()


@pytest.mark.parametrize(
    ("users", "run_time"), [(20, "6s"), pytest.param(50, "20s", marks=pytest.mark.long)], ids=["20 users", "50 users"]
)
def test_everything_under_load_has_no_failure(users, run_time, everything, swarm, everything_locustfile):
    options = (
        "--headless",
        "--only-summary",
        "-u",
        str(users),
        "-r",
        str(users),
        "-t",
        run_time,
        "--stop-timeout",
        "5",
    )
    process = swarm.locust(*options, "--json", text=everything_locustfile)
    code = process.wait(limit_s=60)
    record = swarm.record()
    failed = {name: one["outcomes"] for name, one in record["operations"].items() if one["failures"]}
    assert failed == {}, process.said()
    assert code == 0
    assert [name for name in USED if f"everything:{name}" not in record["operations"]] == []
    assert as_locust_counts(record) == process.counts()
    assert record["operations"]["everything:initialize"]["count"] == users
    assert record["operations"]["everything:session/delete"]["count"] == users
    stream = record["facts"]["streams"]["everything:tools/call:trigger-long-running-operation"]
    assert stream["progress"]["asked"] == stream["progress"]["told"] == stream["streams"] > 0
    assert stream["progress"]["notifications"] == 10 * stream["streams"] == stream["events"] - stream["streams"]
    sent = record["facts"]["fromServer"]["everything"]
    assert sent["counts"]["sampling"] == record["operations"]["everything:tools/call:trigger-sampling-request"]["count"]
    assert sent["answered"]["count"] >= sent["counts"]["sampling"] + sent["counts"]["elicitation"]
    assert sent["unanswered"] == 0
    assert record["sessions"]["peak"] == users
    # The first of ten steps is told long before the answer comes.
    long_one = record["operations"]["everything:tools/call:trigger-long-running-operation"]["all"]
    assert long_one["service"]["p50Ms"] >= 1000
    assert long_one["first-event"]["p50Ms"] < long_one["service"]["p50Ms"] / 2
    # Every sampling and elicitation request was answered, by a POST of its own. Those for roots come on top; how many,
    # depends on the server, which loses some (everything_locustfile.py).
    asked = sum(
        record["operations"][f"everything:tools/call:{tool}"]["count"]
        for tool in ("trigger-sampling-request", "trigger-elicitation-request")
    )
    assert record["hidden"]["everything:response"] >= asked
