"""Users by class, over one process or several workers."""

from typing import Dict, List

from locust import User
from locust.runners import WorkerNode

from class_dispatcher import ClassCounts, ClassDispatcher


class A(User):
    pass


class B(User):
    pass


def dispatched(dispatcher: ClassDispatcher, counts: "Dict[str, int]") -> "List[Dict[str, Dict[str, int]]]":
    dispatcher.new_dispatch(sum(counts.values()), 1, ClassCounts(counts))
    return list(dispatcher)


def totals(placed: "Dict[str, Dict[str, int]]") -> "Dict[str, int]":
    return {name: sum(counts[name] for counts in placed.values()) for name in ("A", "B")}


def loads(placed: "Dict[str, Dict[str, int]]") -> "List[int]":
    return [sum(counts.values()) for counts in placed.values()]


def test_each_class_has_what_it_is_given_at_once_whatever_happens_to_the_other():
    dispatcher = ClassDispatcher([WorkerNode("local")], [A, B])
    for counts in ({"A": 0, "B": 0}, {"A": 9, "B": 2}, {"A": 3, "B": 8}, {"A": 3, "B": 8}, {"A": 0, "B": 0}):
        assert dispatched(dispatcher, counts) == [{"local": counts}]
        assert dispatcher.get_current_user_count() == sum(counts.values())
        assert not dispatcher.dispatch_in_progress


def test_workers_share_evenly_and_nobody_moves_who_need_not():
    dispatcher = ClassDispatcher([WorkerNode("w1"), WorkerNode("w2"), WorkerNode("w3")], [A, B])
    [placed] = dispatched(dispatcher, {"A": 7, "B": 4})
    assert totals(placed) == {"A": 7, "B": 4} and max(loads(placed)) - min(loads(placed)) <= 1
    [later] = dispatched(dispatcher, {"A": 7, "B": 1})
    assert totals(later) == {"A": 7, "B": 1}
    assert {worker: counts["A"] for worker, counts in later.items()} == {
        worker: counts["A"] for worker, counts in placed.items()
    }


def test_a_worker_that_joins_or_leaves_gets_its_part_without_a_new_plan():
    dispatcher = ClassDispatcher([WorkerNode("w1")], [A, B])
    dispatched(dispatcher, {"A": 6, "B": 2})
    joining = WorkerNode("w2")
    dispatcher.add_worker(joining)
    # As Locust's master calls it then: with the numbers that it knows.
    dispatcher.new_dispatch(8, 1)
    [placed] = list(dispatcher)
    assert loads(placed) == [4, 4] and totals(placed) == {"A": 6, "B": 2}
    dispatcher.remove_worker(joining)
    dispatcher.new_dispatch(8, 1)
    assert list(dispatcher) == [{"w1": {"A": 6, "B": 2}}]
