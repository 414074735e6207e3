"""Whole runs of Locust that follow a plan: alone, and with workers."""

import json
import signal
from collections import Counter

import pytest

from conftest import SETTINGS
from locust_process import HEAD, LocustProcess, free_port, until

TWO_SERVERS = {
    **SETTINGS,
    "servers": {
        "learn": {"url": "http://127.0.0.1:1/mcp", "weight": 4, "missing": None},
        "github": {"url": "http://127.0.0.1:2/mcp", "weight": 1, "missing": None},
    },
}
TEXT = (
    HEAD
    + """
class LearnUser(McpUser):
    server = "learn"
    wait_time = constant(0.05)

    @task
    def look(self):
        self.client.call_tool("look")

class GitHubUser(LearnUser):
    server = "github"
"""
)


def plan(*scenarios, seconds):
    names = ("name", "servers", "classes", "segments")
    rows = [dict(zip(names, one)) for one in scenarios]
    return {
        "startJitter": 0,
        "plan": {"name": "planned", "text": "as stages", "seconds": seconds, "peak": 9, "scenarios": rows},
    }


SCENARIOS = plan(
    ("readers", ["learn"], None, [[0, 4, 6, 6]]),
    ("writers", None, ["GitHubUser"], [[0, 1, 1, 1], [1, 4, 3, 3]]),
    seconds=4,
)


@pytest.mark.parametrize("has_workers", [False, True])
def test_each_scenario_has_its_users_and_the_end_of_the_plan_is_the_end_of_the_run(fake, has_workers):
    fake.configure(settings={**TWO_SERVERS, "load": SCENARIOS})
    port = str(free_port())
    workers = ["--processes", "2", "--master-bind-port", port, "--master-port", port] if has_workers else []
    locust = LocustProcess(fake.folder, "--headless", "--only-summary", *workers, text=TEXT)
    assert locust.wait() == 0, locust.said()
    opened = Counter(one["server"] for one in fake.read("opens.jsonl"))
    assert opened == {"learn": 6, "github": 3}, locust.said()
    stops = [line for line in fake.read("lines.jsonl") if line["op"] == "stop"]
    assert {line["reason"] for line in stops} == {"the load shape ended"}
    [start, *_] = [line for line in fake.read("lines.jsonl") if line["op"] == "start"]
    facts = {key: start["plan"][key] for key in ("shape", "shapeStages", "shapeSeconds", "users")}
    assert facts == {"shape": "planned", "shapeStages": "as stages", "shapeSeconds": 4, "users": 9}


@pytest.mark.parametrize(("number", "reason"), [(signal.SIGTERM, "SIGTERM"), (signal.SIGINT, "Ctrl-C")])
def test_a_signal_ends_a_planned_run_as_any_other(fake, number, reason):
    fake.configure(settings={**TWO_SERVERS, "load": plan((None, None, None, [[0, 60, 4, 4]]), seconds=60)})
    locust = LocustProcess(fake.folder, "--headless", "--only-summary", "--stop-timeout", "5", text=TEXT)
    until(lambda: len(fake.read("opens.jsonl")) == 4)
    locust.signal(number)
    assert locust.wait() == 0, locust.said()
    [stop] = [line for line in fake.read("lines.jsonl") if line["op"] == "stop"]
    assert stop["reason"] == reason
    assert sum(count for (name, _), count in fake.counts().items() if name.endswith("session/delete")) == 4


@pytest.mark.parametrize(
    ("arguments", "environ", "shape"),
    [
        (["--shape", "30s:5"], {"LOCUST_SHAPE": "soak"}, "30s:5"),
        ([], {"LOCUST_SHAPE": "soak", "SWARMBRIDGE_SHAPE": "spike"}, "soak"),
        ([], {"SWARMBRIDGE_SHAPE": "spike"}, "spike"),
        ([], {}, None),
    ],
)
def test_the_bridge_hears_what_locust_was_given(fake, arguments, environ, shape):
    fake.configure(refuse="enough")
    locust = LocustProcess(
        fake.folder, "--headless", "--only-summary", "-u", "3", "-t", "1s", *arguments, text=TEXT, environ=environ
    )
    assert locust.wait() == 3
    [hello] = [line for line in fake.read("lines.jsonl") if line["op"] == "hello"]
    wanted = {"users": 3, "runTimeS": 1, **({"shape": shape} if shape else {})}
    assert hello["load"] == wanted, json.dumps(hello)


def test_locust_conf_holds_a_shape_as_any_other_option(fake):
    (fake.folder / "locust.conf").write_text("headless = true\nusers = 4\nshape = 30s:5,60s=10\n")
    fake.configure(refuse="enough")
    assert LocustProcess(fake.folder, text=TEXT).wait() == 3
    [hello] = [line for line in fake.read("lines.jsonl") if line["op"] == "hello"]
    assert hello["load"] == {"shape": "30s:5,60s=10", "users": 4}
