"""The user classes of servers that have `traffic` in loadtest.yaml: made when the settings are there."""

from typing import Any, Dict, List, Mapping

from locust import User, between
from locust.env import Environment

from arrival_plan import SESSIONS, TASKS
from arrival_schedule import poisson, steady
from refusal import Refusal
from traffic_plan import TrafficPlan

# On a class: what its mix is.
PLAN = "traffic_plan"
# On the class that stands for all servers with traffic.
STANDS_FOR = "stands_for_traffic"

Settings = Mapping[str, Any]


def place_traffic(environment: Environment, settings: Settings) -> None:
    """
    Puts one class for each server with `traffic` in the place of the class that stands for them, and tells all classes
    of such a server what their `mix` is.

    :raises Refusal: when data of the traffic will not do, when a class uses a mix that is not there, and when there is
        nothing but the class that stands for none
    """
    plans = {
        name: TrafficPlan(name, server["traffic"], settings["folder"])
        for name, server in settings["servers"].items()
        if server.get("traffic") is not None
    }
    stand_in = next((one for one in environment.user_classes if _stands_for(one)), None)
    if stand_in:
        made = [_class_for(name, settings["servers"][name]["traffic"], stand_in) for name in plans]
        others = [one for one in environment.user_classes if not _stands_for(one)]
        if not made and not others:
            raise Refusal(f"No server of {settings['source']} has `traffic`: say there what its users do.")
        _replace(environment, stand_in, made)
    for user_class in environment.user_classes:
        server = getattr(user_class, "server", "")
        setattr(user_class, PLAN, plans.get(server))
        if server not in plans and any(map(_is_mix, user_class.tasks)):
            name, source = user_class.__name__, settings["source"]
            raise Refusal(f"{name} has the task `mix`, and {server or 'its server'} has no `traffic` in {source}.")


def _stands_for(user_class: "type[User]") -> bool:
    return STANDS_FOR in vars(user_class) and vars(user_class)[STANDS_FOR]


def _is_mix(task: Any) -> bool:
    """By its name: where Locust executes each file of a folder, there are two functions of it."""
    return (getattr(task, "__module__", ""), getattr(task, "__name__", "")) == ("traffic", "mix")


def _class_for(server: str, traffic: Mapping[str, Any], stand_in: "type[User]") -> "type[User]":
    name = "".join(part.capitalize() for part in server.split("-")) + "Traffic"
    attributes: Dict[str, Any] = {"server": server, "__module__": stand_in.__module__, STANDS_FOR: False}
    rate, lifetime = traffic["arrivalsPerSecond"], traffic["sessionLifetime"]
    if rate is not None:
        arrivals = traffic["arrivals"]
        attributes.update(
            arrivals=poisson(rate, traffic["seed"]) if arrivals["byChance"] else steady(rate),
            arrivals_of=SESSIONS if arrivals["of"] == "sessions" else TASKS,
            arrivals_limit=arrivals["limitMs"] / 1000,
            # The plan says when items start.
            wait_time=User.wait_time,
        )
    if lifetime is not None:
        attributes["session_lifetime"] = between(lifetime["fromMs"] / 1000, lifetime["toMs"] / 1000)
    return type(name, (stand_in,), attributes)


def _replace(environment: Environment, stand_in: "type[User]", made: "List[type[User]]") -> None:
    environment.user_classes[:] = [one for one in environment.user_classes if one is not stand_in] + made
    for catalogue, entry in (
        (environment.available_user_classes, lambda one: one),
        (environment.available_user_tasks, lambda one: one.tasks),
    ):
        if catalogue:
            catalogue.pop(stand_in.__name__, None)
            catalogue.update({one.__name__: entry(one) for one in made})
