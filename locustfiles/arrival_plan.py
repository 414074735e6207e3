"""What a user class says about its arrival rate, read once and checked before anything starts."""

import math
from typing import Any, Dict, Iterable, NamedTuple, Optional

from locust import User

from arrival_schedule import Schedule, steady
from refusal import Refusal

TASKS = "tasks"
SESSIONS = "sessions"
LONGEST_TEXT = 500


class ArrivalPlan(NamedTuple):
    """
    :ivar what: the last part of the name in the statistics: the class's own name
    :ivar limit_s: for how long a start may wait for a free user
    """

    server: str
    what: str
    schedule: Schedule
    limit_s: float

    @property
    def name(self) -> str:
        """In the statistics. The bridge makes the same of its two parts."""
        return f"{self.server}:arrival:{self.what}"


def arrival_plan(user_class: "type[User]") -> Optional[ArrivalPlan]:
    """
    None for a class whose users pace themselves.

    :raises Refusal: when the class contradicts itself
    """
    if not getattr(user_class, "is_mcp_user", False):
        return None
    schedule = getattr(user_class, "arrivals", None)
    per_second = getattr(user_class, "arrivals_per_second", None)
    if schedule is None and per_second is None:
        return None
    what = user_class.__name__
    if schedule is not None and per_second is not None:
        raise Refusal(f"{what} has both `arrivals` and `arrivals_per_second`: take one of them away.")
    if per_second is not None:
        try:
            schedule = steady(per_second)
        except ValueError as error:
            raise Refusal(f"{what}.arrivals_per_second: {error}.") from error
    assert schedule is not None
    # Not `isinstance`: where Locust executes each file of a folder, there are two classes of the name Schedule.
    if type(schedule).__name__ != Schedule.__name__:
        raise Refusal(f"{what}.arrivals is no schedule: use steady, ramp or poisson of arrival_schedule.")
    of: Any = getattr(user_class, "arrivals_of", TASKS)
    if of not in (TASKS, SESSIONS):
        raise Refusal(f'{what}.arrivals_of is "{TASKS}" or "{SESSIONS}".')
    limit_s: Any = getattr(user_class, "arrivals_limit", None)
    if isinstance(limit_s, bool) or not isinstance(limit_s, (int, float)) or not 0 < limit_s < math.inf:
        raise Refusal(f"{what}.arrivals_limit is a number of seconds above 0.")
    return ArrivalPlan(getattr(user_class, "server", ""), what, schedule, limit_s)


def arrival_facts(user_classes: "Iterable[type[User]]") -> Dict[str, str]:
    """For the plan in the record of a run: `LearnUser 50/s`. Nothing where all users pace themselves."""
    plans = [plan for plan in map(arrival_plan, user_classes) if plan]
    text = "; ".join(f"{plan.what} {plan.schedule!r}" for plan in plans)
    return {"arrivals": text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}..."} if plans else {}
