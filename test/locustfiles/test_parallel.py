"""Calls at once of users in this process, against a fake bridge: what is sent, returned, raised and counted."""

from typing import cast

import gevent
import pytest
from locust import task

from in_process import Base, counts, run_once, running, until
from mcp_errors import McpAssertionError, McpRateLimited, McpToolError
from mcp_result import McpResult
from parallel import MOST_CALLS, call, request

LOOK = "learn:tools/call:look"


def bursts(fake):
    return [one["burst"] for one in fake.read("ended.jsonl") if one["burst"]]


def test_results_come_in_the_order_of_the_items_each_with_its_own_times(fake):
    def body(user):
        return user.client.parallel([call("slow", {"n": 1}), ("look", {"n": 2}), call("look", {"n": 3}, expect="3")])

    (slow, look, third), environment, requests = run_once(body)
    assert [one.structured["said"]["arguments"]["n"] for one in (slow, look, third)] == [1, 2, 3]
    apart_ms = slow.timing.end_ms - look.timing.end_ms
    assert apart_ms > 0
    assert look.timing.sent_ms == pytest.approx(look.timing.end_ms - look.timing.service_ms)
    assert counts(environment)[LOOK] == (2, 0)
    names = [one["name"] for one in requests if ":tools/call:" in one["name"]]
    # Each is reported when it ends, not when the slowest has ended.
    assert names == [LOOK, LOOK, "learn:tools/call:slow"]
    # The slow call's share of the waiting is not taken for a delay of the harness.
    assert all(one["context"]["harness_ms"] < apart_ms for one in requests if one["name"] == LOOK)


def test_calls_at_once_carry_the_number_of_their_burst_and_of_their_turn(fake):
    def body(user):
        user.client.parallel([("look", {})] * 3)
        with user.turn("research"):
            user.client.parallel([("look", {})] * 2)
        user.client.call_tool("look")
        return True

    run_once(body)
    first, second = bursts(fake)[:3], bursts(fake)[3:]
    assert first == [{"id": first[0]["id"], "of": 3}] * 3
    assert second == [{"id": second[0]["id"], "of": 2, "turn": "research"}] * 2
    assert first[0]["id"] != second[0]["id"]


def test_all_operations_of_the_client_can_be_sent_at_once(fake):
    def body(user):
        return user.client.parallel(
            [request("resources/read", {"uri": "docs://one"}), request("ping"), request("tools/list", read=False)]
        )

    read, _, _ = run_once(body)[0]
    assert "docs://one" in read
    assert {"learn:resources/read", "learn:ping", "learn:tools/list"} <= {name for name, _ in fake.counts()}


def test_the_first_failure_in_the_order_of_the_items_is_raised_when_all_have_ended(fake):
    def body(user):
        with pytest.raises(McpToolError) as caught:
            user.client.parallel([call("slow"), call("broken"), call("limited")])
        return caught.value

    error, environment, _ = run_once(body)
    assert counts(environment)["learn:tools/call:slow"] == (1, 0)
    assert counts(environment)["learn:tools/call:limited"] == (1, 1)
    assert error.timing.end_ms > error.timing.sent_ms


def test_errors_are_returned_in_their_places_where_the_test_asks_for_them(fake):
    def body(user):
        return user.client.parallel([call("look"), call("limited"), call("look", expect="%")], errors="return")

    (good, limited, wrong), environment, _ = run_once(body)
    assert isinstance(good, McpResult) and isinstance(limited, McpRateLimited) and isinstance(wrong, McpAssertionError)
    assert counts(environment)[LOOK] == (2, 1)


def test_an_expect_after_calls_at_once_judges_the_last_of_them(fake):
    def body(user):
        user.client.parallel([call("look"), call("slow", name="last")])
        with pytest.raises(McpAssertionError):
            user.expect(False, "not what was asked for")
        return True

    _, environment, _ = run_once(body)
    assert counts(environment)["learn:tools/call:last"] == (1, 1)


@pytest.mark.parametrize(
    ("items", "error"),
    [
        ([("look", {})] * (MOST_CALLS + 1), ValueError),
        ([("look", {}), ("look", {"n": float("nan")})], ValueError),
        ([("look", {}), ("look", {"n": object()})], TypeError),
        ([("look", {}), ("look", {"text": "x" * 8 * 1024 * 1024})], ValueError),
    ],
    ids=["too many", "no JSON", "no value of JSON", "too large"],
)
def test_nothing_is_begun_when_an_item_cannot_be(fake, items, error):
    def body(user):
        with pytest.raises(error):
            user.client.parallel(items)
        return True

    _, environment, _ = run_once(body)
    assert LOOK not in counts(environment)


def test_no_calls_at_once_are_no_burst(fake):
    assert run_once(lambda user: [user.client.parallel([])])[0] == [[]]
    assert bursts(fake) == []


def test_errors_of_another_kind_are_refused(fake):
    def body(user):
        with pytest.raises(ValueError, match="'raise' or 'return'"):
            user.client.parallel([("look", {})], errors="ignore")
        return True

    _, environment, _ = run_once(body)
    assert LOOK not in counts(environment)


def test_a_limit_of_the_tests_own_cancels_what_has_not_ended_and_counts_all_once(fake):
    def body(user):
        limit, itself = gevent.Timeout(), cast(gevent.Greenlet, gevent.getcurrent())

        def expire():
            until(lambda: counts(user.environment).get(LOOK))
            itself.kill(limit, block=False)

        gevent.spawn(expire)
        with pytest.raises(gevent.Timeout):
            user.client.parallel([call("never"), call("look"), call("never")])
        return True

    _, environment, _ = run_once(body)
    assert counts(environment)["learn:tools/call:never"] == (2, 2)
    assert counts(environment)[LOOK] == (1, 0)
    assert fake.counts()[("learn:tools/call:never", "cancelled")] == 2


def test_calls_at_once_of_a_stopped_user_are_still_counted(fake):
    begun = []

    class Waiting(Base):
        @task
        def wait(self):
            if not begun:
                begun.append(self)
                self.client.parallel([call("slow"), call("look"), call("slow")])

    with running(Waiting) as (environment, _):
        until(lambda: begun and counts(environment).get(LOOK))
        runner = environment.runner
        assert runner
        runner.stop()
    assert counts(environment)["learn:tools/call:slow"] == (2, 0)
    assert fake.counts()[("learn:tools/call:slow", "ok")] == 2


def test_calls_at_once_on_a_lost_session_fail_each_and_the_next_call_opens_another(fake):
    def body(user):
        errors = user.client.parallel([call("lost"), call("look"), call("look")], errors="return")
        user.client.call_tool("look", name="after")
        return [error.reason for error in errors]

    reasons, _, _ = run_once(body)
    assert reasons == ["session-lost"] * 3
    assert fake.counts()[("learn:initialize", "ok")] == 2
    assert fake.counts()[("learn:tools/call:after", "ok")] == 1
