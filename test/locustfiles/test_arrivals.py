"""Users under an arrival rate, in this process, against a fake bridge."""

import math
from contextlib import contextmanager
from typing import Dict, List

import gevent
import pytest
from locust import SequentialTaskSet, constant, task
from locust.user.task import LOCUST_STATE_STOPPING

import server_choice
import swarm
from arrival_plan import arrival_plan
from arrival_schedule import ramp
from in_process import running, until
from mcp_user import McpUser
from refusal import Refusal
from run_plan import RunPart

NAME = "learn:arrival:Arriving"
LOOK = "learn:tools/call:look"


class Arriving(McpUser):
    abstract = True
    server = "learn"
    discover = False
    arrivals_per_second = 40


def look(user):
    user.client.call_tool("look")


@contextmanager
def arriving(body, users=4, stop_timeout=None, seen=None):
    """
    :param body: what the class says besides the above
    :param seen: is filled with the fields of Locust's request events
    """
    user_class = type("Arriving", (Arriving,), {"abstract": False, "tasks": [look], **body})
    with running(user_class, users, stop_timeout) as (environment, _):
        if seen is not None:
            environment.events.request.add_listener(lambda **fields: seen.append(fields))
        yield environment


def only(starts: int, per_second: float = 40) -> Dict[str, object]:
    """
    A schedule that ends, of starts that wait for as long as they have to: what becomes of each does not depend on how
    quick the machine is. At the stop of one that never ends, a start may wait for a user, and is dropped.
    """
    schedule = ramp([(0, per_second), (starts / per_second, per_second), (0, 0)])
    return {"arrivals": schedule, "arrivals_per_second": None, "arrivals_limit": 10}


def ended(fake, name=LOOK) -> List[Dict]:
    return [one for one in fake.read("ended.jsonl") if one["name"] == name]


def told(fake) -> Dict[str, int]:
    lines = [one for one in fake.read("lines.jsonl") if one["op"] == "arrivals"]
    assert all((one["server"], one["what"]) == ("learn", "Arriving") for one in lines)
    return {"ok": sum(len(one["lateMs"]) for one in lines), "dropped": sum(one["dropped"] for one in lines)}


def counted_alike(environment, fake) -> Dict[str, int]:
    """By outcome, after the end: told to the bridge, in the tally and in Locust's row."""
    (stop,) = [one for one in fake.read("lines.jsonl") if one["op"] == "stop"]
    counts = {"ok": 0, "dropped": 0, **stop["tally"][NAME]}
    assert counts == told(fake)
    row = environment.stats.get(NAME, "ARRIVAL")
    assert (row.num_requests, row.num_failures) == (counts["ok"] + counts["dropped"], counts["dropped"])
    return counts


def grid_steps(times: List[float], gap_ms: float) -> List[float]:
    """How many gaps lie between the first of these moments and each."""
    return [(one - times[0]) / gap_ms for one in times]


def test_a_task_is_meant_to_begin_at_its_planned_moment_and_its_later_calls_when_they_do(fake):
    def look_twice(user):
        look(user)
        user.client.call_tool("second")

    with arriving({"tasks": [look_twice]}):
        until(lambda: len(ended(fake)) >= 12)
    steps = grid_steps([one["at"] for one in ended(fake)], 25.0)
    assert steps == pytest.approx([round(step) for step in steps], abs=0.001)
    second = [one["at"] for one in ended(fake, "learn:tools/call:second")]
    first = [one["at"] for one in ended(fake)][: len(second)]
    assert any((later - earlier) % 25 > 0.01 for earlier, later in zip(first, second))


def test_each_planned_start_has_begun_or_was_dropped_and_everybody_counts_the_same(fake):
    fake.configure(delayS=0.3)  # two users are far too few
    with arriving({"arrivals_limit": 0.2}, users=2) as environment:
        until(lambda: len(ended(fake)) >= 4)
        queue = swarm.arrivals_of(environment).queue_of(environment.user_classes[0])
        assert queue
    counts = counted_alike(environment, fake)
    assert sum(counts.values()) == queue.planned
    assert counts["ok"] == len(ended(fake))
    assert counts["dropped"] > 5
    (start,) = [one for one in fake.read("lines.jsonl") if one["op"] == "start"]
    assert start["plan"]["arrivals"] == "Arriving 40/s"
    # The oldest that is not too old comes first: the second of both users has waited for most of the limit.
    assert max(one["waited"] or 0 for one in ended(fake)) > 100


def test_where_users_keep_up_every_start_begins(fake):
    with arriving(only(100, per_second=400), users=30) as environment:
        until(lambda: len(ended(fake)) == 100)
    assert counted_alike(environment, fake) == {"ok": 100, "dropped": 0}


def test_starts_are_in_no_total_and_before_there_are_users_they_are_dropped(fake, caplog):
    fake.configure(failOpens=1_000)
    with arriving({"arrivals_limit": 0.1}, users=1) as environment:
        until(lambda: environment.stats.get(NAME, "ARRIVAL").num_failures > 3)
    assert counted_alike(environment, fake)["dropped"] > 3
    assert environment.stats.total.num_requests == sum(fake.counts().values())
    assert "No user is ready yet" in caplog.text


def test_locust_gets_the_response_time_and_listeners_both(fake):
    seen: List[Dict] = []
    with arriving({}, seen=seen):
        until(lambda: any(one["name"] == LOOK for one in seen))
    fired = next(one for one in seen if one["name"] == LOOK)
    assert fired["context"]["service_ms"] == 12.345
    assert fired["response_time"] == fired["context"]["response_ms"]


def test_each_start_may_be_a_session_with_one_task_in_it(fake):
    with arriving({"arrivals_of": "sessions", "discover": True}) as environment:
        until(lambda: len(ended(fake)) >= 6)
    handshakes = ended(fake, "learn:initialize")
    steps = grid_steps([one["at"] for one in handshakes], 25.0)
    assert steps == pytest.approx([round(step) for step in steps], abs=0.001)
    assert counted_alike(environment, fake)["ok"] == len(handshakes)
    # The end of the run may stop users in the middle of their task.
    assert len(handshakes) - 4 <= len(ended(fake)) <= len(handshakes)
    assert len(ended(fake, "learn:tools/list")) >= len(ended(fake))
    assert len(ended(fake, "learn:session/delete")) == len(handshakes)
    assert [one["session"] for one in fake.read("opens.jsonl")] == sorted(
        {one["session"] for one in fake.read("opens.jsonl")}
    )


def test_a_session_that_cannot_be_opened_is_all_there_is_of_its_start(fake):
    fake.configure(failOpens=3)
    with arriving({"arrivals_of": "sessions"}, users=1) as environment:
        until(lambda: ended(fake))
    failed = [one for one in ended(fake, "learn:initialize") if one["outcome"] == "connect"]
    assert len(failed) == 3
    assert counted_alike(environment, fake)["ok"] == len(ended(fake, "learn:initialize"))


def test_a_session_that_our_own_limit_holds_back_is_one_start(fake):
    """What is held was not begun: tried again it is meant to begin then, since our limit is nobody's slowness."""
    fake.configure(hold=3)  # of 50 ms each
    with arriving({"arrivals_of": "sessions"}, users=1) as environment:
        until(lambda: len(ended(fake)) >= 3)
    handshakes = ended(fake, "learn:initialize")
    assert counted_alike(environment, fake)["ok"] == len(handshakes)
    steps = grid_steps([one["at"] for one in handshakes[1:]], 25.0)
    assert steps == pytest.approx([round(step) for step in steps], abs=0.001)


def test_what_a_user_does_in_a_new_session_is_not_what_was_planned(fake):
    """The session is opened by the first call here, and its listing of the tools comes before that call."""
    with arriving({"on_start": lambda self: None, "discover": True}, users=1):
        until(lambda: len(ended(fake)) >= 3)
    steps = grid_steps([one["at"] for one in ended(fake)], 25.0)
    assert steps == pytest.approx([round(step) for step in steps], abs=0.001)
    assert ended(fake, "learn:tools/list")[0]["at"] > ended(fake)[0]["at"]


def test_a_user_that_is_stopped_while_it_looks_around_gives_its_start_to_another(fake):
    looking = []

    def look_around(user):
        if not looking:
            looking.append(user)
            gevent.sleep(60)

    body = {"on_start": lambda self: None, "_discover": look_around}
    with arriving({**body, **only(1)}, users=2) as environment:
        until(lambda: looking)
        looking[0].stop(force=True)
        until(lambda: ended(fake))
    assert counted_alike(environment, fake) == {"ok": 1, "dropped": 0}


def test_a_task_without_a_call_is_a_start_that_began(fake):
    with arriving({"tasks": [lambda self: None], **only(8)}) as environment:
        until(lambda: environment.stats.get(NAME, "ARRIVAL").num_requests == 8)
    assert counted_alike(environment, fake) == {"ok": 8, "dropped": 0}


def test_each_task_of_a_sequence_is_a_start_of_its_own(fake):
    class Sequence(SequentialTaskSet):
        @task
        def first(self):
            self.client.call_tool("first")

        @task
        def second(self):
            self.client.call_tool("second")

    with arriving({"tasks": [Sequence], **only(6)}, users=1) as environment:
        until(lambda: len(ended(fake, "learn:tools/call:second")) == 3)
    assert len(ended(fake, "learn:tools/call:first")) == 3
    assert counted_alike(environment, fake) == {"ok": 6, "dropped": 0}


def test_a_task_that_is_given_time_to_end_is_counted_and_idle_users_go_at_once(fake):
    lingering = []

    def linger(user):
        lingering.append(user)
        until(lambda: user._state == LOCUST_STATE_STOPPING and user.environment.runner.user_count < 3)
        look(user)

    with arriving({"tasks": [linger], **only(2)}, users=3, stop_timeout=5) as environment:
        runner = environment.runner
        assert runner
        until(lambda: len(lingering) == 2 and runner.user_count == 3)
    assert len(ended(fake)) == 2
    assert counted_alike(environment, fake) == {"ok": 2, "dropped": 0}


def test_another_run_of_the_same_process_has_another_plan(fake):
    with arriving(only(8), users=9) as environment:
        runner = environment.runner
        assert runner
        until(lambda: len(ended(fake)) == 8)
        runner.stop()
        runner.start(9, spawn_rate=9)
        until(lambda: len(ended(fake)) == 16)
    stops = [one["tally"][NAME] for one in fake.read("lines.jsonl") if one["op"] == "stop"]
    assert stops == [{"ok": 8}, {"ok": 8}]


def test_a_worker_plans_no_starts_for_a_class_that_its_master_left_out(fake):
    """A worker knows all classes of the locustfile; which take part, its master says."""
    with arriving({}) as environment:
        arrivals = swarm.arrivals_of(environment)
        (user_class,) = environment.user_classes
        for classes, is_planned in ((["Other"], False), (["Arriving"], True), (None, True)):
            arrivals.finish()
            arrivals.begin(RunPart("a run", None, 0, 1, {}, classes), (0, 1))
            queue = arrivals.queue_of(user_class)
            assert queue and (queue.next_moment() < math.inf) == is_planned


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"arrivals": ramp([(1, 1)])}, "both `arrivals` and `arrivals_per_second`"),
        ({"arrivals_per_second": 0}, "arrivals_per_second: an arrival rate is a number"),
        ({"arrivals_per_second": None, "arrivals": 50}, "arrivals is no schedule"),
        ({"arrivals_of": "turns"}, 'arrivals_of is "tasks" or "sessions"'),
        ({"arrivals_limit": 0}, "arrivals_limit is a number of seconds above 0"),
    ],
)
def test_a_class_that_contradicts_itself_is_one_sentence(body, sentence):
    with pytest.raises(Refusal, match=sentence):
        arrival_plan(type("Arriving", (Arriving,), body))


def test_a_think_time_beside_an_arrival_rate_is_not_used_and_that_is_said(fake, caplog):
    with arriving({"wait_time": constant(100)}):
        until(lambda: len(ended(fake)) >= 6)
    assert "Arriving has an arrival rate, so its wait_time is not used" in caplog.text


def test_users_of_other_libraries_may_call_anything_arrivals():
    assert server_choice and arrival_plan(type("Other", (), {"arrivals": 7})) is None  # type: ignore[arg-type]
