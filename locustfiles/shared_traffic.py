"""The user classes of servers that have `trafficOf` in loadtest.yaml: each class of the other server, once more."""

from typing import Any, Collection, Dict, List, Mapping

from locust import User
from locust.env import Environment

from refusal import Refusal

Settings = Mapping[str, Any]


def place_shared_traffic(environment: Environment, settings: Settings) -> None:
    """
    For each such server adds a subclass of every class that names the server whose traffic it has. Tasks, think times
    and data are inherited: two iterators would give two streams of data, one gives both servers the same. A
    `fixed_count` is divided, what is left over goes to the first.

    :raises Refusal: for a class of its own that names such a server: then the traffic of the two would not be one; and
        for a `fixed_count` that leaves a server without a user
    """
    sharing: "Dict[type[User], List[type[User]]]" = {}
    for name, server in settings["servers"].items():
        other = server.get("trafficOf")
        if other is None:
            continue
        _check_no_own(environment, name, other)
        for user_class in [one for one in environment.user_classes if getattr(one, "server", "") == other]:
            again = _class_for(name, user_class)
            _add(environment, again)
            sharing.setdefault(user_class, [user_class]).append(again)
    # All are read before one is changed: a class may inherit its count from another.
    for classes, count in [(classes, first.fixed_count) for first, classes in sharing.items()]:
        if count:
            _divide(count, classes)


def check_both_sides(settings: Settings, missing: Collection[str]) -> None:
    """
    :param missing: servers that are left out for want of a credential
    :raises Refusal: when another server with the same traffic stays: there would be nothing to compare it with
    """
    for name, server in settings["servers"].items():
        other = server.get("trafficOf")
        if other is None or (name in missing) == (other in missing):
            continue
        lacking = name if name in missing else other
        raise Refusal(
            f"{name} has the traffic of {other} (trafficOf), and {lacking} lacks its credential, so nothing could be "
            f"compared: set {settings['servers'][lacking]['missing']} in the environment or in .env, or take trafficOf "
            f"out."
        )


def _divide(fixed_count: int, classes: "List[type[User]]") -> None:
    share, left_over = divmod(fixed_count, len(classes))
    if share == 0:
        names = ", ".join(getattr(one, "server", "") for one in classes)
        raise Refusal(
            f"{classes[0].__name__} has a fixed_count of {fixed_count}, which cannot be divided among {names} "
            f"(trafficOf): give it at least {len(classes)}."
        )
    for index, one in enumerate(classes):
        one.fixed_count = share + (1 if index < left_over else 0)


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
