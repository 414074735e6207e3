"""Whole runs of Locust as a process of its own, ended in every way: each count is the same everywhere."""

import json
import os
import shutil
import signal
import urllib.error
import urllib.request
from collections import Counter
from typing import Any

import pytest

from conftest import SETTINGS, is_alive
from locust_process import BUSY_USER, HEAD, LocustProcess, free_port, until

HEADLESS = ("--headless", "--only-summary", "-u", "6", "-r", "6")


def flat(tallies):
    """Counts by name and outcome, of several processes together."""
    sums = Counter()
    for tally in tallies:
        for name, outcomes in tally.items():
            sums.update({(name, outcome): count for outcome, count in outcomes.items()})
    return sums


def as_locust_counts(counts):
    names = {name for name, _ in counts}
    return {
        name: [
            sum(count for (one, _), count in counts.items() if one == name),
            sum(count for (one, outcome), count in counts.items() if one == name and outcome != "ok"),
        ]
        for name in names
    }


def judged(fake):
    """What the fake bridge counted, with the marks applied as a real bridge does."""
    counts = fake.counts()
    for line in fake.read("lines.jsonl"):
        if line["op"] == "mark":
            counts[("learn:tools/call:look", "ok")] -= 1
            counts[("learn:tools/call:look", "assertion")] += 1
    return +counts


def stops(fake):
    return [line for line in fake.read("lines.jsonl") if line["op"] == "stop"]


def starts(fake):
    return [line for line in fake.read("lines.jsonl") if line["op"] == "start"]


def bridges(fake):
    return [line["pid"] for line in fake.read("started.jsonl")]


def two_processes():
    """On a port of their own: Locust's fixed one would let in the workers of another run on this machine."""
    port = str(free_port())
    return ("--processes", "2", "--master-port", port, "--master-bind-port", port)


@pytest.fixture
def run(fake):
    running = []

    def start(*arguments, **keywords):
        process = LocustProcess(fake.folder, *arguments, **keywords)
        running.append(process)
        return process

    yield start
    for process in running:
        if process.process.poll() is None:
            process.kill()


ENDS = {
    "run time reached": lambda process: None,
    "Ctrl-C": lambda process: process.signal_group(signal.SIGINT),
    "SIGTERM": lambda process: process.signal(signal.SIGTERM),
}


@pytest.mark.parametrize("reason", ENDS)
def test_every_operation_is_counted_once_by_all_three(fake, run, reason):
    limit = ("-t", "4s") if reason == "run time reached" else ()
    process = run(*HEADLESS, "--json", *limit)
    until(lambda: fake.counts()[("learn:tools/call:look", "ok")] > 8)
    ENDS[reason](process)
    assert process.wait() == 1  # Locust's own code for a run with failures

    counted = judged(fake)
    assert counted[("learn:tools/call:look", "assertion")] > 0
    assert [stop["reason"] for stop in stops(fake)] == [reason]
    assert flat(stop["tally"] for stop in stops(fake)) == counted
    assert process.counts() == as_locust_counts(counted)
    assert counted[("learn:session/delete", "ok")] == 6
    finished = fake.read("finished.jsonl")
    assert [one["locust"] for one in finished] == [process.counts()]
    assert "SUMMARY OF" in process.said()  # --json owns the standard output
    assert not any(is_alive(pid) for pid in bridges(fake))
    assert "Traceback" not in process.said()


def test_a_second_sigterm_while_the_first_is_being_obeyed_costs_no_record(fake, run):
    process = run(*HEADLESS)
    until(lambda: fake.counts()[("learn:tools/call:slow", "ok")] > 2)
    process.signal(signal.SIGTERM)
    until(lambda: "Got SIGTERM" in process.said())
    process.signal(signal.SIGTERM)
    process.wait()
    assert flat(stop["tally"] for stop in stops(fake)) == judged(fake)
    assert len(fake.read("finished.jsonl")) == 1


def test_the_summary_is_printed_after_locusts_tables(fake, run):
    process = run(*HEADLESS, "-t", "1s")
    process.wait()
    assert process.output.rstrip().splitlines()[-1].startswith("SUMMARY OF")


def test_a_quiet_run_prints_our_summary_without_locusts_tables_and_keeps_its_warnings(fake, run):
    text = BUSY_USER + "import logging; logging.getLogger('locust').warning('a warning of Locust')\n"
    process = run("--headless", "-u", "6", "-r", "6", "-t", "3s", text=text, environ={"SWARMBRIDGE_QUIET": "1"})
    process.wait()
    assert "SUMMARY OF" in process.output
    everything = process.output + process.said()
    assert "Aggregated" not in everything and "Response time percentiles" not in everything
    assert "a warning of Locust" in process.said()


def test_processes_make_one_run_of_several_parts(fake, run):
    process = run(*HEADLESS, "-t", "3s", *two_processes())
    process.wait()
    begun = starts(fake)
    assert sorted(line["part"] for line in begun) == ["worker-0", "worker-1"]
    assert len({line["run"] for line in begun}) == 1
    assert sorted(line["share"]["index"] for line in begun) == [0, 1]
    assert {line["share"]["of"] for line in begun} == {2}
    assert [stop["reason"] for stop in stops(fake)] == ["run time reached"] * 2
    assert flat(stop["tally"] for stop in stops(fake)) == judged(fake)
    assert [one["folder"] for one in fake.read("finished.jsonl")] == [str(fake.folder / "results" / begun[0]["run"])]
    assert not any(is_alive(pid) for pid in bridges(fake))


def test_a_worker_that_comes_later_joins_the_run_and_the_shares_change(fake, run):
    port = str(free_port())
    master = run(*HEADLESS, "--master", "--master-bind-port", port, "--expect-workers", "1", "-t", "6s")
    first = run("--worker", "--master-port", port)
    until(lambda: fake.counts()[("learn:tools/call:look", "ok")] > 5)
    second = run("--worker", "--master-port", port)
    shares = until(lambda: [line for line in fake.read("lines.jsonl") if line["op"] == "share"])
    assert shares[0]["share"] == {"index": 0, "of": 2}
    assert [one.wait() for one in (master, first, second)][0] == 1
    begun = {line["part"]: line for line in starts(fake)}
    assert set(begun) == {"worker-0", "worker-1"}
    assert begun["worker-0"]["run"] == begun["worker-1"]["run"]
    assert begun["worker-1"]["share"] == {"index": 1, "of": 2}
    assert flat(stop["tally"] for stop in stops(fake)) == judged(fake)


def test_a_bridge_that_is_replaced_hears_first_the_share_of_the_start_which_decides_about_identities(fake, run):
    port = str(free_port())
    master = run(*HEADLESS, "--master", "--master-bind-port", port, "--expect-workers", "1", "-t", "30s")
    run("--worker", "--master-port", port)
    until(lambda: fake.counts()[("learn:tools/call:look", "ok")] > 5)
    run("--worker", "--master-port", port)
    until(lambda: [line for line in fake.read("lines.jsonl") if line["op"] == "share"])
    os.kill(bridges(fake)[0], signal.SIGKILL)
    until(lambda: [line["part"] for line in starts(fake)].count("worker-0") == 2)
    until(lambda: len([line for line in fake.read("lines.jsonl") if line["op"] == "share"]) == 2)
    master.signal(signal.SIGTERM)
    master.wait()
    mine = [line["share"] for line in starts(fake) if line["part"] == "worker-0"]
    assert mine == [{"index": 0, "of": 1}] * 2
    shares = [line["share"] for line in fake.read("lines.jsonl") if line["op"] == "share"]
    assert shares == [{"index": 0, "of": 2}] * 2


def test_a_killed_bridge_costs_no_count_and_no_user(fake, run):
    process = run(*HEADLESS, "--json")
    until(lambda: fake.counts()[("learn:tools/call:slow", "ok")] > 2)
    os.kill(bridges(fake)[0], signal.SIGKILL)
    until(lambda: len(bridges(fake)) == 2)
    second = bridges(fake)[1]
    until(lambda: sum(one["pid"] == second and "initialize" in one["name"] for one in fake.read("ended.jsonl")) == 6)
    until(lambda: sum(one["pid"] == second and "slow" in one["name"] for one in fake.read("ended.jsonl")) > 2)
    process.signal(signal.SIGTERM)
    process.wait()

    begun = starts(fake)
    assert len({line["run"] for line in begun}) == 1
    assert begun[0]["tally"] is None
    assert begun[1]["tally"]["learn:tools/call:slow"]["bridge"] >= 1
    tally = flat(stop["tally"] for stop in stops(fake))
    assert process.counts() == as_locust_counts(tally)
    lost = sum(count for (_, outcome), count in tally.items() if outcome == "bridge")
    assert lost <= 6  # no more than one operation a user: later ones waited for the new bridge
    # What the dead bridge had ended but could not tell any more is at most what was under way.
    assert sum(judged(fake).values()) <= sum(tally.values()) <= sum(judged(fake).values()) + lost


def test_a_successor_that_dies_while_it_takes_the_run_over_is_replaced_by_one_bridge(fake, run):
    fake.configure(dieOnResume=True)
    process = run(*HEADLESS, "--json")
    until(lambda: fake.counts()[("learn:tools/call:look", "ok")] > 5)
    os.kill(bridges(fake)[0], signal.SIGKILL)
    until(lambda: len(bridges(fake)) == 3)
    third = bridges(fake)[2]
    until(lambda: sum(one["pid"] == third and "slow" in one["name"] for one in fake.read("ended.jsonl")) > 2)
    process.signal(signal.SIGTERM)
    process.wait()
    assert len(bridges(fake)) == 3
    assert process.counts() == as_locust_counts(flat(stop["tally"] for stop in stops(fake)))
    assert not any(is_alive(pid) for pid in bridges(fake))


def test_a_killed_locust_takes_its_bridge_along(fake, run):
    process = run(*HEADLESS)
    until(lambda: fake.counts()[("learn:tools/call:look", "ok")] > 5)
    process.kill()
    until(lambda: not is_alive(bridges(fake)[0]), limit_s=5)


class Web:
    """A Locust with its web UI, and what a browser would send to it."""

    def __init__(self, run, *arguments, **keywords):
        self.port = free_port()
        self.process = run("--web-host", "127.0.0.1", "--web-port", str(self.port), *arguments, **keywords)
        until(lambda: self.ask("/"))

    def ask(self, path, data=None) -> Any:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", data=data, timeout=5) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def start(self, form=b""):
        assert "Swarming started" in str(self.ask("/swarm", b"user_count=4&spawn_rate=4" + form))

    def stop(self):
        if self.ask("/stop") == 405:  # Locust 2.33 stops with GET, later ones with POST
            self.ask("/stop", b"")

    def end(self):
        self.process.signal_group(signal.SIGINT)
        self.process.wait()


def test_stop_and_start_in_the_web_ui_are_two_runs(fake, run):
    web = Web(run)
    for number in (1, 2):
        seen = fake.counts()[("learn:tools/call:look", "ok")]
        web.start()
        until(lambda seen=seen: fake.counts()[("learn:tools/call:look", "ok")] > seen + 5)
        web.stop()
        until(lambda number=number: web.process.said().count("The record of the run lies in") == number)
    web.end()

    assert [stop["reason"] for stop in stops(fake)] == ["stopped in the web UI"] * 2
    assert len({line["run"] for line in starts(fake)}) == 2
    assert flat(stop["tally"] for stop in stops(fake)) == judged(fake)
    finished = fake.read("finished.jsonl")
    assert [one["locust"] for one in finished] == [as_locust_counts(flat([stop["tally"]])) for stop in stops(fake)]


def test_a_start_in_the_web_ui_has_the_run_time_of_its_own_form(fake, run):
    web = Web(run, "-t", "2s")
    for number, form in enumerate((b"&run_time=", b"&run_time=3s", b""), start=1):
        web.start(form)
        until(lambda number=number: len(starts(fake)) == number)
        if form != b"&run_time=3s":
            # Longer than the run time that these starts do not have.
            seen = fake.counts()[("learn:tools/call:slow", "ok")]
            until(lambda seen=seen: fake.counts()[("learn:tools/call:slow", "ok")] > seen + 8)
            web.stop()
        until(lambda number=number: len(stops(fake)) == number)
    web.end()
    assert [line["plan"]["runTime"] for line in starts(fake)] == [None, 3, None]
    reasons = [stop["reason"] for stop in stops(fake)]
    assert reasons == ["stopped in the web UI", "run time reached", "stopped in the web UI"]


SHORT_SHAPE = BUSY_USER + (
    "from locust import LoadTestShape\n"
    "class Short(LoadTestShape):\n"
    "    def tick(self):\n"
    "        return (3, 3) if self.get_run_time() < 2 else None\n"
)


def test_a_load_shape_that_ends_is_the_reason_of_the_end(fake, run):
    process = run("--headless", "--only-summary", "-t", "1s", text=SHORT_SHAPE)
    process.wait()
    assert [stop["reason"] for stop in stops(fake)] == ["the load shape ended"]
    assert [(line["plan"]["shape"], line["plan"]["runTime"]) for line in starts(fake)] == [("Short", None)]


def test_a_load_shape_ends_or_is_stopped_in_the_web_ui(fake, run):
    web = Web(run, text=SHORT_SHAPE)
    web.start()
    until(lambda: len(stops(fake)) == 1)
    web.start()
    until(lambda: len(starts(fake)) == 2)
    web.stop()
    until(lambda: len(stops(fake)) == 2)
    web.end()
    assert [stop["reason"] for stop in stops(fake)] == ["the load shape ended", "stopped in the web UI"]


def test_a_run_that_is_refused_says_so_in_the_web_ui(fake, run):
    fake.configure(refuseStart="results/ cannot be written.")
    web = Web(run)
    web.start()
    until(lambda: b"results/ cannot be written." in web.ask("/exceptions"))
    web.end()


def test_a_run_that_a_worker_refuses_says_so_in_the_masters_web_ui(fake, run):
    fake.configure(refuseStart="results/ cannot be written.")
    port = str(free_port())
    web = Web(run, "--master", "--master-bind-port", port)
    run("--worker", "--master-port", port)
    until(lambda: json.loads(web.ask("/stats/requests"))["workers"])
    web.start()
    until(lambda: b"results/ cannot be written." in web.ask("/exceptions"))
    web.end()


def test_every_file_of_a_folder_as_a_locustfile_makes_one_bridge_and_one_run(fake, run, locustfiles):
    folder = fake.folder / "flat"
    folder.mkdir()
    servers = ("any_server", "azure_devops", "context7", "github", "learn")
    for file in locustfiles.glob("*.py"):
        if file.stem not in servers:
            shutil.copy(file, folder)
    # One is executed before the helpers, one after them: they derive from two classes of the name McpUser.
    imports = "from locust import task, constant\nfrom mcp_user import McpUser\n"
    user = "class {name}(McpUser):\n    server = 'learn'\n    wait_time = constant(0.1)\n"
    task = "    @task\n    def look(self):\n        self.client.call_tool('{name}')\n"
    for name in ("alpha", "zeta"):
        (folder / f"{name}.py").write_text((imports + user + task).format(name=name))
    process = run(*HEADLESS, "-t", "2s", "--json", locustfile=folder)
    assert process.wait() == 0
    assert len(bridges(fake)) == len(starts(fake)) == len(fake.read("finished.jsonl")) == 1
    counted = judged(fake)
    assert counted[("learn:tools/call:alpha", "ok")] > 1 and counted[("learn:tools/call:zeta", "ok")] > 1
    sessions = [opened["session"] for opened in fake.read("opens.jsonl")]
    assert len(sessions) == len(set(sessions)) > 1
    assert process.counts() == as_locust_counts(counted)


@pytest.mark.parametrize("seconds", [5, 30])
def test_a_slow_delete_is_counted_and_one_that_is_given_up_is_not_claimed(fake, run, seconds):
    fake.configure(deleteS=seconds)
    process = run("--headless", "--only-summary", "-u", "2", "-r", "2", "-t", "1s", "--json")
    process.wait()
    deletes = {"learn:session/delete": {"ok": 2}} if seconds == 5 else {}
    tally = stops(fake)[0]["tally"]
    assert {name: counts for name, counts in tally.items() if "delete" in name} == deletes
    assert process.counts() == as_locust_counts(flat([tally]))


REFUSALS = {
    "no bundle": ({"SWARMBRIDGE_BUNDLE": "/nowhere/bridge.cjs"}, {}, "type `npm run build`"),
    "no Node": ({"SWARMBRIDGE_NODE": "/nowhere/node"}, {}, "npm install"),
    "an old bundle": ({}, {"v": 2}, "speaks link version 2, not 1: type `npm run build`"),
    "a wrong configuration": ({}, {"refuse": "loadtest.yaml:3:5 weight must be a number."}, "loadtest.yaml:3:5"),
    "a bridge that dies at once": ({}, {"dieAtOnce": True}, "ended before it said hello"),
    "a record that cannot be written": ({}, {"refuseStart": "results/ cannot be written."}, "cannot be written"),
}


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_fault_is_one_sentence_and_the_exit_code_3(fake, run, fault):
    environ, configuration, sentence = REFUSALS[fault]
    fake.configure(**configuration)
    process = run(*HEADLESS, "-t", "20s", environ=environ)
    assert process.wait() == 3
    assert sentence in process.said()
    assert "Traceback" not in process.said()
    assert fake.counts() == Counter()


def test_a_typo_in_a_servers_name_names_the_near_one(fake, run):
    process = run(*HEADLESS, text=BUSY_USER.replace('"learn"', '"lern"'))
    assert process.wait() == 3
    assert "LearnUser wants the server 'lern'; loadtest.yaml has learn. Did you mean 'learn'?" in process.said()


def test_a_class_without_a_server_is_refused(fake, run):
    process = run(*HEADLESS, text=BUSY_USER.replace('    server = "learn"\n', ""))
    assert process.wait() == 3
    assert "LearnUser names no server" in process.said()


def test_weights_that_are_all_zero_are_refused(fake, run):
    fake.configure(settings={**SETTINGS, "servers": {"learn": {**SETTINGS["servers"]["learn"], "weight": 0}}})
    process = run(*HEADLESS, "-t", "2s")
    assert process.wait() == 3
    assert "All weights are 0" in process.said()


def test_a_master_refuses_too(fake, run):
    fake.configure(refuse="loadtest.yaml:1:1 nothing is right.")
    process = run(*HEADLESS, *two_processes())
    assert process.wait() == 3
    assert "nothing is right" in process.said()


def test_an_unhandled_error_of_a_task_keeps_locusts_behaviour(fake, run):
    text = HEAD + (
        "class LearnUser(McpUser):\n"
        "    server = 'learn'\n"
        "    wait_time = constant(0.05)\n"
        "    @task\n"
        "    def fail(self):\n"
        "        self.client.call_tool('look')\n"
        "        raise KeyError('a mistake of the author')\n"
    )
    process = run(*HEADLESS, "-t", "1s", "--json", text=text)
    process.wait()
    assert "a mistake of the author" in process.said()
    assert process.counts()["learn:tools/call:look"][1] == 0
