"""How many users a moment of the run has, from the segments that the bridge has planned. Pure: no clock, no Locust."""

from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence

from azure_engine import Engine


class Segment(NamedTuple):
    """Seconds of the run; users go evenly from the one number to the other."""

    from_s: float
    to_s: float
    from_users: float
    to_users: float


class Scenario(NamedTuple):
    """
    :ivar name: None for a shape of the whole run, every class by its weight
    :ivar servers: whose classes are meant; None when `classes` says it
    """

    name: Optional[str]
    servers: Optional[Sequence[str]]
    classes: Optional[Sequence[str]]
    segments: Sequence[Segment]

    def users_at(self, second: float) -> int:
        """Rounded; 0 when it is over."""
        for one in self.segments:
            if one.from_s <= second < one.to_s:
                part = (second - one.from_s) / (one.to_s - one.from_s)
                return int(one.from_users + (one.to_users - one.from_users) * part + 0.5)
        return 0


class LoadPlan(NamedTuple):
    """
    :ivar name: of the shape, or of the scenarios
    :ivar text: its stages, as one may type them
    :ivar peak: most users at once
    """

    name: str
    text: str
    seconds: float
    peak: int
    scenarios: List[Scenario]


def plan_from(told: Mapping[str, Any]) -> LoadPlan:
    """:param told: `load.plan` of the settings (docs/link-protocol.md)"""
    scenarios = [
        Scenario(one["name"], one["servers"], one["classes"], [Segment(*each) for each in one["segments"]])
        for one in told["scenarios"]
    ]
    return LoadPlan(told["name"], told["text"], told["seconds"], told["peak"], scenarios)


def share_of(users: int, engine: Optional[Engine]) -> int:
    """
    This engine's part. Numbered engines together have all of them; without a number each takes what all of them can
    have, and a remainder is nobody's.
    """
    if not engine:
        return users
    if engine.number and engine.number <= engine.count:
        return (users + engine.count - engine.number) // engine.count
    return users // engine.count


def by_weight(users: int, weights: Mapping[str, float]) -> Dict[str, int]:
    """
    Divides users among classes: the next one goes to whom it is due most (Webster's method). One user more never takes
    one from anybody, so that a ramp stops nobody on its way up.
    """
    counts = dict.fromkeys(weights, 0)
    for _ in range(users):
        due = max(weights, key=lambda name: weights[name] / (counts[name] + 0.5))
        counts[due] += 1
    return counts
