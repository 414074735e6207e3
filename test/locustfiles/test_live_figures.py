import gevent
import pytest
from gevent.event import Event

from live_figures import merged, ms_text, percentile_ms, percentile_text
from lookout import Answers, Lookout


def line(**fields):
    return {
        "users": 1,
        "inFlight": 0,
        "hidden": 0,
        "names": {},
        "reasons": {},
        "sessions": {},
        "harnessDelay": {"before": [], "after": []},
        "generator": {"level": "ok", "reasons": []},
        **fields,
    }


def named(service, **counts):
    return {"learn:ping": {"counts": counts, "service": service, "firstEvent": []}}


def test_a_percentile_is_read_from_the_sum_of_the_bridges_and_never_averaged():
    # 160: 1.024 ms, 272: 131.072 ms. The mean of the two medians would be 66.
    both = merged([line(names=named([160, 90], ok=90)), line(names=named([272, 10], ok=8, timeout=2))])
    one = both["names"]["learn:ping"]
    assert one["counts"] == {"ok": 98, "timeout": 2}
    assert percentile_ms(one["service"], 50) == 1.024
    assert percentile_ms(one["service"], 90) == 1.024
    assert percentile_ms(one["service"], 91) == 131.072


def test_what_several_bridges_have_is_added():
    ours = line(sessions={"learn": {"open": 2, "peak": 3}}, reasons={"timeout": {"count": 2, "whose": "wire"}})
    theirs = line(
        users=4, sessions={"learn": {"open": 1, "peak": 1}}, reasons={"timeout": {"count": 1, "whose": "wire"}}
    )
    both = merged([ours, theirs])
    assert both["users"] == 5
    assert both["sessions"] == {"learn": {"open": 3, "peak": 4}}
    assert both["reasons"] == {"timeout": {"count": 3, "whose": "wire"}}


def test_the_worst_generator_speaks_for_all_and_one_that_was_not_measured_for_none():
    levels = [
        ("unknown", "nobody measured"),
        ("ok", ""),
        ("strained", "late"),
        ("strained", "late"),
        ("strained", "busy"),
    ]
    said = [line(generator={"level": level, "reasons": [why] if why else []}) for level, why in levels]
    assert merged(said)["generator"] == {"level": "strained", "reasons": ["late", "busy"]}
    assert merged(said[:2])["generator"]["level"] == "ok"


def test_a_percentile_of_too_few_values_is_marked_and_one_of_none_is_a_dash():
    assert percentile_text({}, 95) == "-"
    assert percentile_text({160: 19}, 95) == "~1.0"
    assert percentile_text({160: 20}, 95) == "1.0"
    assert [ms_text(0.123), ms_text(12.34), ms_text(1234.5)] == ["0.12", "12.3", "1234"]


class Asked:
    """Bridges that have ended five operations more with each answer."""

    def __init__(self):
        self.times = 0
        self.silent_since = None

    def __call__(self):
        self.times += 1
        lines = [] if self.silent_since else [line(names=named([160, 5 * self.times], ok=5 * self.times))]
        return Answers(lines, self.silent_since)


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("lookout.time.monotonic", lambda: now[0])
    return now


def test_nobody_is_asked_while_nobody_looks():
    ask = Asked()
    lookout = Lookout(ask)
    lookout.begin("run", 10)
    lookout.look()
    lookout.end()
    assert ask.times == 0
    assert lookout.view()["state"] == "ended"


def test_who_looks_often_is_told_what_is_less_than_a_second_old(clock):
    ask = Asked()
    lookout = Lookout(ask)
    assert lookout.view()["state"] == "none"
    lookout.begin("run", None)
    clock[0] += 1
    for _ in range(3):
        assert lookout.view()["figures"]["operations"] == 5
    assert ask.times == 1
    clock[0] += 10
    figures = lookout.view()["figures"]
    assert (figures["operations"], figures["perSecond"], ask.times) == (10, 0.5, 2)
    lookout.end()
    clock[0] += 60
    ended = lookout.view()
    assert (ended["state"], ended["elapsedS"], ended["figures"]["operations"], ask.times) == ("ended", 11, 10, 2)


def test_figures_of_the_run_before_are_not_shown_in_the_next():
    lookout = Lookout(Asked())
    lookout.begin("first", None)
    lookout._take(merged([line()]))
    lookout.begin("second", None)
    assert lookout.view()["figures"] is None


def test_figures_of_a_bridge_that_does_not_answer_are_not_passed_off_as_of_now(clock):
    ask = Asked()
    lookout = Lookout(ask)
    lookout.begin("run", None)
    clock[0] += 1
    assert lookout.view()["figures"]["perSecond"] == 5
    ask.silent_since = clock[0] + 1
    for _ in range(3):
        clock[0] += 1
        lookout.view()
        gevent.sleep(0)
    assert (lookout.view()["silence"], lookout.view()["figures"]["perSecond"]) == (None, 5)
    clock[0] += 5
    silent = lookout.view()
    assert silent["silence"] == "a bridge has not answered for 7 s: its figures are as old as that"
    assert (silent["figures"]["operations"], silent["figures"]["perSecond"]) == (5, None)
    ask.silent_since = None
    clock[0] += 10
    assert lookout.view()["silence"] is None
    ask.silent_since = clock[0]
    lookout.end()
    assert lookout.view()["silence"] is None


def test_a_glance_waits_for_no_bridge_and_the_next_one_has_its_answer(clock):
    may_answer = Event()

    def ask():
        may_answer.wait()
        return Answers([line(users=7)], None)

    lookout = Lookout(ask)
    lookout.begin("run", None)
    clock[0] += 1
    with gevent.Timeout(5):
        assert lookout.glance()["figures"] is None
        may_answer.set()
        while not lookout.glance()["figures"]:
            gevent.sleep(0)
    assert lookout.glance()["figures"]["users"] == 7


def test_a_view_waits_no_longer_than_it_may(clock, monkeypatch):
    monkeypatch.setattr("lookout.WAIT_S", 0.01)

    def ask():
        Event().wait()
        return Answers([line()], None)

    lookout = Lookout(ask)
    lookout.begin("run", None)
    clock[0] += 1
    with gevent.Timeout(5):
        assert lookout.view()["figures"] is None


def test_what_the_workers_say_with_their_ends_is_shown_last_where_somebody_has_looked():
    lookout = Lookout(Asked())
    lookout.begin("run", None)
    lookout.end()
    lookout.conclude([line(names=named([160, 9], ok=9))])
    assert lookout.view()["figures"] is None
    lookout._take(merged([line()]))
    lookout.conclude([line(names=named([160, 9], ok=9))])
    assert lookout.view()["figures"]["operations"] == 9
