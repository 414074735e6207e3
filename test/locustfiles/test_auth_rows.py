"""What auth cost is seen in Locust's tables, and changes nothing that Locust says about the test."""

import csv
from types import SimpleNamespace

import pytest
from locust.env import Environment
from locust.event import Events
from locust.stats import StatsEntry

import auth_rows
from locust_process import HEAD, LocustProcess, free_port

TOKEN = {"name": "learn:auth/token", "ok": True, "ms": 250.5}
FAILED = {"name": "learn:auth/renewal", "ok": False, "ms": 40, "reason": "auth", "text": "no credential could be had"}
GOOD_USER = (
    HEAD
    + """
class LearnUser(McpUser):
    server = "learn"
    wait_time = constant(0.05)

    @task
    def look(self):
        self.client.call_tool("look", {"query": "mcp"})
"""
)


@pytest.fixture
def environment():
    return Environment(events=Events())


def test_a_fact_is_a_row_and_in_no_total(environment):
    auth_rows.log(environment, TOKEN)
    auth_rows.log(environment, FAILED)
    stats = environment.stats
    assert {key: (one.num_requests, one.num_failures) for key, one in stats.entries.items()} == {
        ("learn:auth/token", "AUTH"): (1, 0),
        ("learn:auth/renewal", "AUTH"): (1, 1),
    }
    assert stats.get("learn:auth/token", "AUTH").avg_response_time == 250.5
    assert (stats.total.num_requests, stats.total.num_failures, stats.num_requests, stats.num_failures) == (0, 0, 0, 0)
    assert stats.errors == {}


def test_no_request_event_is_fired(environment):
    fired = []
    environment.events.request.add_listener(lambda **fields: fired.append(fields))
    auth_rows.log(environment, TOKEN)
    assert fired == []


def test_a_workers_rows_reach_its_master_and_none_of_its_totals(environment):
    auth_rows.log(environment, FAILED)
    auth_rows.log(environment, FAILED)
    (report,) = environment.stats.serialize_stats()
    master = Environment(events=Events())
    runner = master.create_master_runner("127.0.0.1", free_port())
    total = environment.stats.total.get_stripped_report()
    data = {"stats": [report], "stats_total": total, "errors": {}, "user_count": 1}
    master.events.worker_report.fire(client_id="w", data=data)
    row = master.stats.get("learn:auth/renewal", "AUTH")
    assert isinstance(row, StatsEntry) and (row.num_requests, row.num_failures) == (2, 2)
    assert master.stats.total.num_requests == 0
    runner.quit()


def ended_run(fake, *arguments):
    process = LocustProcess(
        fake.folder,
        *("--headless", "-u", "3", "-r", "3", "-t", "3s", "--exit-code-on-error", "7"),
        *("--csv", str(fake.folder / "stats"), "--html", str(fake.folder / "report.html")),
        *arguments,
        text=GOOD_USER,
    )
    code = process.wait()
    return SimpleNamespace(code=code, process=process)


@pytest.mark.parametrize("processes", [1, 2])
def test_totals_ratios_exit_code_and_record_are_those_of_the_calls(fake, processes):
    fake.configure(auth=[TOKEN, FAILED])
    port = str(free_port())
    several = ("--processes", "2", "--master-port", port, "--master-bind-port", port) if processes > 1 else ()
    ran = ended_run(fake, *several)
    assert ran.code == 0, ran.process.said()
    assert "Traceback" not in ran.process.said()

    with (fake.folder / "stats_stats.csv").open() as file:
        rows = {row["Name"]: row for row in csv.DictReader(file)}
    total, auth = rows.pop("Aggregated"), {name: rows.pop(name) for name in (TOKEN["name"], FAILED["name"])}
    assert {one["Type"] for one in auth.values()} == {"AUTH"}
    assert int(total["Request Count"]) == sum(int(row["Request Count"]) for row in rows.values())
    assert int(total["Failure Count"]) == 0
    # One of each with every call; the file may be a second older than the end.
    calls = rows["learn:tools/call:look"]["Request Count"]
    assert {name: (one["Request Count"], one["Failure Count"]) for name, one in auth.items()} == {
        TOKEN["name"]: (calls, "0"),
        FAILED["name"]: (calls, calls),
    }
    assert (fake.folder / "stats_failures.csv").read_text().count("\n") == 1  # its head
    assert "learn:auth/token" in (fake.folder / "report.html").read_text()

    (finished,) = fake.read("finished.jsonl")
    assert finished["locust"]["learn:tools/call:look"] == [fake.counts()[("learn:tools/call:look", "ok")], 0]
    assert not any(":auth/" in name for name in finished["locust"])
    stops = [line["tally"] for line in fake.read("lines.jsonl") if line["op"] == "stop"]
    tokens = sum(tally[TOKEN["name"]]["ok"] for tally in stops)
    renewals = sum(tally[FAILED["name"]]["auth"] for tally in stops)
    assert tokens == renewals == fake.counts()[("learn:tools/call:look", "ok")]
