from collections import defaultdict
from itertools import count

import gevent
import pytest

from joined_session import JoinedSession, session_class
from user_numbers import UserNumbers
from user_session import UserSession


class FakeLink:
    is_open = True


class Keeper:
    link = FakeLink()
    user_numbers = defaultdict(UserNumbers)


@pytest.fixture
def closed(monkeypatch):
    """Handshakes succeed at once; holds the numbers of the sessions that were closed."""
    numbers, opened = [], count(1)

    def open_now(session, planned=None):
        session._number = next(opened)
        session._link = session._keeper.link
        session._has_opened = True
        return {"ok": True}

    monkeypatch.setattr(UserSession, "_try_to_open", open_now)
    monkeypatch.setattr(UserSession, "_close", lambda session: numbers.append(session._number))
    return numbers


def sessions(count):
    return [JoinedSession(None, "learn", Keeper, None, lambda: None) for _ in range(count)]


def test_all_users_of_a_server_have_one_session(closed):
    users = sessions(3)
    gevent.joinall([gevent.spawn(user.open) for user in users], raise_error=True)
    assert [user._number for user in users] == [1, 1, 1]
    for user in users:
        user.end()


def test_only_the_last_who_leaves_closes_it(closed):
    users = sessions(3)
    for user in users:
        user.open()
    users[0].end()
    users[1].end()
    assert closed == []
    users[2].end()
    assert closed == [1]


def test_a_session_lost_under_one_user_is_opened_anew_for_all(closed):
    host, other = sessions(2)
    host.open()
    other.open()
    other._link = None  # as a call that ended with session-lost leaves it
    other.open()
    assert (host._number, other._number) == (2, 2)
    other.end()
    host.end()


def test_only_the_environment_asks_for_it(monkeypatch):
    assert session_class() is UserSession
    monkeypatch.setenv("SWARMBRIDGE_ONE_SESSION", "1")
    assert session_class() is JoinedSession
