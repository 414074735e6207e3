"""
What loadtest.yaml says that a server's users do, for a class in Python: `mix` is a task, `think` its think time.

    class LearnUser(McpUser):
        server = "learn"
        tasks = {mix: 9, my_own_task: 1}
        wait_time = think
"""

import logging
from typing import Any

import gevent
from locust.exception import StopUser
from locust.runners import LocalRunner

from azure_engine import engine_here
from mcp_user import McpUser
from refusal import WRONG_INPUT
from traffic_classes import PLAN
from traffic_plan import NothingLeft
from user_traffic import UserTraffic

# On a user: how far it is in its traffic.
_STATE = "_traffic"

logger = logging.getLogger("swarmbridge")


def mix(user: Any) -> None:
    """
    A task: one item of the mix, or one burst. In a TaskSet as in a user.

    :raises McpError: when an operation failed; it is counted
    """
    owner = getattr(user, "user", user)
    try:
        _state(owner).do_next()
    except NothingLeft:
        _give_up(owner)


def think(user: Any) -> float:
    """The think time that goes with it."""
    return _state(getattr(user, "user", user)).pause()


def prepare(user: McpUser) -> None:
    """Has the user look at its server's tools now; else its first item does."""
    _state(user).prepare()


def _state(user: McpUser) -> UserTraffic:
    state = getattr(user, _STATE, None)
    if state is None:
        plan = getattr(user, PLAN, None)
        if plan is None:
            raise RuntimeError(f"{type(user).__name__} has no mix: {user.server} has no `traffic` in loadtest.yaml")
        state = UserTraffic(user, plan, _process(user))
        setattr(user, _STATE, state)
        user.get_ready = state.get_ready
    return state


def _process(user: McpUser) -> int:
    engine = engine_here()
    if engine:
        return engine.share[0]
    return max(0, getattr(user.environment.runner, "worker_index", 0))


def _give_up(user: McpUser) -> None:
    """A run that does nothing ends, and says so in its exit code; beside others, only these users leave."""
    environment = user.environment
    plan = getattr(user, PLAN)
    if not plan.has_ended:
        plan.has_ended = True
        logger.error("%s: nothing is left of its traffic that could be done.", user.server)
        environment.process_exit_code = WRONG_INPUT
        is_alone = all(getattr(one, PLAN, None) is plan for one in environment.user_classes)
        if is_alone and isinstance(environment.runner, LocalRunner) and not environment.web_ui:
            gevent.spawn(environment.runner.quit)
    raise StopUser()
