from types import SimpleNamespace

from swarm_messages import LIVE
from worker_figures import WorkerFigures

LINE = {
    "users": 3,
    "inFlight": 1,
    "hidden": 4,
    "names": {"learn:ping": {"counts": {"ok": 8}, "service": [160, 8], "firstEvent": []}},
    "sessions": {"learn": {"open": 3, "peak": 5}},
}


class Workers:
    """A runner whose workers answer at once, those that do."""

    def __init__(self, *answering):
        self.answering = answering
        self.listeners = []

    def register_message(self, kind, hear):
        assert kind == LIVE
        self.listeners.append(hear)

    def send_message(self, kind, data):
        for worker in self.answering:
            for hear in self.listeners:
                hear(SimpleNamespace(node_id=worker, data={"run": "run", "live": LINE}))


def figures_of(runner):
    figures = WorkerFigures(runner)
    figures.begin("run")
    return figures


def test_a_worker_that_is_gone_leaves_what_it_did_and_has_nothing_open():
    runner = Workers("one", "two")
    figures = figures_of(runner)
    assert figures.look(["one", "two"]) == ([LINE, LINE], None)
    runner.answering = ("one",)
    (here, gone), silent_since = figures.look(["one"])
    assert here == LINE and silent_since is None
    assert gone == {**LINE, "users": 0, "inFlight": 0, "sessions": {"learn": {"open": 0, "peak": 5}}}
    assert figures.known([]) == [gone, gone]


def test_a_worker_is_silent_since_it_was_first_asked_in_vain(monkeypatch):
    monkeypatch.setattr("worker_figures.LIMIT_S", 0.0)
    now = [100.0]
    monkeypatch.setattr("worker_figures.time.monotonic", lambda: now[0])
    runner = Workers("one", "two")
    figures = figures_of(runner)
    figures.look(["one", "two"])
    runner.answering = ("one",)
    for at in (101.0, 105.0):
        now[0] = at
        assert figures.look(["one", "two"]) == ([LINE, LINE], 101.0)
    runner.answering = ("one", "two")
    assert figures.look(["one", "two"]).silent_since is None


def test_an_answer_about_the_run_before_is_not_counted():
    runner = Workers("one")
    figures = figures_of(runner)
    figures.begin("next")
    assert figures.known(["one"]) == []
    runner.send_message("look", {})
    assert figures.known(["one"]) == []
