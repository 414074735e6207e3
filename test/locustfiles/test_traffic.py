"""Users that do what loadtest.yaml says, in this process, against a fake bridge."""

import logging
from collections import Counter
from typing import cast

import pytest
from locust import User, task
from locust.env import Environment
from locust.event import Events

from in_process import Base, running, until
from mcp_user import McpUser
from refusal import Refusal
from traffic import mix, think
from traffic_classes import place_traffic
from traffic_settings import item, operation, settings, traffic
from traffic_user import TrafficUser
from user_session import UserSession


def tool(name, reads=True, **schema):
    return {"name": name, "annotations": {"readOnlyHint": reads}, "inputSchema": schema}


@pytest.fixture
def swarm_of(fake, tmp_path):
    """:returns: a function that runs the users of this traffic of the server `learn`"""

    def start(one, users=1, tools=(), user_class=TrafficUser):
        fake.configure(settings=settings(tmp_path, learn=one), tools=list(tools))
        return running(user_class, users)

    return start


def calls(fake, name, outcome="ok"):
    return fake.counts()[(f"learn:{name}", outcome)]


@pytest.fixture
def answers(monkeypatch):
    """Method and params of every operation that ended well."""
    got = []
    real = UserSession.call

    def call(self, *arguments):
        result = real(self, *arguments)
        got.append((arguments[0], arguments[1]))
        return result

    monkeypatch.setattr(UserSession, "call", call)
    return got


def test_items_are_chosen_by_weight_and_one_of_weight_0_never(swarm_of, fake):
    mixed = traffic(
        item(operation(of="often"), weight=9), item(operation(of="seldom")), item(operation(of="no"), weight=0)
    )
    with swarm_of(mixed):
        until(lambda: sum(fake.counts().values()) >= 110)
    names = [one["name"] for one in fake.read("ended.jsonl") if ":tools/call:" in one["name"]]
    # The seed is fixed, so the first hundred are the same in each run.
    shares = Counter(name.split(":")[-1] for name in names[:100])
    assert set(shares) == {"often", "seldom"} and 80 < shares["often"] < 98


def test_every_kind_of_operation(swarm_of, fake):
    chain = [
        operation("read", "docs://a"),
        operation("prompt", "p"),
        operation("list", "templates"),
        operation("ping", None),
    ]
    with swarm_of(traffic(item(*chain))):
        until(lambda: calls(fake, "ping"))
    assert calls(fake, "resources/read") and calls(fake, "prompts/get:p") and calls(fake, "resources/templates/list")


def test_a_chain_hands_results_on_and_is_a_turn(swarm_of, fake, answers):
    need = {"at": "found/structured/said/arguments/n", "matches": None}
    first = operation(of="a", arguments={"n": 5}, save="found", needs=[need])
    second = operation(of="b", arguments={"m": {"$result": need["at"]}})
    with swarm_of(traffic(item(first, 1, second, turn="research"))) as (environment, _):
        until(lambda: ("tools/call", {"name": "b", "arguments": {"m": 5}}) in answers)
    turns = environment.stats.get("learn:turn:research", "TURN")
    assert turns.num_requests >= 1


def test_an_answer_without_what_a_later_step_needs_is_a_failed_assertion_that_ends_the_chain(swarm_of, fake):
    first = operation(of="a", save="found", needs=[{"at": "found/structured/url", "matches": None}])
    with swarm_of(traffic(item(first, operation(of="b")))) as (environment, requests):
        until(lambda: any(one["exception"] for one in requests))
    failed = next(one for one in requests if one["exception"])
    assert (failed["name"], failed["context"]["reason"]) == ("learn:tools/call:a", "assertion")
    assert failed["exception"].detail == "the answer has nothing at found/structured/url: there is no 'url'"
    assert calls(fake, "tools/call:b") == 0


@pytest.mark.parametrize(("expected", "complaint"), [("expect", "is missing"), ("matches", "nothing matches")])
def test_an_answer_must_hold_what_is_expected(swarm_of, fake, expected, complaint):
    with swarm_of(traffic(item(operation(**{expected: "zebra"})))) as (_, requests):
        until(lambda: any(one["exception"] for one in requests))
    assert complaint in next(one for one in requests if one["exception"]).get("exception").detail


def test_each_answer_of_calls_at_once_must_hold_what_its_own_call_asked_for(swarm_of, fake):
    own = operation(arguments={"q": {"$each": ["alpha", "beta"]}}, expect={"argument": "q"}, times=4)
    # The fake bridge gives the arguments back, so what is not among them is in no answer.
    other = operation(of="odd", arguments={}, expect={"argument": "p"})
    with swarm_of(traffic(item([own, other]))) as (_, requests):
        until(lambda: calls(fake, "tools/call:look") >= 4 and any(one["exception"] for one in requests))
    failed = {(one["name"], one["exception"].detail) for one in requests if one["exception"]}
    assert failed == {("learn:tools/call:odd", "the call had no argument 'p' to expect in its answer")}


def test_several_at_once_are_sent_together(swarm_of, fake):
    with swarm_of(traffic(item([operation(times=3), operation("list", "prompts")]))):
        until(lambda: calls(fake, "tools/call:look") >= 3)
    begun = [one["at"] for one in fake.read("ended.jsonl") if one["name"].endswith((":look", "prompts/list"))]
    # Operations that are begun together have one intended start.
    assert len(set(begun[:4])) == 1


def test_a_tool_that_does_not_say_that_it_only_reads_is_left_alone(swarm_of, fake, caplog):
    with swarm_of(traffic(), tools=[tool("look"), tool("write", reads=False)]):
        until(lambda: calls(fake, "tools/call:look") > 3)
    assert calls(fake, "tools/call:write") == 0
    warned = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warned == [
        "learn: not called, since they do not say that they only read (readOnlyHint): write. Name them under "
        "traffic.allow, or give them arguments."
    ]


def test_a_tool_is_called_unasked_when_the_user_allows_it_by_name(swarm_of, fake, caplog):
    mixed = traffic(item(operation(of="write", arguments=None)), allow=["write", "wrte"])
    with swarm_of(mixed, tools=[tool("write", reads=False)]):
        until(lambda: calls(fake, "tools/call:write"))
    warned = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warned == ["learn: its tools/list has no wrte; did you mean write?"]


def test_made_arguments_never_repeat_themselves_and_are_the_same_in_the_next_run(swarm_of, fake, answers):
    runs = []
    for _ in range(2):
        answers.clear()
        with swarm_of(traffic(), tools=[tool("look")]):
            until(lambda: sum(method == "tools/call" for method, _ in answers) >= 30)
        runs.append([params["arguments"]["made"] for method, params in answers if method == "tools/call"][:30])
    first, second = runs
    assert first == second
    assert len(set(first)) == 30


def test_under_an_arrival_rate_arguments_are_made_before_a_user_takes_a_start(swarm_of, fake, monkeypatch):
    held = []
    real = UserSession.ask

    def ask(self, fields, limit_s):
        held.append(self.planned)
        return real(self, fields, limit_s)

    monkeypatch.setattr(UserSession, "ask", ask)
    with swarm_of(traffic(arrivalsPerSecond=40), tools=[tool("look")]):
        until(lambda: calls(fake, "tools/call:look") >= 6)
    assert len(held) >= 2 and not any(held)


def test_made_arguments_are_there_for_every_call_of_an_item_before_it_begins(swarm_of, fake, answers):
    twice, at_once = operation(arguments=None, times=2), operation(arguments=None, times=9)
    with swarm_of(traffic(item(twice, [at_once], operation("ping", None))), tools=[tool("look")]):
        until(lambda: calls(fake, "ping") >= 5)
    assert fake.counts()[("learn:tools/call:look", "ok")] >= 5 * 11


def test_a_secret_that_the_bridge_took_out_of_the_traffic_is_said_before_anything_runs(tmp_path):
    given = settings(tmp_path, learn=traffic(item(operation(arguments={"key": "[redacted]"}))))
    with pytest.raises(Refusal, match="learn: its traffic holds a secret"):
        place_traffic(environment_of(TrafficUser), given)


def test_a_tool_whose_schema_yields_nothing_is_left_out_with_one_warning(swarm_of, fake, caplog):
    with swarm_of(traffic(), tools=[tool("look"), tool("odd", fault="its inputSchema is odd")], users=3):
        until(lambda: calls(fake, "tools/call:look") > 20)
    warned = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warned == ["learn: odd is left out of its traffic: its inputSchema is odd."]
    assert calls(fake, "tools/call:odd") == 0


def test_a_run_with_nothing_left_to_do_ends_with_the_code_of_a_wrong_input(swarm_of, fake, caplog):
    with swarm_of(traffic(), tools=[tool("write", reads=False)]) as (environment, _):
        until(lambda: environment.runner.state == "stopped")
    assert environment.process_exit_code == 3
    assert "learn: nothing is left of its traffic that could be done." in [one.getMessage() for one in caplog.records]


def test_a_burst_comes_after_an_idle_gap_and_is_a_turn(swarm_of, fake):
    burst = {"idle": {"fromMs": 50, "toMs": 50}, "items": [3, 3], "turn": "burst"}
    with swarm_of(traffic(item(operation()), burst=burst)) as (environment, requests):
        until(lambda: environment.stats.get("learn:turn:burst", "TURN").num_requests >= 2)
    rows = environment.stats.get("learn:turn:burst", "TURN")
    # The end of the run cuts the last one off.
    turns = rows.num_requests - rows.num_failures
    assert 3 * turns <= calls(fake, "tools/call:look") <= 3 * turns + 3


def test_a_session_per_item_is_closed_after_each(swarm_of, fake):
    with swarm_of(traffic(item(operation()), sessionLifetime={"fromMs": 0, "toMs": 0})):
        until(lambda: calls(fake, "session/delete") >= 3)
    assert abs(calls(fake, "initialize") - calls(fake, "tools/call:look")) <= 1


def test_a_class_in_python_mixes_the_mix_with_tasks_of_its_own(swarm_of, fake):
    class Own(Base):
        tasks = [mix]
        wait_time = think

        @task
        def own(self):
            self.client.ping()

    with swarm_of(traffic(item(operation())), user_class=Own):
        until(lambda: calls(fake, "ping") and calls(fake, "tools/call:look"))


def environment_of(*classes):
    tasks = {one.__name__: one.tasks for one in classes}
    available = {one.__name__: one for one in classes}
    return Environment(
        user_classes=list(classes), events=Events(), available_user_classes=available, available_user_tasks=tasks
    )


def own_class(name, server, tasks=()):
    return type(name, (McpUser,), {"server": server, "tasks": list(tasks) or [lambda user: None]})


def test_each_server_with_traffic_gets_a_class_beside_the_own_ones(tmp_path):
    own = own_class("LearnUser", "learn")
    environment = environment_of(own, TrafficUser)
    place_traffic(environment, settings(tmp_path, **{"learn": traffic(), "azure-devops": traffic(), "github": None}))
    names = ["LearnUser", "LearnTraffic", "AzureDevopsTraffic"]
    assert [one.__name__ for one in environment.user_classes] == names
    assert list(environment.available_user_classes or {}) == list(environment.available_user_tasks or {}) == names


def test_where_no_server_has_traffic_the_class_that_stands_for_them_is_gone(tmp_path):
    own = own_class("LearnUser", "learn")
    environment = environment_of(own, TrafficUser)
    place_traffic(environment, settings(tmp_path, learn=None))
    assert environment.user_classes == [own]


def test_nothing_but_traffic_and_none_there_is_refused(tmp_path):
    with pytest.raises(Refusal, match="No server of loadtest.yaml has `traffic`"):
        place_traffic(environment_of(TrafficUser), settings(tmp_path, learn=None))


def test_a_mix_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refusal, match="One has the task `mix`, and learn has no `traffic` in loadtest.yaml"):
        place_traffic(environment_of(own_class("One", "learn", [mix])), settings(tmp_path, learn=None))


def test_an_arrival_rate_takes_the_place_of_the_think_time(tmp_path):
    environment = environment_of(TrafficUser)
    by_chance = {"byChance": True, "of": "sessions", "limitMs": 250}
    plans = {"even": traffic(arrivalsPerSecond=50), "chance": traffic(arrivalsPerSecond=5, arrivals=by_chance)}
    place_traffic(environment, settings(tmp_path, **plans))
    even, chance = (cast("type[McpUser]", one) for one in environment.user_classes)
    assert (repr(even.arrivals), even.arrivals_of, even.wait_time) == ("50/s", "tasks", User.wait_time)
    assert (repr(chance.arrivals), chance.arrivals_of, chance.arrivals_limit) == ("5/s by chance", "sessions", 0.25)


def test_the_class_for_traffic_can_be_placed_again(tmp_path):
    """The web UI starts one run after another, and tests make many environments."""
    for _ in range(2):
        environment = environment_of(TrafficUser)
        place_traffic(environment, settings(tmp_path, learn=traffic()))
        assert [one.__name__ for one in environment.user_classes] == ["LearnTraffic"]
