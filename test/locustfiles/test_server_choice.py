import logging
from argparse import Namespace

import pytest
from locust import HttpUser, task
from locust.env import Environment
from locust.event import Events

from mcp_user import McpUser
from refusal import Refusal
from server_choice import apply_settings


def user_class(name, server, weight=1):
    return type(name, (McpUser,), {"server": server, "weight": weight, "tasks": [lambda user: None]})


def settings(is_aimed=False, **servers):
    return {
        "source": "loadtest.yaml",
        "isAimed": is_aimed,
        "servers": {
            name: {"url": f"https://{name}.example/mcp", "weight": weight, "missing": missing}
            for name, (weight, missing) in servers.items()
        },
    }


def environment_of(*classes):
    return Environment(
        user_classes=list(classes),
        events=Events(),
        available_user_classes={one.__name__: one for one in classes},
        available_user_tasks={one.__name__: one.tasks for one in classes},
    )


def names(environment):
    return [one.__name__ for one in environment.user_classes]


def test_the_servers_weights_become_the_classes_and_siblings_share_one():
    one, two, other = user_class("One", "learn", 3), user_class("Two", "learn"), user_class("Other", "github")
    apply_settings(environment_of(one, two, other), settings(learn=(8, None), github=(2, None)), False)
    assert (one.weight, two.weight, other.weight) == (6, 2, 2)
    assert other.host == "https://github.example/mcp"


def test_a_server_without_its_credential_is_left_out_everywhere_with_one_warning(caplog):
    environment = environment_of(user_class("One", "learn"), user_class("Two", "github"))
    apply_settings(environment, settings(learn=(1, None), github=(1, "GITHUB_MCP_TOKEN")), False)
    assert names(environment) == ["One"]
    assert list(environment.available_user_classes or {}) == list(environment.available_user_tasks or {}) == ["One"]
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert warnings == ["Left out for want of a credential: github (needs GITHUB_MCP_TOKEN)."]


def test_a_worker_leaves_nothing_out_since_its_master_counts_by_class():
    environment = environment_of(user_class("One", "learn"), user_class("Two", "github"))
    apply_settings(environment, settings(learn=(1, None), github=(1, "GITHUB_MCP_TOKEN")), True)
    assert names(environment) == ["One", "Two"]


def test_when_no_server_is_left_the_variables_are_named():
    environment = environment_of(user_class("Two", "github"))
    with pytest.raises(Refusal, match="set GITHUB_MCP_TOKEN in the environment"):
        apply_settings(environment, settings(github=(1, "GITHUB_MCP_TOKEN")), False)


def test_all_typos_are_told_at_once_each_with_the_near_name():
    environment = environment_of(user_class("One", "lern"), user_class("Two", "gitub"))
    with pytest.raises(Refusal) as caught:
        apply_settings(environment, settings(learn=(1, None), github=(1, None)), True)
    assert str(caught.value).splitlines() == [
        "One wants the server 'lern'; loadtest.yaml has learn, github. Did you mean 'learn'?",
        "Two wants the server 'gitub'; loadtest.yaml has learn, github. Did you mean 'github'?",
    ]
    assert caught.value.exit_code == 3


def test_an_aimed_run_keeps_the_class_for_any_server_alone():
    environment = environment_of(user_class("One", "learn"), user_class("Any", "target"))
    apply_settings(environment, settings(is_aimed=True, target=(1, None)), False)
    assert names(environment) == ["Any"]


def test_an_aimed_run_of_a_file_without_such_a_class_is_refused():
    environment = environment_of(user_class("One", "learn"))
    with pytest.raises(Refusal, match="any_server.py"):
        apply_settings(environment, settings(is_aimed=True, target=(1, None)), False)


def test_the_class_for_any_server_waits_for_an_address():
    environment = environment_of(user_class("One", "learn"), user_class("Any", "target"))
    apply_settings(environment, settings(learn=(1, None)), False)
    assert names(environment) == ["One"]
    with pytest.raises(Refusal, match="MCP_SERVER_URL"):
        apply_settings(environment_of(user_class("Any", "target")), settings(learn=(1, None)), False)


def test_classes_of_other_kinds_stay_as_they_are():
    class Web(HttpUser):
        weight = 7

        @task
        def visit(self):
            pass

    environment = environment_of(Web, user_class("Two", "github"))
    apply_settings(environment, settings(github=(1, "GITHUB_MCP_TOKEN")), False)
    assert names(environment) == ["Web"] and Web.weight == 7


def test_a_weight_from_the_command_line_wins():
    one = user_class("One", "learn", 5)
    environment = environment_of(one)
    environment.parsed_options = Namespace(config_users=[[{"user_class_name": "One", "weight": 5}]])
    apply_settings(environment, settings(learn=(8, None)), False)
    assert one.weight == 5


def test_a_server_like_no_other_comes_with_what_to_do():
    with pytest.raises(Refusal) as caught:
        apply_settings(environment_of(user_class("LearnUser", "learn")), settings(github=(1, None)), True)
    assert str(caught.value) == (
        "LearnUser wants the server 'learn'; loadtest.yaml has github. "
        "Take LearnUser out of the locustfile or add learn to loadtest.yaml."
    )


@pytest.mark.parametrize("is_aimed", [False, True])
def test_a_class_that_names_no_server_is_refused(is_aimed):
    environment = environment_of(user_class("AUser", ""), user_class("Any", "target"))
    with pytest.raises(Refusal, match="AUser names no server") as caught:
        apply_settings(environment, settings(is_aimed=is_aimed, target=(1, None)), False)
    assert caught.value.exit_code == 3


def test_a_class_of_another_kind_may_have_a_server_of_its_own():
    class Web(HttpUser):
        server = "apache"

        @task
        def visit(self):
            pass

    environment = environment_of(Web, user_class("Two", "github"))
    apply_settings(environment, settings(github=(1, None)), False)
    assert names(environment) == ["Web", "Two"]


def test_weights_that_are_all_zero_are_refused_and_one_above_is_enough():
    with pytest.raises(Refusal, match="All weights are 0"):
        apply_settings(environment_of(user_class("One", "learn")), settings(learn=(0, None)), False)
    mixed = environment_of(user_class("One", "learn"), user_class("Two", "github"))
    apply_settings(mixed, settings(learn=(0, None), github=(1, None)), False)
    fixed = user_class("One", "learn")
    fixed.fixed_count = 3
    apply_settings(environment_of(fixed), settings(learn=(0, None)), False)


def test_one_server_of_several_can_be_named(monkeypatch):
    monkeypatch.setenv("SWARMBRIDGE_ONLY", "github")
    environment = environment_of(user_class("One", "learn"), user_class("Two", "github"))
    apply_settings(environment, settings(learn=(8, None), github=(2, None)), False)
    assert names(environment) == ["Two"]


def test_the_one_named_server_must_have_a_class(monkeypatch):
    monkeypatch.setenv("SWARMBRIDGE_ONLY", "nobody")
    with pytest.raises(Refusal, match="SWARMBRIDGE_ONLY names nobody"):
        apply_settings(environment_of(user_class("One", "learn")), settings(learn=(8, None)), False)
