"""Which user classes take part, and with what weight: loadtest.yaml decides."""

import difflib
import itertools
import logging
import os
from typing import Any, Dict, List, Mapping, Set

from locust import User
from locust.env import Environment

from arrival_plan import arrival_plan
from refusal import Refusal
from shared_traffic import check_both_sides, place_shared_traffic
from traffic_classes import place_traffic

AIMED = "target"

logger = logging.getLogger("swarmbridge")
Settings = Mapping[str, Any]


def apply_settings(environment: Environment, settings: Settings, is_worker: bool) -> None:
    """
    Checks every class's server, gives the classes their servers' weights, and leaves out those that cannot run. A
    worker leaves nothing out: its master has chosen, and sends it counts by class.

    :raises Refusal: for a class without a server, for a server that loadtest.yaml does not know, when no class is left,
        when no class has a weight, and when one of two servers that are to be compared lacks its credential
    """
    place_shared_traffic(environment, settings)
    place_traffic(environment, settings)
    classes = [user_class for user_class in environment.user_classes if _is_ours(user_class)]
    _check_named(classes)
    _check_arrivals(classes)
    if settings["isAimed"]:
        staying = [user_class for user_class in classes if _server(user_class) == AIMED]
    else:
        staying = [one for one in classes if _server(one) != AIMED or AIMED in settings["servers"]]
        _check_names(staying, settings)
    if is_worker:
        return
    _report_aim(environment, settings, classes, staying)
    staying = _with_credentials(staying, settings)
    others = len(environment.user_classes) > len(classes)
    if not staying and not others:
        raise _nothing_left(classes, settings)
    staying = _only_named(staying)
    _leave_out(environment, [user_class for user_class in classes if user_class not in staying])
    _weigh(environment, staying, settings["servers"])
    _check_weights(environment.user_classes)


def _is_ours(user_class: "type[User]") -> bool:
    """Not `issubclass`: where Locust executes each file of a folder, there are two classes of the name McpUser."""
    return getattr(user_class, "is_mcp_user", False)


def _server(user_class: "type[User]") -> str:
    return getattr(user_class, "server", "")


def _check_named(classes: "List[type[User]]") -> None:
    nameless = [user_class.__name__ for user_class in classes if not _server(user_class)]
    if nameless:
        names = ", ".join(nameless)
        raise Refusal(
            f'{names} names no server: give the class a `server = "..."`, the name of an entry in loadtest.yaml.'
        )


def _check_arrivals(classes: "List[type[User]]") -> None:
    for user_class in classes:
        plan = arrival_plan(user_class)
        if plan and user_class.wait_time is not User.wait_time:
            logger.warning("%s has an arrival rate, so its wait_time is not used.", plan.what)


def _check_weights(classes: "List[type[User]]") -> None:
    if not any(user_class.weight or user_class.fixed_count for user_class in classes):
        raise Refusal("All weights are 0, so no user would start: give a server in loadtest.yaml a weight above 0.")


def _check_names(classes: "List[type[User]]", settings: Settings) -> None:
    known = list(settings["servers"])
    faults = []
    for user_class in classes:
        server = _server(user_class)
        if server not in known:
            near = difflib.get_close_matches(server, known, n=1)
            name, source = user_class.__name__, settings["source"]
            names = ", ".join(known) or "no server"
            otherwise = f"Take {name} out of the locustfile or add {server} to {source}."
            advice = f"Did you mean {near[0]!r}?" if near else otherwise
            faults.append(f"{name} wants the server {server!r}; {source} has {names}. {advice}")
    if faults:
        raise Refusal("\n".join(faults))


def _report_aim(
    environment: Environment, settings: Settings, classes: "List[type[User]]", staying: "List[type[User]]"
) -> None:
    if environment.host:
        logger.warning("--host aims at nothing here: the addresses stand in loadtest.yaml, or in MCP_SERVER_URL.")
    if settings["isAimed"] and staying and len(staying) < len(classes):
        names = ", ".join(user_class.__name__ for user_class in staying)
        logger.info("MCP_SERVER_URL is set: only %s runs, against %s.", names, settings["servers"][AIMED]["url"])


def _with_credentials(classes: "List[type[User]]", settings: Settings) -> "List[type[User]]":
    missing: Dict[str, str] = {}
    for user_class in classes:
        server = _server(user_class)
        lacks = settings["servers"][server]["missing"]
        if lacks:
            missing[server] = f"{server} (needs {lacks})"
    if missing:
        if not _only():
            check_both_sides(settings, missing)
        logger.warning("Left out for want of a credential: %s.", ", ".join(missing.values()))
    return [user_class for user_class in classes if _server(user_class) not in missing]


def _only_named(classes: "List[type[User]]") -> "List[type[User]]":
    """One server of several, for who starts Locust and does not know the classes (`swarmbridge ceiling`)."""
    only = _only()
    staying = [user_class for user_class in classes if not only or _server(user_class) == only]
    if only and not staying:
        raise Refusal(f"SWARMBRIDGE_ONLY names {only}, and no class of this locustfile can run against it.")
    return staying


def _only() -> str:
    return os.environ.get("SWARMBRIDGE_ONLY", "")


def _nothing_left(classes: "List[type[User]]", settings: Settings) -> Refusal:
    servers = {_server(user_class) for user_class in classes}
    if settings["isAimed"]:
        return Refusal("MCP_SERVER_URL is set, but this locustfile has no class for it: run any_server.py or multi.py.")
    if servers <= {AIMED}:
        return Refusal("any_server.py has no server: name one in MCP_SERVER_URL (and its token in MCP_TOKEN).")
    lacks = sorted({str(settings["servers"][one]["missing"]) for one in servers if one in settings["servers"]})
    return Refusal(f"No server is left to test: set {' or '.join(lacks)} in the environment or in .env.")


def _leave_out(environment: Environment, leaving: "List[type[User]]") -> None:
    environment.user_classes[:] = [one for one in environment.user_classes if one not in leaving]
    for catalogue in (environment.available_user_classes, environment.available_user_tasks):
        for user_class in leaving:
            if catalogue:
                catalogue.pop(user_class.__name__, None)


def _weigh(environment: Environment, classes: "List[type[User]]", servers: Mapping[str, Any]) -> None:
    """Classes of one server share its weight in the proportion of their own. What --config-users sets stays."""
    given = _weights_on_command_line(environment)
    own = {user_class: user_class.weight for user_class in classes}
    for user_class in classes:
        server = _server(user_class)
        user_class.host = user_class.host or servers[server]["url"]
        if user_class.__name__ not in given:
            siblings = sum(weight for other, weight in own.items() if _server(other) == server)
            user_class.weight = servers[server]["weight"] * own[user_class] / siblings


def _weights_on_command_line(environment: Environment) -> Set[str]:
    configured = getattr(environment.parsed_options, "config_users", None) or []
    return {one["user_class_name"] for one in itertools.chain(*configured) if "weight" in one}
