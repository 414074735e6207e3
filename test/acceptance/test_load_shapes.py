"""A shape of loadtest.yaml with the real bridge: a server sees what it plans, sessions that are replaced included."""

import pytest

from run_records import as_received, outcomes

TEXT = """
from locust import constant, task
from mcp_user import McpUser

class CountingUser(McpUser):
    server = "counting"
    wait_time = constant(0.1)
    session_lifetime = 0.4

    @task
    def quick(self):
        self.client.call_tool("quick")
"""
LOAD = "load: { shape: peak, shapes: { peak: '1s=2,2s=5' }, startJitter: 100ms }\n"


@pytest.mark.bridge
def test_the_shape_of_the_file_is_run_and_every_session_of_it_is_opened_and_closed_once(server, swarm):
    config = swarm.folder / "loadtest.yaml"
    config.write_text(config.read_text() + LOAD)
    process = swarm.locust("--headless", "--only-summary", "-u", "50", "-t", "10m", "--stop-timeout", "5", text=TEXT)
    assert process.wait() == 0, process.said()
    record = swarm.record()
    assert record["endReason"] == "the load shape ended"
    plan = {key: record["plan"][key] for key in ("shape", "shapeStages", "shapeSeconds", "users", "runTime")}
    assert plan == {"shape": "peak", "shapeStages": "1s=2,2s=5", "shapeSeconds": 3, "users": 5, "runTime": None}
    counted = outcomes(record)
    opened = counted["counting:initialize", "ok"]
    assert opened > 5 and counted["counting:session/delete", "ok"] == opened
    assert {outcome for _, outcome in counted} == {"ok"}
    assert record["sessions"]["leftOpen"] == 0
    assert as_received(record) == server.counts()


def test_what_is_no_shape_ends_the_process_with_one_sentence(server, swarm):
    process = swarm.locust("--headless", "--shape", "soka", text=TEXT)
    assert process.wait() == 3
    assert 'names the shape "soka", which is not there: did you mean' in process.said()
    assert not swarm.records()
