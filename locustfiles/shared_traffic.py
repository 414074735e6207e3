"""The user classes of servers that have `trafficOf` in loadtest.yaml: each class of the other server, once more."""

from typing import Any, List, Mapping

from locust import User
from locust.env import Environment

from refusal import Refusal

Settings = Mapping[str, Any]


def place_shared_traffic(environment: Environment, settings: Settings) -> None:
    """
    For each such server adds a subclass of every class that names the server whose traffic it has. Tasks, think times
    and data are inherited: two iterators would give two streams of data, one gives both servers the same.

    :raises Refusal: for a class of its own that names such a server: then the traffic of the two would not be one
    """
    for name, server in settings["servers"].items():
        other = server.get("trafficOf")
        if other is None:
            continue
        _check_no_own(environment, name, other)
        for user_class in [one for one in environment.user_classes if getattr(one, "server", "") == other]:
            _add(environment, _class_for(name, user_class))


def _check_no_own(environment: Environment, name: str, other: str) -> None:
    own = [one.__name__ for one in environment.user_classes if getattr(one, "server", "") == name]
    if own:
        raise Refusal(
            f"{', '.join(own)} names the server {name}, which has the traffic of {other} (trafficOf): "
            f"take the class out, or trafficOf."
        )


def _class_for(name: str, user_class: "type[User]") -> "type[User]":
    suffix = "".join(part.capitalize() for part in name.split("-"))
    # Of its own: Locust shows it, and the class that it is made of gets one later.
    attributes = {"server": name, "host": None, "__module__": user_class.__module__}
    return type(f"{user_class.__name__}{suffix}", (user_class,), attributes)


def _add(environment: Environment, user_class: Any) -> None:
    """Any: Locust's catalogue says that it holds users, and holds classes."""
    classes: "List[type[User]]" = environment.user_classes
    classes.append(user_class)
    if environment.available_user_classes:
        environment.available_user_classes[user_class.__name__] = user_class
    if environment.available_user_tasks:
        environment.available_user_tasks[user_class.__name__] = user_class.tasks
