"""Turns of users in this process, against a fake bridge: when they are counted, as what, and with which time."""

import gevent
import pytest
from locust import SequentialTaskSet, TaskSet, task
from locust.exception import RescheduleTask, StopUser

from in_process import Base, run_once, running, until
from mcp_errors import McpAssertionError, McpToolError
from mcp_user import McpUser
from parallel import call

NAME = "learn:turn:research"


def told(fake):
    return [line for line in fake.read("lines.jsonl") if line["op"] == "turn"]


def reasons(fake):
    return [line["reason"] for line in told(fake)]


def tally(fake):
    (stop,) = [line for line in fake.read("lines.jsonl") if line["op"] == "stop"]
    return stop["tally"].get(NAME)


def turn_of(fake, body, error=None):
    """Runs `body(user)` once in a turn. :param error: what leaves the block"""

    def in_turn(user):
        if error is None:
            with user.turn("research"):
                body(user)
        else:
            with pytest.raises(error), user.turn("research"):
                body(user)
        return True

    return run_once(in_turn)


def row(environment):
    one = environment.stats.entries[(NAME, "TURN")]
    return one.num_requests, one.num_failures


def test_a_turn_goes_from_its_first_call_sent_to_its_last_calls_end(fake):
    def body(user):
        user.client.call_tool("look")
        gevent.sleep(0.05)
        user.client.call_tool("look")

    _, environment, requests = turn_of(fake, body)
    (line,) = told(fake)
    assert (line["server"], line["turn"], line["reason"]) == ("learn", "research", None)
    calls = [one for one in requests if one["name"].endswith(":look")]
    assert line["to"] - line["from"] >= 50 + calls[1]["response_time"]
    first = next(one for one in fake.read("ended.jsonl") if one["name"].endswith(":look"))
    assert line["at"] == pytest.approx(first["at"], abs=0.01)
    assert tally(fake) == {"ok": 1}
    assert row(environment) == (1, 0)
    took_ms = environment.stats.entries[(NAME, "TURN")].max_response_time
    assert took_ms == pytest.approx(line["to"] - line["from"], abs=0.01)


def test_a_turn_is_in_no_total_and_no_request_event(fake):
    _, environment, requests = turn_of(fake, lambda user: user.client.call_tool("look"))
    names = [one["name"] for one in requests]
    assert NAME not in names
    assert environment.stats.total.num_requests == len(names)


def caught_failure(user):
    for tool in ("broken", "limited"):
        try:
            user.client.call_tool(tool)
        except Exception:
            continue


def own_fault(user):
    user.client.call_tool("look")
    raise KeyError("no such thing")


def own_fault_after_a_failure(user):
    caught_failure(user)
    raise KeyError("no such thing")


def late_judgement(user):
    user.client.call_tool("look")
    user.expect(False, "not what was asked for")


def own_limit(user):
    with gevent.Timeout(0.05):
        user.client.call_tool("never")


def control_flow(error):
    def body(user):
        user.client.call_tool("look")
        raise error

    return body


ENDINGS = {
    "a failed call": (lambda user: user.client.call_tool("broken"), McpToolError, "tool-error"),
    "the first of two failed calls, both caught": (caught_failure, None, "tool-error"),
    "a failed expect of a call": (
        lambda user: user.client.call_tool("look", expect="%"),
        McpAssertionError,
        "assertion",
    ),
    "a failed expect after a call": (late_judgement, McpAssertionError, "assertion"),
    "an exception of the test's own": (own_fault, KeyError, "assertion"),
    "a failed call before an exception of the test's own": (own_fault_after_a_failure, KeyError, "tool-error"),
    "a call that the test gave up": (own_limit, gevent.Timeout, "cancelled"),
    "the first failure of several calls at once": (
        lambda user: user.client.parallel([call("look"), call("broken"), call("limited")]),
        McpToolError,
        "tool-error",
    ),
    "calls at once whose errors are returned": (
        lambda user: user.client.parallel([call("limited"), call("broken")], errors="return"),
        None,
        "http-429",
    ),
    "a task that asks for the next one": (control_flow(RescheduleTask()), RescheduleTask, None),
    "a user that stops itself": (control_flow(StopUser()), StopUser, None),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_turn_counts_once_with_the_reason_of(fake, ending):
    body, error, reason = ENDINGS[ending]
    _, environment, _ = turn_of(fake, body, error)
    assert reasons(fake) == [reason]
    assert tally(fake) == {reason or "ok": 1}
    assert row(environment) == (1, 1 if reason else 0)


def test_a_turn_without_calls_counts_as_nothing(fake):
    _, environment, _ = turn_of(fake, lambda user: None)
    assert told(fake) == [] and tally(fake) is None
    assert (NAME, "TURN") not in environment.stats.entries


def test_what_a_user_does_in_a_new_session_is_not_part_of_its_turn(fake):
    class Unopened(Base):
        def on_start(self):
            pass

        @task
        def act(self):
            with self.turn("research"):
                self.client.call_tool("look")

    with running(Unopened):
        until(lambda: told(fake))
    looks = [one for one in fake.read("ended.jsonl") if one["name"].endswith(":look")]
    assert told(fake)[0]["at"] == pytest.approx(looks[0]["at"], abs=0.01)


def test_turns_do_not_nest_and_the_outer_one_goes_on(fake):
    def body(user):
        with pytest.raises(RuntimeError, match="'inner' begins inside of turn 'research'"), user.turn("inner"):
            pass
        user.client.call_tool("look")

    turn_of(fake, body)
    assert [(line["turn"], line["reason"]) for line in told(fake)] == [("research", None)]


def test_a_turn_needs_a_name(fake):
    def body(user):
        with pytest.raises(ValueError, match="needs a name"):
            user.turn("")
        return True

    run_once(body)


@pytest.mark.parametrize("parent", [None, TaskSet, SequentialTaskSet])
def test_a_failed_call_in_a_turn_leaves_the_task_and_the_next_turn_begins(fake, parent):
    def stumble(self):
        user = self if isinstance(self, McpUser) else self.user
        with user.turn("research"):
            self.client.call_tool("broken")
            self.client.call_tool("look")

    tasks = [type("Chain", (parent,), {"tasks": [stumble]})] if parent else [stumble]
    with running(type("StumblingUser", (Base,), {"tasks": tasks})) as (environment, _):
        until(lambda: len(told(fake)) > 2)
        assert environment.runner and not environment.runner.exceptions
        assert set(reasons(fake)) == {"tool-error"}
    assert not fake.counts()[("learn:tools/call:look", "ok")]


def test_calls_of_greenlets_that_a_turn_waits_for_are_part_of_it(fake):
    def body(user):
        gevent.joinall([gevent.spawn(user.client.call_tool, "slow") for _ in range(2)])

    turn_of(fake, body)
    (line,) = told(fake)
    begun = [one["at"] for one in fake.read("ended.jsonl") if one["name"].endswith(":slow")]
    assert line["at"] == pytest.approx(min(begun), abs=0.01)
    assert line["to"] >= max(begun) + 990


def test_a_user_that_is_stopped_in_a_turn_has_it_cancelled(fake):
    begun = []

    class Waiting(Base):
        @task
        def wait(self):
            with self.turn("research"):
                begun.append(self)
                self.client.call_tool("slow")

    with running(Waiting) as (environment, _):
        until(lambda: begun)
        runner = environment.runner
        assert runner
        runner.stop()
    assert reasons(fake) == ["cancelled"]
    assert tally(fake) == {"cancelled": 1}
    # The call that was under way had its moment to end, and is counted as what it came to.
    assert fake.counts()[("learn:tools/call:slow", "ok")] == 1


def test_under_an_arrival_rate_a_turn_begins_at_its_planned_start(fake):
    class Arriving(Base):
        discover = False
        arrivals_per_second = 40

        @task
        def act(self):
            with self.turn("research"):
                self.client.call_tool("look")

    with running(Arriving) as (environment, _):
        until(lambda: len(told(fake)) >= 3)
    looks = [one["at"] for one in fake.read("ended.jsonl") if one["name"].endswith(":look")]
    assert [line["at"] for line in told(fake)] == pytest.approx(looks[: len(told(fake))], abs=0.01)
    # Locust has the time from there as well.
    slowest_ms = environment.stats.entries[(NAME, "TURN")].max_response_time
    assert slowest_ms == pytest.approx(max(line["to"] - line["at"] for line in told(fake)), abs=0.01)
