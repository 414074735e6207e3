"""Runs the load that the bridge has planned as a LoadTestShape of Locust: headless, in the web UI, in a master."""

import logging
from typing import Any, Dict, List, Mapping, Optional, Tuple

from locust import LoadTestShape
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from azure_engine import Engine
from class_dispatcher import ClassCounts, ClassDispatcher
from load_segments import LoadPlan, Scenario, by_weight, plan_from, share_of
from refusal import Refusal

# Locust ticks about once a second, and shows a ramp-down when its users have had this long to end beside stop-timeout.
SETTLE_S = 3.0
LONGEST_TEXT = 1000

logger = logging.getLogger("swarmbridge")

Tick = Tuple[Any, ...]


class PlannedShape(LoadTestShape):
    """
    Users follow the plan to the second. The spawn rate is always large enough: a ramp is in the plan, and where the
    plan jumps, all begin at once.

    :param groups: the classes of each scenario with their weights; None where Locust chooses by itself
    """

    abstract = True

    def __init__(
        self,
        environment: Environment,
        plan: LoadPlan,
        engine: Optional[Engine],
        groups: "Optional[List[Mapping[str, float]]]",
    ) -> None:
        super().__init__()
        self.plan = plan
        self._environment = environment
        self._engine = engine
        self._groups = groups
        self._has_begun = False
        self._last: Optional[Tick] = None
        self._settled_at_s = 0.0
        self._nudges = 0

    @property
    def peak_here(self) -> int:
        """Most users at once, of this process's share."""
        return share_of(self.plan.peak, self._engine)

    def start_over(self) -> None:
        """The run's clock starts: `test_start` is over, and with it the wait for a bridge."""
        self.reset_time()
        self._has_begun = True
        self._settled_at_s = 0.0

    def stop(self) -> None:
        """The next run begins at the beginning."""
        self._has_begun = False
        self._last = None

    def tick(self) -> Optional[Tick]:
        # Locust fires `test_start` because of the first tick, in another greenlet, and would kill that for another one.
        second = self.get_run_time() if self._has_begun else 0.0
        if second >= self.plan.seconds:
            return None
        shares = [share_of(one.users_at(second), self._engine) for one in self.plan.scenarios]
        users = sum(shares)
        classes = self._classes(shares)
        before = self._last[0] if self._last else 0
        if self._last and not self._has_begun and isinstance(self._environment.runner, MasterRunner):
            return self._nudged()  # it had no worker yet
        if self._last and before == users and (classes is None or self._last[2] == classes):
            return self._nudged() if self._is_short(second) else self._last
        if self._has_begun and before > users or classes is not None:
            self._settled_at_s = second + (self._environment.stop_timeout or 0) + SETTLE_S
        rate = float(max(1, abs(users - before)))
        self._last = (users, rate) if classes is None else (users, rate, classes)
        return self._last

    def _classes(self, shares: List[int]) -> Optional[ClassCounts]:
        if self._groups is None:
            return None
        counts: Dict[str, int] = {}
        for share, weights in zip(shares, self._groups):
            counts.update(by_weight(share, weights))
        return ClassCounts(counts)

    def _is_short(self, second: float) -> bool:
        """
        A user that still ends, with `--stop-timeout`, counts for Locust as one that is there: when the plan rises again
        meanwhile, one too few is started, and nobody looks again.
        """
        runner = self._environment.runner
        assert runner and self._last
        if not self._has_begun or second > self._settled_at_s:
            return False
        counts = runner.reported_user_classes_count if isinstance(runner, MasterRunner) else runner.user_classes_count
        if self._groups is None:
            return sum(counts.values()) < self._last[0]
        return any(counts.get(name, 0) < wanted for name, wanted in self._last[2].items())

    def _nudged(self) -> Tick:
        """The same once more: Locust takes a tick for news when anything in it is new."""
        assert self._last
        self._nudges += 1
        users, rate, *rest = self._last
        return (users, rate + self._nudges / 1024, *rest)


def install(environment: Environment, told: Optional[Mapping[str, Any]], engine: Optional[Engine]) -> None:
    """
    Gives the run its shape and the users their start jitter.

    :param told: `load` of the settings; None when there is nothing to do
    :raises Refusal: when the locustfile has a load shape of its own, for a scenario without users, and for a class
        that two scenarios have
    """
    if not told:
        return
    for user_class in environment.user_classes:
        if getattr(user_class, "is_mcp_user", False) and user_class.start_jitter is None:  # pyright: ignore
            user_class.start_jitter = told["startJitter"]  # pyright: ignore
    if not told["plan"] or isinstance(environment.runner, WorkerRunner):
        return
    plan = plan_from(told["plan"])
    if environment.shape_class:
        name = type(environment.shape_class).__name__
        raise Refusal(
            f"The locustfile has the load shape {name}, and the run has the shape {plan.name}: use one of them. "
            "`--shape none` leaves it to the locustfile."
        )
    groups = None
    if any(one.name for one in plan.scenarios):
        groups = [_weights(one, environment) for one in plan.scenarios]
        _refuse_shared(plan, groups)
        _say_who_stays_out(environment, groups)
        environment.dispatcher_class = ClassDispatcher
    shape = PlannedShape(environment, plan, engine, groups)
    shape.runner = environment.runner
    environment.shape_class = shape
    # The web UI has a choice of shapes, where it shows the classes as well.
    available: "Optional[Dict[str, LoadTestShape]]" = environment.available_shape_classes
    if available is not None:
        available[plan.name] = shape
    environment.events.test_stop.add_listener(lambda **_: shape.stop())
    logger.info("Load shape %s: %s (%g s, at most %d users).", plan.name, plan.text, plan.seconds, plan.peak)
    _say_what_is_divided(plan, engine)


def begin(environment: Environment) -> None:
    """To be called when a run has begun, before its users come."""
    shape = environment.shape_class
    if isinstance(shape, PlannedShape):
        shape.start_over()


def shape_facts(environment: Environment) -> "Dict[str, Any]":
    """For the plan in the record of a run. Seconds."""
    shape = environment.shape_class
    if not isinstance(shape, PlannedShape):
        return {"shape": type(shape).__name__ if shape else None}
    plan = shape.plan
    text = plan.text if len(plan.text) <= LONGEST_TEXT else plan.text[:LONGEST_TEXT] + "..."
    return {
        "shape": plan.name,
        "shapeStages": text,
        "shapeSeconds": plan.seconds,
        "users": shape.peak_here,
        "spawnRate": None,
    }


def _weights(scenario: Scenario, environment: Environment) -> "Mapping[str, float]":
    servers, classes = scenario.servers or [], scenario.classes or []
    found = {
        one.__name__: one
        for one in environment.user_classes
        if one.__name__ in classes or getattr(one, "server", None) in servers
    }
    here = {*found, *(getattr(one, "server", None) for one in found.values())}
    missing = [name for name in [*servers, *classes] if name not in here]
    if missing:
        raise Refusal(f"The scenario {scenario.name} has no users: nobody here is {' or '.join(missing)}.")
    weights = {name: float(one.weight) for name, one in found.items() if one.weight}
    return weights or dict.fromkeys(found, 1.0)


def _refuse_shared(plan: LoadPlan, groups: "List[Mapping[str, float]]") -> None:
    """The file says this of names. That a class is one of a server's, only the locustfile knows."""
    taken: Dict[str, Optional[str]] = {}
    for scenario, weights in zip(plan.scenarios, groups):
        for one in weights:
            if one in taken:
                raise Refusal(
                    f"The scenario {scenario.name} has {one}, as {taken[one]} has: users of one kind cannot follow "
                    "two shapes."
                )
            taken[one] = scenario.name


def _say_who_stays_out(environment: Environment, groups: "List[Mapping[str, float]]") -> None:
    taken = {name for weights in groups for name in weights}
    out = [one.__name__ for one in environment.user_classes if one.__name__ not in taken]
    if out:
        logger.info("In no scenario, so without users: %s.", ", ".join(out))


def _say_what_is_divided(plan: LoadPlan, engine: Optional[Engine]) -> None:
    if engine and share_of(plan.peak, engine) * engine.count != plan.peak and not engine.number:
        here = share_of(plan.peak, engine)
        left = plan.peak - here * engine.count
        logger.warning(
            "This engine does not know its number, so each of the %d takes %d of the %d users: %d are nobody's.",
            engine.count,
            here,
            plan.peak,
            left,
        )
