"""McpUser and its client in this process, against a fake bridge: what tasks see, and what Locust counts."""

import re
from contextlib import suppress
from types import SimpleNamespace

import gevent
import pytest
from locust import SequentialTaskSet, TaskSet, constant, task
from locust.env import Environment
from locust.event import Events

import mcp_user
import user_session
from in_process import Base, counts, run_once, running, until
from mcp_errors import McpAssertionError, McpConnectError, McpRateLimited, McpSessionLost, McpToolError


def test_a_result_has_text_structure_timing_and_is_searched_with_in(fake):
    def body(user):
        return user.client.call_tool("look", {"query": "héllo"})

    result, _, requests = run_once(body)
    assert "query" in result and "nothing" not in result
    assert result.structured == {"said": {"name": "look", "arguments": {"query": "héllo"}}}
    assert result.raw["content"][0]["type"] == "text"
    assert result.timing.service_ms == 12.345 and result.timing.first_event_ms == 10.0
    fired = next(one for one in requests if one["name"].endswith(":look"))
    assert (fired["request_type"], fired["response_time"], fired["response_length"]) == ("MCP", 12.345, 42)
    assert fired["exception"] is None and fired["context"]["reason"] is None


def test_the_session_is_opened_the_tools_listed_once_and_the_session_closed(fake):
    run_once(lambda user: [user.client.ping(), user.client.ping()])
    assert [(name, outcome) for name, outcome in fake.counts()] == [
        ("learn:initialize", "ok"),
        ("learn:tools/list", "ok"),
        ("learn:ping", "ok"),
        ("learn:session/delete", "ok"),
    ]
    assert all(fake.counts()[(f"learn:{name}", "ok")] == 1 for name in ("initialize", "tools/list", "session/delete"))


def test_every_operation_of_the_client_is_one_call_on_the_link(fake):
    def body(user):
        client = user.client
        return [
            client.list_tools()[0]["name"],
            client.read_resource("docs://one").text,
            client.list_resources(),
            client.list_resource_templates(),
            client.get_prompt("greet", {"who": "you"}).text,
            client.list_prompts(),
            client.complete({"type": "ref/prompt", "name": "greet"}, "who", "y"),
            client.call_tool("look", name="alias").text,
            client.call_tool("look", read=False).text,
        ]

    got, _, _ = run_once(body)
    assert got[0] == "look" and "docs://one" in got[1] and got[-1] == ""
    assert {name for name, _ in fake.counts()} >= {
        "learn:resources/read",
        "learn:resources/list",
        "learn:resources/templates/list",
        "learn:prompts/get:greet",
        "learn:prompts/list",
        "learn:completion/complete",
        "learn:tools/call:alias",
    }


def test_an_answer_of_megabytes_arrives_whole(fake):
    result, _, _ = run_once(lambda user: user.client.call_tool("big"))
    assert len(result.text) == 3_000_000


def test_the_meta_of_a_call_is_sent_along_and_is_no_argument(fake):
    result, _, _ = run_once(lambda user: user.client.call_tool("look", {"a": 1}, meta={"progressToken": 7}))
    assert result.structured == {"said": {"name": "look", "arguments": {"a": 1}, "_meta": {"progressToken": 7}}}


def test_a_failure_is_a_typed_error_with_its_detail_apart(fake):
    def body(user):
        errors = []
        for tool in ("broken", "limited"):
            try:
                user.client.call_tool(tool)
            except (McpToolError, McpRateLimited) as error:
                errors.append(error)
        return errors

    (tool_error, limited), environment, _ = run_once(body)
    assert repr(tool_error) == "McpToolError(the tool answered isError)"
    assert "about" in tool_error.detail and "broken" in tool_error.result.text
    assert limited.retry_after == 1.5 and limited.code == 429
    assert counts(environment)["learn:tools/call:broken"] == (1, 1)


@pytest.mark.parametrize("parent", [None, TaskSet, SequentialTaskSet])
def test_an_error_that_leaves_a_task_is_counted_quiet_and_followed_by_the_think_time(fake, caplog, parent):
    waits = []

    def think(_):
        waits.append(None)
        return 0.01

    def stumble(self):
        self.client.call_tool("broken")

    tasks = [type("Chain", (parent,), {"tasks": [stumble]})] if parent else [stumble]
    user_class = type("StumblingUser", (Base,), {"tasks": tasks, "wait_time": think})
    with running(user_class) as (environment, _):
        until(lambda: counts(environment).get("learn:tools/call:broken", (0, 0))[0] > 3)
        assert len(waits) >= 3
        assert environment.runner and not environment.runner.exceptions
    assert "Traceback" not in caplog.text
    requests, failures = counts(environment)["learn:tools/call:broken"]
    assert requests == failures == fake.counts()[("learn:tools/call:broken", "tool-error")]


EXPECTATIONS = {
    "a text": ("query", "nothing like it"),
    "a pattern": (re.compile("qu.ry"), re.compile("^never$")),
    "a function": (lambda result: result.structured, lambda result: None),
    "a function that stumbles": (lambda result: True, lambda result: result.raw["no such key"]),
}


@pytest.mark.parametrize("form", EXPECTATIONS)
def test_expect_of_a_call_is_judged_before_the_success_is_reported(fake, form):
    good, bad = EXPECTATIONS[form]

    def body(user):
        user.client.call_tool("look", {"query": "mcp"}, expect=good)
        with pytest.raises(McpAssertionError) as caught:
            user.client.call_tool("look", {"query": "mcp"}, expect=bad)
        return caught.value

    error, environment, requests = run_once(body)
    assert error.detail and error.detail not in repr(error)
    assert counts(environment)["learn:tools/call:look"] == (2, 1)
    assert [one["exception"] for one in requests if one["name"].endswith("look")] == [None, error]
    marks = [line for line in fake.read("lines.jsonl") if line["op"] == "mark"]
    assert [mark["reason"] for mark in marks] == ["assertion"]
    assert [stop["tally"]["learn:tools/call:look"] for stop in fake.read("lines.jsonl") if stop["op"] == "stop"] == [
        {"ok": 1, "assertion": 1}
    ]


def test_expect_after_the_call_turns_it_into_one_failure(fake):
    def body(user):
        user.client.call_tool("look")
        user.expect(True)
        for _ in range(2):
            with pytest.raises(McpAssertionError):
                user.expect(False, "not what was asked for")
        return True

    _, environment, _ = run_once(body)
    assert counts(environment)["learn:tools/call:look"] == (1, 1)
    assert environment.stats.total.num_failures == 1
    assert len([line for line in fake.read("lines.jsonl") if line["op"] == "mark"]) == 1


def test_a_failed_handshake_is_counted_and_tried_again(fake):
    fake.configure(failOpens=1)
    _, environment, _ = run_once(lambda user: user.client.ping())
    assert counts(environment)["learn:initialize"] == (2, 1)


def test_a_user_keeps_its_number_among_the_users_of_its_server_over_all_its_sessions(fake):
    class LosingUser(Base):
        @task
        def lose(self):
            with suppress(McpSessionLost):
                self.client.call_tool("lost")

    with running(LosingUser, users=2):
        until(lambda: len(fake.read("opens.jsonl")) >= 6)
    numbers = {}
    for opened in fake.read("opens.jsonl"):
        numbers.setdefault(opened["user"], []).append(opened["session"])
    assert sorted(numbers) == [0, 1]
    assert all(len(sessions) == len(set(sessions)) >= 2 for sessions in numbers.values())


def test_users_of_the_next_run_have_the_numbers_of_those_who_left(fake):
    class IdleUser(Base):
        @task
        def look(self):
            self.client.call_tool("look")

    with running(IdleUser, users=3) as (environment, _):
        until(lambda: len(fake.read("opens.jsonl")) == 3)
        runner = environment.runner
        assert runner
        runner.stop()
        runner.start(2, spawn_rate=2)
        until(lambda: len(fake.read("opens.jsonl")) == 5)
    numbers = [opened["user"] for opened in fake.read("opens.jsonl")]
    assert (sorted(numbers[:3]), sorted(numbers[3:])) == ([0, 1, 2], [0, 1])


def test_a_repeated_call_is_marked_in_its_timing_and_in_the_request_event(fake):
    def body(user):
        return user.client.call_tool("repeated"), user.client.call_tool("look")

    (repeated, other), _, requests = run_once(body)
    assert (repeated.timing.repeated, other.timing.repeated) == (True, False)
    marks = {one["name"].rpartition(":")[2]: one["context"]["repeated"] for one in requests}
    assert (marks["repeated"], marks["look"]) == (True, False)


def test_a_held_handshake_is_not_counted(fake):
    fake.configure(hold=3)
    _, environment, _ = run_once(lambda user: user.client.ping())
    assert counts(environment)["learn:initialize"] == (1, 0)


def test_a_lost_session_is_opened_again_by_the_next_call(fake):
    def body(user):
        with pytest.raises(Exception, match="session-lost"):
            user.client.call_tool("lost")
        return user.client.ping()

    _, environment, _ = run_once(body)
    assert counts(environment)["learn:initialize"] == (2, 0)
    assert counts(environment)["learn:tools/list"] == (1, 0)


def test_a_user_survives_errors_in_its_own_on_start_and_needs_no_super(fake, caplog):
    faults = [KeyError("a mistake of the author"), None]

    class OwnStart(Base):
        def on_start(self):
            fault = faults.pop(0)
            if fault:
                raise fault
            faults.append(None)

        @task
        def look(self):
            self.client.call_tool("look")

    with running(OwnStart) as (environment, _):
        until(lambda: counts(environment).get("learn:tools/call:look", (0, 0))[0] > 1)
        assert environment.runner
        assert [one["msg"] for one in environment.runner.exceptions.values()] == ["'a mistake of the author'"]
        assert environment.runner.user_count == 1
    assert fake.counts()[("learn:session/delete", "ok")] == 1


def test_a_timeout_of_the_users_own_cancels_the_operation(fake):
    def body(user):
        with pytest.raises(gevent.Timeout), gevent.Timeout(0.1):
            user.client.call_tool("never")
        user.client.ping()
        return True

    _, environment, _ = run_once(body)
    assert fake.counts()[("learn:tools/call:never", "cancelled")] == 1
    assert counts(environment)["learn:tools/call:never"] == (1, 1)


def test_an_operation_of_a_stopped_user_is_still_counted(fake):
    class Dawdler(Base):
        @task
        def dawdle(self):
            self.client.call_tool("slow")

    with running(Dawdler, users=3) as (environment, _):
        until(lambda: counts(environment).get("learn:tools/list", (0, 0))[0] == 3)
    assert counts(environment)["learn:tools/call:slow"] == (3, 0)
    assert counts(environment)["learn:session/delete"] == (3, 0)


@pytest.mark.parametrize("stop_timeout", [None, 5])
def test_an_on_stop_whose_server_is_down_tries_once_and_ends_quietly(fake, caplog, stop_timeout):
    class Polite(Base):
        wait_time = constant(60)

        @task
        def look(self):
            self.client.call_tool("look")

        def on_stop(self):
            with pytest.raises(McpSessionLost):
                self.client.call_tool("lost")
            self.client.call_tool("logout")

    fake.configure(goodOpens=2)
    with gevent.Timeout(15), running(Polite, users=2, stop_timeout=stop_timeout) as (environment, _):
        until(lambda: counts(environment).get("learn:tools/call:look", (0, 0))[0] == 2)
    assert counts(environment)["learn:initialize"] == (4, 2)
    assert "learn:tools/call:logout" not in counts(environment)
    assert "Traceback" not in caplog.text


def test_a_kill_that_comes_as_the_back_off_ends_is_quiet(fake, monkeypatch, caplog):
    users = []

    class OneUser(Base):
        tasks = [lambda user: None]

        def on_start(self):
            users.append(self)
            super().on_start()

    def pause(seconds):
        if seconds == 0:
            return gevent.sleep(0)
        gevent.spawn(users[0].stop, force=True)
        # The stop runs before this returns, the kill that it asks for after it.
        return gevent.sleep(0)

    fake.configure(failOpens=1)
    monkeypatch.setattr(user_session, "gevent", SimpleNamespace(sleep=pause))
    with running(OneUser) as (environment, _):
        until(lambda: users and users[0].greenlet.dead)
    assert counts(environment) == {"learn:initialize": (1, 1)}
    assert "Traceback" not in caplog.text


def test_the_on_stop_of_a_task_set_tries_once_as_well(fake):
    class Steps(TaskSet):
        @task
        def look(self):
            self.client.call_tool("look")

        def on_stop(self):
            with pytest.raises(McpSessionLost):
                self.client.call_tool("lost")
            with pytest.raises(McpConnectError):
                self.client.call_tool("logout")

    fake.configure(goodOpens=1)
    with gevent.Timeout(15), running(type("StepsUser", (Base,), {"tasks": [Steps]})) as (environment, _):
        until(lambda: "learn:tools/call:look" in counts(environment))
    assert counts(environment)["learn:initialize"] == (2, 1)


def test_a_failure_in_on_stop_is_counted_and_quiet(fake, caplog):
    class Polite(Base):
        @task
        def look(self):
            self.client.call_tool("look")

        def on_stop(self):
            self.client.call_tool("broken")

    with running(Polite) as (environment, _):
        until(lambda: "learn:tools/call:look" in counts(environment))
    assert counts(environment)["learn:tools/call:broken"] == (1, 1)
    assert "Traceback" not in caplog.text


def test_an_on_stop_that_does_not_end_is_ended(fake, monkeypatch, caplog):
    monkeypatch.setattr(mcp_user, "ON_STOP_LIMIT_S", 0.2)

    class Patient(Base):
        @task
        def look(self):
            self.client.call_tool("look")

        def on_stop(self):
            self.client.call_tool("never")

    with gevent.Timeout(15), running(Patient) as (environment, _):
        until(lambda: "learn:tools/call:look" in counts(environment))
    assert counts(environment)["learn:tools/call:never"] == (1, 1)
    assert "Patient needed more than 0.2 s in on_stop" in caplog.text


def test_a_greenlet_that_outlives_its_user_opens_no_session(fake, capfd):
    children = []

    class Parent(Base):
        @task
        def look(self):
            children.append(gevent.spawn(self.look_on))
            gevent.sleep(60)

        def look_on(self):
            self.client.call_tool("look")
            while True:
                self.client.call_tool("slow")

    with running(Parent, users=2) as (environment, _):
        until(lambda: counts(environment).get("learn:tools/call:look", (0, 0))[0] == 2)
    with gevent.Timeout(5):
        gevent.joinall(children)
    assert counts(environment)["learn:initialize"] == (2, 0)
    assert counts(environment)["learn:session/delete"] == (2, 0)
    assert "Traceback" not in capfd.readouterr().err


def test_a_session_that_is_found_lost_late_leaves_its_successor_alone(fake):
    def body(user):
        user.client.ping()
        late = gevent.spawn(user.client.call_tool, "lost-late")
        gevent.sleep(0)
        with pytest.raises(McpSessionLost):
            user.client.call_tool("look")
        user.client.ping()
        late.join()
        assert isinstance(late.exception, McpSessionLost)
        user.client.ping()
        return True

    _, environment, _ = run_once(body)
    assert counts(environment)["learn:initialize"] == (2, 0)
    assert counts(environment)["learn:session/delete"] == (1, 0)


def test_a_call_that_was_given_up_leaves_nothing_to_judge(fake):
    def body(user):
        user.client.call_tool("look")
        with pytest.raises(gevent.Timeout), gevent.Timeout(0.1):
            user.client.call_tool("never")
        with pytest.raises(ValueError, match="there was none, or it did not end"):
            user.expect(False)
        return True

    _, environment, _ = run_once(body)
    assert counts(environment)["learn:tools/call:look"] == (1, 0)


def test_the_greenlets_of_one_user_share_its_session(fake):
    def body(user):
        calls = [gevent.spawn(user.client.call_tool, "look", {"number": number}) for number in range(10)]
        gevent.joinall(calls)
        return [call.get().raw["structuredContent"]["said"]["arguments"]["number"] for call in calls]

    numbers, environment, _ = run_once(body)
    assert numbers == list(range(10))
    assert counts(environment)["learn:initialize"] == (1, 0)


@pytest.mark.parametrize("arguments", [{"number": float("nan")}, {"thing": object()}, {"text": "x" * 9_000_000}])
def test_arguments_that_are_no_json_or_too_large_hurt_their_task_alone(fake, arguments):
    def body(user):
        with pytest.raises((ValueError, TypeError)):
            user.client.call_tool("look", arguments)
        return user.client.ping()

    _, environment, _ = run_once(body)
    assert "learn:tools/call:look" not in counts(environment)


def test_the_intended_start_is_told_in_the_bridges_clock_and_the_delivery_in_the_next_line(fake):
    run_once(lambda user: [user.client.ping(), user.client.ping()])
    told = fake.read("ended.jsonl")
    assert all(one["at"] > 5_000_000 for one in told)
    assert [one["at"] for one in told] == sorted(one["at"] for one in told)
    assert all(0 <= one["late"] < 10_000 for one in told[1:])


def test_a_library_user_without_a_bridge_is_told_what_to_call():
    environment = Environment(user_classes=[Base], events=Events())
    with pytest.raises(RuntimeError, match=r"swarm\.attach"):
        Base(environment)
