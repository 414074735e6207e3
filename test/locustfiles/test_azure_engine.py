"""What a process does on an engine of Azure Load Testing: a fake bridge, a folder that may not be written."""

import os
from pathlib import Path

import pytest

import azure_engine
from azure_engine import Engine, engine_here
from bridge_process import built_version
from locust_process import HEAD, LocustProcess

# All that it does is a good call: a user that picks among several may pick another one until a short run is over.
LOOKING_USER = (
    HEAD
    + """
class LearnUser(McpUser):
    server = "learn"
    wait_time = constant(0.02)

    @task
    def look(self):
        self.client.call_tool("look")
"""
)
HEADLESS = ("--headless", "--only-summary", "-t", "1s", "--exit-code-on-error", "0")


@pytest.mark.parametrize(
    ("environ", "found"),
    [
        ({}, None),
        ({"SWARMBRIDGE_ENGINES": ""}, None),
        ({"SWARMBRIDGE_ENGINES": "4"}, Engine(4, None)),
        ({"SWARMBRIDGE_ENGINES": "4", "SWARMBRIDGE_ENGINE": "3"}, Engine(4, 3)),
        ({"SWARMBRIDGE_ENGINES": "4", "SWARMBRIDGE_ENGINE": "x"}, Engine(4, None)),
    ],
)
def test_an_engine_knows_itself_by_the_entries_of_our_own_yaml(environ, found):
    assert engine_here(environ) == found


@pytest.mark.parametrize("text", ["many", "true", "0", "-1", "1.5", " ", "\u0663"])
def test_what_is_no_number_of_engines_makes_no_engine_and_is_said(text, caplog):
    assert engine_here({"SWARMBRIDGE_ENGINES": text, "SWARMBRIDGE_ENGINE": "1"}) is None
    (record,) = caplog.records
    assert record.levelname == "WARNING" and "SWARMBRIDGE_ENGINES holds no number" in record.getMessage()


def test_what_nobody_says_is_unknown_and_not_guessed():
    said = Engine(2, None).found("24.0.0", None, "no record")
    assert said.startswith("Engine unknown of 2: Python ")
    assert "Node.js 24.0.0; unknown users here; no record" in said


@pytest.mark.parametrize(
    ("engine", "share", "share_of_limits"),
    [
        (Engine(4, 3), (2, 4), (2, 4)),
        (Engine(4, None), (0, 1), (0, 4)),
        (Engine(4, 9), (0, 1), (0, 4)),
        (Engine(1, 1), (0, 1), (0, 1)),
    ],
)
def test_the_limits_of_a_run_are_divided_over_its_engines(engine, share, share_of_limits):
    assert (engine.share, engine.share_of_limits) == (share, share_of_limits)


def test_planned_starts_are_divided_over_engines_and_one_without_a_number_takes_a_share_by_chance():
    assert Engine(4, 3).share_of_load("a run") == (2, 4)
    assert Engine(1, None).share_of_load("a run") == (0, 1)
    taken = {Engine(4, None).share_of_load(f"run {number}") for number in range(100)}
    assert taken == {(0, 4), (1, 4), (2, 4), (3, 4)}


def test_the_record_goes_where_something_can_be_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    environ = {}
    azure_engine.place_results(environ)
    assert environ == {}
    assert (tmp_path / "results").is_dir()

    monkeypatch.setattr(azure_engine, "_can_write_in", lambda folder: False)
    azure_engine.place_results(environ)
    named = Path(environ["SWARMBRIDGE_RESULTS"])
    assert named.is_dir() and os.stat(named).st_mode & 0o777 == 0o700
    azure_engine.place_results(environ)
    assert environ["SWARMBRIDGE_RESULTS"] == str(named)
    named.rmdir()


def test_a_stranger_s_package_beside_the_folder_says_nothing_about_the_bundle(tmp_path):
    bundle = tmp_path / "engine" / "bridge.cjs"
    (tmp_path / "package.json").write_text('{"name": "other", "version": "9.9.9"}')
    assert built_version(bundle) is None
    (tmp_path / "package.json").write_text('{"name": "swarmbridge", "version": "9.9.9"}')
    assert built_version(bundle) == ("9.9.9", tmp_path / "package.json")


@pytest.fixture
def run(fake):
    """:returns: what Locust said, after its end"""

    def start(*arguments):
        process = LocustProcess(
            fake.folder, *HEADLESS, *arguments, text=LOOKING_USER, environ={"SWARMBRIDGE_ENGINES": "2"}
        )
        code = process.wait()
        return code, process.said()

    return start


def test_an_engine_that_can_write_no_record_runs_the_test_all_the_same(fake, run):
    fake.configure(refuseStart="the run record cannot be written", refuseStartCode="RECORD_NOT_WRITABLE")
    code, said = run("-u", "3", "-r", "3")
    assert code == 0
    assert "The run goes on without a record: the run record cannot be written" in said
    assert "without a record, for the reason above" in said
    assert fake.counts()[("learn:tools/call:look", "ok")] > 0
    assert fake.read("finished.jsonl") == []


def test_any_other_refusal_ends_the_run_on_an_engine_too(fake, run):
    fake.configure(refuseStart="something else is wrong", refuseStartCode="OTHER")
    code, said = run("-u", "3")
    assert code == 3
    assert "The run was not started: something else is wrong" in said


def test_a_flat_folder_that_nobody_may_write_to_is_enough(fake, locustfiles, tmp_path):
    """And one line, at the level that Azure keeps, tells what was found."""
    flat = tmp_path / "flat"
    flat.mkdir()
    data = [locustfiles / "learn_queries.txt", locustfiles / "learn_pages.txt"]
    for file in [*locustfiles.glob("*.py"), *data]:
        (flat / file.name).write_text(file.read_text())
    plan, conf = flat / "plan.py", flat / "locust.conf"
    plan.write_text("from learn import LearnUser\n\n__all__ = ['LearnUser']\n")
    conf.write_text("headless = true\nspawn-rate = 2\nrun-time = 1\nloglevel = WARNING\nexit-code-on-error = 0\n")
    flat.chmod(0o555)
    fake.configure(node="24.21.0")
    environ = {
        "SWARMBRIDGE_ENGINES": "2",
        "LOCUST_USERS": "3",
        "HOME": "/proc/none",
        "PYTHONPATH": "",
    }
    process = LocustProcess(fake.folder, "--config", str(conf), locustfile=plan, environ=environ)
    try:
        assert process.wait() == 0, process.said()
    finally:
        flat.chmod(0o755)
    (line,) = [line for line in process.said().splitlines() if "Engine unknown of 2" in line]
    assert "/WARNING/swarmbridge" in line
    assert f"Node.js 24.21.0; 3 users here; the record lies in {fake.folder / 'results'}" in line
    (start,) = [line for line in fake.read("lines.jsonl") if line["op"] == "start"]
    assert (start["plan"]["users"], start["plan"]["engines"], start["plan"]["engine"]) == (3, 2, None)
    (share,) = [line["share"] for line in fake.read("lines.jsonl") if line["op"] == "share"]
    assert (start["share"], share) == ({"index": 0, "of": 1}, {"index": 0, "of": 2})
