"""`autoStop`: when a run that only fails is ended. The clock is the test's."""

import json
from types import SimpleNamespace

import gevent
import pytest
from locust import User, constant, task
from locust.env import Environment

import auto_stop
from auto_stop import LEAST_OPERATIONS, FailureWindow, watch
from locust_process import HEAD, LocustProcess, free_port, until
from run_plan import EndReason
from run_time import RunTime


def reasons(window, readings):
    """What the window says to each reading (second, operations, failures)."""
    return [window.see(*reading) for reading in readings]


def test_nothing_is_judged_before_a_whole_window_has_passed():
    window = FailureWindow(90, 60)
    assert reasons(window, [(float(second), second * 10, second * 10) for second in range(60)]) == [None] * 60
    assert window.see(60.0, 600, 600) == "auto-stop: 100% of 600 operations failed within 60 s"


def test_a_share_that_is_just_allowed_ends_nothing():
    window = FailureWindow(95, 60)
    assert reasons(window, [(0.0, 0, 0), (60.0, 120, 114)]) == [None, None]
    assert window.see(61.0, 140, 134) == "auto-stop: 95.7% of 140 operations failed within 60 s"


def test_what_was_good_before_the_window_saves_nobody():
    window = FailureWindow(50, 10)
    good = [(float(second), second * 100, 0) for second in range(30)]
    bad = [(29.0 + second, 2900 + second * 100, second * 100) for second in range(1, 7)]
    assert reasons(window, good + bad[:5]) == [None] * 35
    assert window.see(*bad[5]) == "auto-stop: 60% of 1000 operations failed within 10 s"


def test_what_failed_before_the_window_ends_nothing():
    window = FailureWindow(10, 5)
    assert reasons(window, [(0.0, 0, 0), (4.0, 100, 100), (9.0, 200, 100), (12.0, 300, 100)]) == [None] * 4


@pytest.mark.parametrize("ended", [LEAST_OPERATIONS - 1, LEAST_OPERATIONS])
def test_a_handful_of_operations_is_no_ground_for_an_end(ended):
    window = FailureWindow(0, 1)
    window.see(0.0, 0, 0)
    assert (window.see(1.0, ended, ended) is None) == (ended < LEAST_OPERATIONS)


def test_statistics_that_were_reset_begin_a_new_window():
    window = FailureWindow(50, 10)
    reset = [(0.0, 0, 0), (9.0, 500, 400), (10.0, 20, 20), (19.0, 100, 100)]
    assert reasons(window, reset) == [None] * 4
    assert window.see(20.0, 110, 110) == "auto-stop: 100% of 90 operations failed within 10 s"


def test_failures_that_fall_alone_are_a_reset_too():
    window = FailureWindow(50, 10)
    assert reasons(window, [(0.0, 0, 0), (9.0, 400, 350), (10.0, 500, 20), (19.0, 600, 30)]) == [None] * 4
    assert window.see(20.0, 610, 130) == "auto-stop: 100% of 110 operations failed within 10 s"


def test_more_failures_than_operations_are_judged_by_nobody():
    window = FailureWindow(50, 10)
    assert reasons(window, [(0.0, 400, 0), (10.0, 410, 300)]) == [None] * 2


class DrainingUser(User):
    """Stumbles as long as it runs, and longer while it goes."""

    wait_time = constant(0)

    @task
    def stumble(self):
        self.fail()
        gevent.sleep(0)

    def on_stop(self):
        for _ in range(200):
            self.fail()
            gevent.sleep(0.001)

    def fail(self):
        fields = {"request_type": "MCP", "name": "x", "response_time": 1, "response_length": 0}
        self.environment.events.request.fire(**fields, exception=RuntimeError(), context={})


@pytest.fixture
def watched(monkeypatch):
    """:returns: a run that only fails, the reason of its end, and a clock that each look moves by a `step`"""
    clock = {"now": 0.0, "step": 0.0}

    def monotonic():
        clock["now"] += clock["step"]
        return clock["now"]

    monkeypatch.setattr(auto_stop, "LOOK_EVERY_S", 0.001)
    monkeypatch.setattr(auto_stop, "time", SimpleNamespace(monotonic=monotonic))
    environment = Environment(user_classes=[DrainingUser], stop_timeout=20)
    reason = EndReason(environment, RunTime(environment))
    watch(environment, {"errorPercentage": 50, "timeWindow": 20}, reason)
    runner = environment.create_local_runner()
    runner.start(1, 1)
    gevent.sleep(0.05)
    yield environment, reason, clock
    runner.quit()


def test_a_run_that_is_ending_already_is_not_ended_for_its_failures(watched):
    environment, reason, clock = watched
    assert environment.stats.total.num_failures > LEAST_OPERATIONS
    environment.events.test_stopping.add_listener(lambda **_: clock.update(step=10.0))
    environment.runner.quit()
    assert (environment.process_exit_code, reason.auto_stop) == (None, None)


def test_the_same_run_is_ended_when_nobody_else_ends_it(watched):
    environment, reason, clock = watched
    clock["step"] = 10.0
    until(lambda: gevent.sleep(0.01) or reason.auto_stop)
    assert environment.process_exit_code == 1


def test_what_was_counted_before_a_reset_counts_no_more(watched):
    environment, reason, clock = watched
    clock["now"] = 15.0
    environment.events.reset_stats.fire()
    gevent.sleep(0.05)
    clock["now"] = 30.0
    gevent.sleep(0.05)
    assert reason.auto_stop is None
    clock["now"] = 36.0
    until(lambda: gevent.sleep(0.01) or reason.auto_stop)


FAILING = (
    HEAD
    + """
class LearnUser(McpUser):
    server = "learn"
    wait_time = constant(0.05)
    discover = False

    @task
    def stumble(self):
        self.client.call_tool("broken")
"""
)
LIMITS = {"errorPercentage": 50, "timeWindow": 1}


def settings(fake, auto_stop):
    fake.configure()
    configured = json.loads((fake.folder / "fake.json").read_text())["settings"]
    fake.configure(settings={**configured, "autoStop": auto_stop})


@pytest.fixture
def start(fake):
    started = []

    def locust(*arguments, **environ):
        process = LocustProcess(
            fake.folder, "--headless", "--only-summary", "-u", "4", "-r", "4", *arguments, text=FAILING, environ=environ
        )
        started.append(process)
        return process

    yield locust
    for process in started:
        if process.process.poll() is None:
            process.kill()


def stops(fake):
    return [line for line in fake.read("lines.jsonl") if line["op"] == "stop"]


def test_a_run_that_only_fails_is_ended_with_its_record_complete(fake, start):
    settings(fake, LIMITS)
    process = start("-t", "60s", "--exit-code-on-error", "0")
    assert process.wait() == 1
    (stop,) = stops(fake)
    assert stop["reason"].startswith("auto-stop: ") and stop["reason"].endswith(" operations failed within 1 s")
    assert process.said().count(stop["reason"]) == 1
    assert "autoStop in loadtest.yaml allows 50%" in process.said()
    assert len(fake.read("finished.jsonl")) == 1
    assert "Traceback" not in process.said()


@pytest.mark.parametrize("words", ["disable", None])
def test_without_limits_nobody_watches(words):
    environment = Environment()
    watch(environment, words, EndReason(environment, RunTime(environment)))
    watched = len(environment.events.test_start._handlers)
    watch(environment, LIMITS, EndReason(environment, RunTime(environment)))
    assert (watched, len(environment.events.test_start._handlers)) == (1, 3)


def test_an_engine_leaves_the_end_to_azure(fake, start):
    settings(fake, LIMITS)
    process = start("-t", "3s", SWARMBRIDGE_ENGINES="2")
    process.wait()
    assert [stop["reason"] for stop in stops(fake)] == ["run time reached"]


def test_the_master_of_workers_ends_the_run_of_all(fake, start):
    settings(fake, LIMITS)
    port = str(free_port())
    process = start("-t", "60s", "--processes", "2", "--master-port", port, "--master-bind-port", port)
    until(lambda: len(stops(fake)) == 2, 40)
    assert process.wait() == 1
    assert all(stop["reason"].startswith("auto-stop: ") for stop in stops(fake))
