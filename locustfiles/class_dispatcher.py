"""
Places users by class: as many of each as the plan says, at once. Locust's own dispatcher knows one number for all
classes and takes away whoever came last, so that two scenarios could not have shapes of their own.
"""

from typing import Any, Dict, Iterator, List, Mapping, Optional

from locust.dispatch import UsersDispatcher

WorkerCounts = Dict[str, Dict[str, int]]


class ClassCounts(Dict[str, int]):
    """Users by class. Stands in a shape's tick where Locust has a list of classes, which it only hands on."""


class ClassDispatcher(UsersDispatcher):
    """
    Locust's order of calls: `new_dispatch`, then the dispatcher is iterated until it ends; `add_worker` and
    `remove_worker` at any time between. Each class goes to where the fewest users are, and from where the most of its
    own are.
    """

    _wanted: Mapping[str, int] = {}

    def new_dispatch(self, target_user_count: int, spawn_rate: float, user_classes: Optional[Any] = None) -> None:
        """:param user_classes: ClassCounts; None when the workers changed, and nothing else"""
        if isinstance(user_classes, ClassCounts):
            self._wanted = user_classes
        super().new_dispatch(target_user_count, spawn_rate)

    def _dispatcher(self) -> "Iterator[WorkerCounts]":  # type: ignore[override]
        self._dispatch_in_progress = True
        self._place()
        yield self._users_on_workers
        self._dispatch_in_progress = False

    def _prepare_rebalance(self) -> None:
        """The next dispatch places everybody anew."""
        names = [one.__name__ for one in self._original_user_classes]
        self._users_on_workers = {worker.id: dict.fromkeys(names, 0) for worker in self._worker_nodes}
        self._rebalance = True

    def _place(self) -> None:
        placed = self._users_on_workers
        self._rebalance = False
        for name, wanted in self._wanted.items():
            surplus = sum(counts[name] for counts in placed.values()) - wanted
            for _ in range(surplus):
                max(placed.values(), key=lambda counts: counts[name])[name] -= 1
        loads: "List[Dict[str, int]]" = list(placed.values())
        for name, wanted in self._wanted.items():
            lack = wanted - sum(counts[name] for counts in loads)
            for _ in range(lack):
                min(loads, key=lambda counts: sum(counts.values()))[name] += 1
        self._current_user_count = self.get_current_user_count()
