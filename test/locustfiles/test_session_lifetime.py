"""Sessions that are replaced, and users that wait before they begin, against a fake bridge."""

import random
import time
from types import SimpleNamespace
from typing import List, Optional

import pytest
from gevent.event import Event
from locust import TaskSet, task

from in_process import Base, counts, running, until
from session_lifetime import SessionLifetime


class FakeSession:
    def __init__(self):
        self.opened_at_s: Optional[float] = None
        self.replaced = 0

    def replace(self):
        self.replaced += 1


def test_a_session_is_replaced_where_its_time_is_over_and_each_draws_its_own_time(monkeypatch):
    now = SimpleNamespace(s=100.0)
    monkeypatch.setattr(time, "monotonic", lambda: now.s)
    session, drawn, user = FakeSession(), [], object()

    def draw(of):
        assert of is user
        drawn.append(10 if not drawn else 300)
        return drawn[-1]

    lifetime = SessionLifetime(user, session, draw)  # type: ignore[arg-type]
    lifetime.look()
    assert not drawn  # no session yet
    session.opened_at_s = 100.0
    replaced = []
    for second in (100, 109.9, 110, 110.5):
        now.s = second
        lifetime.look()
        replaced.append(session.replaced)
        if session.replaced:
            session.opened_at_s = 110.2  # the next operation
    assert replaced == [0, 0, 1, 1] and drawn == [10, 300]


@pytest.mark.parametrize("in_task_set", [False, True])
def test_every_session_is_counted_as_opened_and_closed_and_none_is_replaced_within_a_task(fake, in_task_set):
    def two_calls(user):
        user.client.ping()
        user.client.ping()

    class Tasks(TaskSet):
        @task
        def act(self):
            two_calls(self.user)

    class ShortLived(Base):
        session_lifetime = 0
        discover = False
        tasks = [Tasks if in_task_set else two_calls]

    with running(ShortLived) as (environment, _):
        until(lambda: counts(environment).get("learn:session/delete", (0, 0))[0] >= 5)
    said = counts(environment)
    opened = said["learn:initialize"][0]
    assert opened >= 5 and said["learn:session/delete"] == (opened, 0)
    assert said["learn:ping"][0] in (2 * opened, 2 * opened - 2, 2 * opened - 1)
    assert fake.counts()[("learn:initialize", "ok")] == opened
    assert fake.counts()[("learn:session/delete", "ok")] == opened
    sessions = [one["session"] for one in fake.read("opens.jsonl")]
    assert len(set(sessions)) == len(sessions)


def test_without_a_lifetime_the_session_is_the_users_for_life(fake):
    class LongLived(Base):
        discover = False

        @task
        def act(self):
            self.client.ping()

    with running(LongLived) as (environment, _):
        until(lambda: counts(environment).get("learn:ping", (0, 0))[0] >= 10)
    assert counts(environment)["learn:initialize"] == (1, 0)


def test_a_user_waits_before_its_first_operation_as_long_as_the_dice_say(fake, monkeypatch):
    asked = []

    def uniform(low, high):
        asked.append((low, high))
        return 0.2

    class Late(Base):
        discover = False
        start_jitter = 0.5

        @task
        def act(self):
            self.client.ping()

    monkeypatch.setattr(random, "uniform", uniform)
    began = time.monotonic()
    with running(Late) as (environment, _):
        until(lambda: counts(environment).get("learn:ping", (0, 0))[0] >= 1)
    assert time.monotonic() - began >= 0.2 and (0, 0.5) in asked


def test_a_user_that_is_asked_twice_to_stop_ends_once(fake):
    """A ramp down asks those again that still end; Locust before 2.47 raises then."""
    working: List[Base] = []
    was_asked = Event()

    class Slow(Base):
        discover = False

        @task
        def act(self):
            working.append(self)
            was_asked.wait()
            self.client.ping()

    with running(Slow, stop_timeout=5) as (environment, _):
        until(lambda: working)
        assert working[0].stop(force=False) is False
        assert working[0].stop(force=False) is False
        was_asked.set()
        until(lambda: not environment.runner or not environment.runner.user_count)
    assert counts(environment)["learn:ping"] == (1, 0)
