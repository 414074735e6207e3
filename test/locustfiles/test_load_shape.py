"""The planned shape, tick by tick, on a clock of the test's own."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from locust import LoadTestShape, User
from locust.env import Environment
from locust.event import Events

import load_shape
from azure_engine import Engine
from class_dispatcher import ClassDispatcher
from load_shape import PlannedShape
from refusal import Refusal


class A(User):
    server = "a"
    weight = 3


class B(User):
    server = "b"


class C(User):
    server = "a"


def told(*scenarios, seconds=10, peak=8, jitter=0.0):
    names = ("name", "servers", "classes", "segments")
    rows = [dict(zip(names, one)) for one in scenarios]
    return {
        "startJitter": jitter,
        "plan": {"name": "peak", "text": "stages", "seconds": seconds, "peak": peak, "scenarios": rows},
    }


WHOLE = (None, None, None, [[0, 4, 0, 8], [4, 8, 8, 8], [8, 10, 2, 2]])


class Watched:
    """An environment with a shape, and the moment that the shape is told it is."""

    def __init__(self, plan, engine=None, stop_timeout=0.0):
        self.environment = Environment(user_classes=[A, B, C], events=Events(), stop_timeout=stop_timeout)
        self.environment.create_local_runner()
        load_shape.install(self.environment, plan, engine)
        shape = self.environment.shape_class
        assert isinstance(shape, PlannedShape)
        self.shape = shape
        self.second = 0.0
        self.counts = {}
        shape.get_run_time = lambda: self.second
        shape._environment = cast(Environment, SimpleNamespace(runner=self, stop_timeout=stop_timeout))

    @property
    def user_classes_count(self):
        return self.counts

    def tick(self, second) -> Any:
        self.second = second
        return self.shape.tick()


def test_users_follow_the_plan_in_one_batch_and_its_end_is_the_runs():
    watched = Watched(told(WHOLE))
    watched.shape.start_over()
    watched.counts = {"A": 8}
    assert [watched.tick(second) for second in (0, 1, 2.5, 4.2, 5.2, 8.1, 9.9)] == [
        (0, 1.0),
        (2, 2.0),
        (5, 3.0),
        (8, 3.0),
        (8, 3.0),  # the same tick: Locust does nothing
        (2, 6.0),
        (2, 6.0),
    ]
    assert watched.tick(10) is None


def test_the_plan_waits_for_the_bridge_without_a_second_start():
    watched = Watched(told((None, None, None, [[0, 5, 7, 7], [5, 10, 1, 1]])))
    first = watched.tick(0)
    assert first == (7, 7.0)
    # `test_start` still waits for a bridge, in a greenlet that Locust would kill for another tick.
    assert watched.tick(6) == first
    watched.shape.start_over()
    assert watched.tick(0.5) == first
    assert watched.tick(5.5)[0] == 1


def test_a_run_that_is_started_again_begins_at_the_beginning():
    watched = Watched(told(WHOLE))
    watched.tick(0)
    watched.shape.start_over()
    watched.tick(5)
    watched.environment.events.test_stop.fire(environment=watched.environment)
    assert watched.tick(7) == (0, 1.0)


def test_who_is_still_ending_is_made_good_once_they_are_gone():
    watched = Watched(told((None, None, None, [[0, 5, 8, 8], [5, 6, 4, 4], [6, 99, 6, 6]]), seconds=99), stop_timeout=5)
    watched.shape.start_over()
    watched.tick(0)
    watched.tick(5)
    last = watched.tick(6)
    watched.counts = {"A": 6}  # with two that still end
    assert watched.tick(7) == last
    watched.counts = {"A": 4}
    nudged = watched.tick(8)
    assert nudged[0] == 6 and nudged != last
    watched.counts = {"A": 6}
    assert watched.tick(9) == last
    watched.counts = {"A": 1}  # users that ended by themselves, long after: Locust does not replace those, either
    assert watched.tick(50) == last


def test_scenarios_divide_by_their_own_weights_and_shapes():
    readers = ("readers", ["a"], None, [[0, 10, 8, 8]])
    writers = ("writers", None, ["B"], [[0, 5, 0, 0], [5, 10, 3, 3]])
    watched = Watched(told(readers, writers))
    assert watched.environment.dispatcher_class is ClassDispatcher
    watched.shape.start_over()
    users, _, classes = watched.tick(0)
    assert (users, classes) == (8, {"A": 6, "C": 2, "B": 0})
    users, _, classes = watched.tick(5)
    assert (users, classes) == (11, {"A": 6, "C": 2, "B": 3})


def test_two_scenarios_with_one_class_are_refused_however_they_name_it():
    readers = ("readers", ["a"], None, [[0, 10, 4, 4]])
    spike = ("spike", None, ["C"], [[0, 10, 8, 8]])
    with pytest.raises(Refusal, match="^The scenario spike has C, as readers has: users of one kind cannot follow two"):
        Watched(told(readers, spike))


def test_an_engine_has_its_part_and_says_what_is_nobodys(caplog):
    shape = (None, None, None, [[0, 10, 11, 11]])
    numbered = Watched(told(shape, peak=11), Engine(3, 1))
    assert numbered.tick(0)[0] == 4 and not caplog.records
    assert Watched(told(shape, peak=11), Engine(3, None)).tick(0)[0] == 3
    assert "each of the 3 takes 3 of the 11 users: 2 are nobody's" in caplog.text


def test_the_record_says_the_shape_by_name_and_stages():
    watched = Watched(told(WHOLE), Engine(4, 1))
    assert load_shape.shape_facts(watched.environment) == {
        "shape": "peak",
        "shapeStages": "stages",
        "shapeSeconds": 10,
        "users": 2,
        "spawnRate": None,
    }


class Own(LoadTestShape):
    def tick(self):
        return None


def test_a_shape_of_the_locustfile_is_left_alone_and_beside_another_it_is_refused():
    own = Own()
    environment = Environment(user_classes=[A], events=Events(), shape_class=own)
    environment.create_local_runner()
    load_shape.install(environment, None, None)
    assert environment.shape_class is own and load_shape.shape_facts(environment) == {"shape": "Own"}
    with pytest.raises(Refusal, match="has the load shape Own, and the run has the shape peak.*--shape none"):
        load_shape.install(environment, told(WHOLE), None)


def test_a_scenario_whose_users_are_not_here_is_refused():
    with pytest.raises(Refusal, match="The scenario writers has no users: nobody here is Nobody"):
        Watched(told(("writers", None, ["Nobody"], [[0, 10, 1, 1]])))


def test_start_jitter_is_that_of_the_file_unless_the_class_has_its_own():
    class Ours(User):
        is_mcp_user = True
        start_jitter = None

    class Set(Ours):
        start_jitter = 2.0

    environment = Environment(user_classes=[Ours, Set, A], events=Events())
    environment.create_local_runner()
    load_shape.install(environment, {"startJitter": 0.5, "plan": None}, None)
    assert (Ours.start_jitter, Set.start_jitter) == (0.5, 2.0)
    assert environment.shape_class is None and not hasattr(A, "start_jitter")
