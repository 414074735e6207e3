"""How many users a moment has, and whose they are."""

from typing import List

import pytest

from azure_engine import Engine
from load_segments import Scenario, Segment, by_weight, plan_from, share_of


def scenario(*segments) -> Scenario:
    return Scenario(None, None, None, [Segment(*one) for one in segments])


def test_a_ramp_is_rounded_a_jump_is_one_and_after_the_end_there_is_nobody():
    shape = scenario((0, 10, 0, 5), (10, 20, 8, 8), (20, 24, 8, 0))
    seconds = [0, 0.9, 1, 2.9, 3, 9.9, 10, 19.9, 20, 22, 23.9, 24, 99]
    assert [shape.users_at(second) for second in seconds] == [0, 0, 1, 1, 2, 5, 8, 8, 8, 4, 0, 0, 0]


def test_the_plan_is_what_the_bridge_has_told():
    told = {
        "name": "peak",
        "text": "10s=3",
        "seconds": 10,
        "peak": 3,
        "scenarios": [{"name": None, "servers": None, "classes": None, "segments": [[0, 10, 3, 3]]}],
    }
    plan = plan_from(told)
    assert (plan.name, plan.text, plan.seconds, plan.peak) == ("peak", "10s=3", 10, 3)
    assert plan.scenarios == [scenario((0, 10, 3, 3))]


@pytest.mark.parametrize("users", [0, 1, 5, 17, 100])
@pytest.mark.parametrize("count", [1, 3, 7])
def test_numbered_engines_have_all_users_together_and_none_has_two_more_than_another(users, count):
    shares = [share_of(users, Engine(count, number)) for number in range(1, count + 1)]
    assert sum(shares) == users
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize("number", [None, 8])
def test_engines_without_a_number_of_their_own_never_have_more_than_the_plan(number):
    assert [share_of(users, Engine(3, number)) for users in (0, 2, 3, 11)] == [0, 0, 1, 3]


def test_without_engines_all_users_are_here():
    assert share_of(11, None) == 11


def test_weights_divide_users_to_less_than_one():
    assert by_weight(10, {"a": 4, "b": 2, "c": 2, "d": 2}) == {"a": 4, "b": 2, "c": 2, "d": 2}
    assert by_weight(1000, {"a": 80, "b": 20}) == {"a": 800, "b": 200}
    assert by_weight(0, {"a": 1}) == {"a": 0}


def test_one_user_more_takes_none_from_anybody():
    weights = {"a": 5.5, "b": 3, "c": 1.25, "d": 0.1}
    steps: "List[dict]" = [by_weight(users, weights) for users in range(200)]
    for before, after in zip(steps, steps[1:]):
        assert all(after[name] >= before[name] for name in weights)
