"""Which items of a mix can be done, when the list of tools is what it is or cannot be had."""

import random

import gevent
import pytest

from mcp_client import McpClient
from mcp_errors import McpTimeout
from refusal import Refusal
from traffic_plan import NothingLeft, TrafficPlan
from traffic_settings import item, operation, traffic


class Client(McpClient):
    """Lists these tools, after as many failures. It has no session."""

    def __init__(self, *tools, failures=0):
        self.tools, self.failures, self.lists = list(tools), failures, 0

    def list_tools(self, **_):
        gevent.sleep(0.01)
        self.lists += 1
        if self.lists <= self.failures:
            raise McpTimeout("timeout", "no answer within the time limit")
        return self.tools


def plan_of(*items, **given):
    return TrafficPlan("learn", traffic(*items, **given), "/nowhere")


def reader(name, **more):
    return {"name": name, "annotations": {"readOnlyHint": True}, "inputSchema": {"title": name}, **more}


def chosen(plan, times=200):
    dice = random.Random(1)
    return {plan.choose(dice).operations[0].tool for _ in range(times)}


def test_of_users_that_come_at_once_one_lists_the_tools():
    plan, client = plan_of(), Client(reader("a"))
    gevent.joinall([gevent.spawn(plan.look, client) for _ in range(20)], raise_error=True)
    assert client.lists == 1
    assert chosen(plan) == {"a"}


def test_a_mix_without_tools_needs_no_list():
    client = Client()
    plan_of(item(operation("ping", None))).look(client)
    assert client.lists == 0


def test_a_list_that_failed_is_asked_for_again_where_schemas_are_needed():
    plan, client = plan_of(item(operation(of="a", arguments=None))), Client(reader("a"), failures=1)
    with pytest.raises(McpTimeout):
        plan.look(client)
    plan.look(client)
    assert plan.schema_of("a") == {"title": "a"}


def test_a_list_that_failed_takes_nothing_but_the_warnings_where_arguments_are_given():
    plan, client = plan_of(item(operation(of="a"))), Client(failures=1)
    plan.look(client)
    plan.look(client)
    assert client.lists == 1
    assert chosen(plan) == {"a"}


@pytest.mark.parametrize(
    "odd",
    [
        "a text",
        {"name": 5},
        {"annotations": {"readOnlyHint": True}},
        {"name": "b", "annotations": "yes"},
        {"name": "b", "annotations": {"readOnlyHint": "yes"}},
        {"name": "b"},
    ],
)
def test_a_tool_that_is_described_badly_is_not_called(odd):
    plan = plan_of()
    plan.look(Client(odd, reader("a")))
    assert chosen(plan) == {"a"}


def test_an_item_is_left_out_as_a_whole_when_one_of_its_calls_may_not_be():
    chain = item(operation(of="a"), operation(of="write", arguments=None))
    plan = plan_of(chain, item(operation(of="b")))
    plan.look(Client(reader("a"), reader("b"), {"name": "write"}))
    assert chosen(plan) == {"b"}


def test_when_the_last_tool_is_left_out_nothing_is_left():
    plan = plan_of()
    plan.look(Client(reader("a")))
    plan.leave_out("a", "its inputSchema is odd")
    with pytest.raises(NothingLeft):
        plan.choose(random.Random(1))


def test_names_of_a_stranger_forge_no_lines_in_the_log(caplog):
    plan = plan_of()
    plan.look(Client(*({"name": f"w{number}\nERROR all is lost"} for number in range(30))))
    (warning,) = [record.getMessage() for record in caplog.records]
    assert "\n" not in warning and warning.count("all is lost") == 20 and " and 10 more" in warning


def test_a_pattern_that_is_none_is_said_before_anything_runs():
    with pytest.raises(Refusal, match="of `matches` in traffic is none"):
        plan_of(item(operation(matches="(")))
