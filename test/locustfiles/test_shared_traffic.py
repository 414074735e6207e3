from typing import Any

import pytest
from locust.env import Environment
from locust.event import Events

from mcp_user import McpUser
from refusal import Refusal
from server_choice import apply_settings
from traffic_user import TrafficUser


def user_class(name, server):
    return type(name, (McpUser,), {"server": server, "tasks": [lambda user: None], "queries": iter("abc")})


def environment_of(*classes) -> Any:
    return Environment(
        user_classes=list(classes),
        events=Events(),
        available_user_classes={one.__name__: one for one in classes},
        available_user_tasks={one.__name__: one.tasks for one in classes},
    )


def settings(**servers):
    return {
        "source": "loadtest.yaml",
        "isAimed": False,
        "servers": {
            name.replace("_", "-"): {
                "url": f"https://{name}.example/mcp",
                "weight": 2,
                "missing": None,
                "trafficOf": other,
            }
            for name, other in servers.items()
        },
    }


def test_each_class_of_a_server_comes_once_more_for_the_server_with_its_traffic():
    one, two, other = user_class("One", "learn"), user_class("Two", "learn"), user_class("Other", "github")
    environment = environment_of(one, two, other)
    apply_settings(environment, settings(learn=None, github=None, learn_next="learn"), False)
    added = environment.user_classes[3:]
    assert [(each.__name__, each.server) for each in added] == [
        ("OneLearnNext", "learn-next"),
        ("TwoLearnNext", "learn-next"),
    ]
    assert [each.weight for each in environment.user_classes] == [1, 1, 2, 1, 1]
    assert added[0].tasks == one.tasks and added[0].queries is one.queries
    assert (one.host, added[0].host) == ("https://learn.example/mcp", "https://learn_next.example/mcp")
    assert "OneLearnNext" in (environment.available_user_classes or {})
    assert "OneLearnNext" in (environment.available_user_tasks or {})


def test_a_worker_makes_the_same_classes_as_its_master():
    environment = environment_of(user_class("One", "learn"))
    apply_settings(environment, settings(learn=None, learn_next="learn"), True)
    assert [one.__name__ for one in environment.user_classes] == ["One", "OneLearnNext"]


def test_a_class_of_its_own_is_refused_since_the_traffic_would_not_be_one():
    environment = environment_of(user_class("One", "learn"), user_class("Next", "learn-next"))
    with pytest.raises(Refusal, match=r"Next names the server learn-next, which has the traffic of learn"):
        apply_settings(environment, settings(learn=None, learn_next="learn"), False)


def test_the_class_that_stands_for_traffic_as_data_is_not_doubled():
    environment = environment_of(TrafficUser, user_class("One", "learn"))
    apply_settings(environment, settings(learn=None, learn_next="learn"), False)
    assert [one.server for one in environment.user_classes] == ["learn", "learn-next"]


def test_a_fixed_count_is_divided_and_what_is_left_over_goes_to_the_first():
    one = user_class("One", "learn")
    one.fixed_count = 5
    environment = environment_of(one)
    apply_settings(environment, settings(learn=None, learn_next="learn"), False)
    assert [each.fixed_count for each in environment.user_classes] == [3, 2]


def test_a_class_that_inherits_its_fixed_count_has_its_own_to_divide():
    one = user_class("One", "learn")
    one.fixed_count = 4
    environment = environment_of(one, type("Two", (one,), {}))
    apply_settings(environment, settings(learn=None, learn_next="learn"), False)
    assert [each.fixed_count for each in environment.user_classes] == [2, 2, 2, 2]


def test_a_fixed_count_that_leaves_a_server_without_users_is_refused():
    one = user_class("One", "learn")
    one.fixed_count = 1
    with pytest.raises(Refusal, match="a fixed_count of 1, which cannot be divided among learn, learn-next"):
        apply_settings(environment_of(one), settings(learn=None, learn_next="learn"), False)


@pytest.mark.parametrize("lacking", ["learn", "learn-next"])
def test_a_comparison_of_which_one_side_lacks_its_credential_is_refused(lacking):
    given = settings(learn=None, learn_next="learn")
    given["servers"][lacking]["missing"] = "LEARN_TOKEN"
    with pytest.raises(Refusal, match=f"and {lacking} lacks its credential.*: set LEARN_TOKEN in the environment"):
        apply_settings(environment_of(user_class("One", "learn")), given, False)


def test_one_side_alone_may_run_when_it_is_asked_for_by_name(monkeypatch):
    monkeypatch.setenv("SWARMBRIDGE_ONLY", "learn")
    given = settings(learn=None, learn_next="learn")
    given["servers"]["learn-next"]["missing"] = "LEARN_TOKEN"
    environment = environment_of(user_class("One", "learn"))
    apply_settings(environment, given, False)
    assert [each.__name__ for each in environment.user_classes] == ["One"]


def test_both_sides_without_their_credential_are_left_out_as_any_other():
    given = settings(learn=None, learn_next="learn", github=None)
    for name in ("learn", "learn-next"):
        given["servers"][name]["missing"] = "LEARN_TOKEN"
    environment = environment_of(user_class("One", "learn"), user_class("Other", "github"))
    apply_settings(environment, given, False)
    assert [each.__name__ for each in environment.user_classes] == ["Other"]
