"""Users that wait for a server's port, and sessions that are replaced after some calls, against a fake bridge."""

import socket

import gevent
import pytest
from locust import task

import cold_start
from conftest import SETTINGS
from in_process import Base, counts, running, until


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def at(fake, port):
    fake.configure(
        settings={
            **SETTINGS,
            "servers": {"learn": {**SETTINGS["servers"]["learn"], "url": f"http://127.0.0.1:{port}/mcp"}},
        }
    )


class Cold(Base):
    abstract = True
    cold_start = True
    discover = False

    @task
    def act(self):
        self.client.ping()


def test_no_session_is_opened_before_the_port_answers_and_then_all_are(fake, free_port, monkeypatch, caplog):
    caplog.set_level("INFO", "swarmbridge")
    monkeypatch.setattr(cold_start, "POLL_S", 0.01)
    at(fake, free_port)

    class User(Cold):
        pass

    with running(User, users=5) as (environment, _):
        gevent.sleep(0.3)
        assert counts(environment) == {}
        with socket.create_server(("127.0.0.1", free_port)):
            until(lambda: counts(environment).get("learn:initialize") == (5, 0))
    assert "learn: users open their sessions at once" in caplog.text
    assert caplog.text.count("the first session was open") == 1


def test_when_the_port_never_answers_the_users_begin_after_the_limit(fake, free_port, monkeypatch, caplog):
    monkeypatch.setattr(cold_start, "POLL_S", 0.01)
    at(fake, free_port)

    class User(Cold):
        cold_start = 0.1

    with running(User) as (environment, _):
        until(lambda: counts(environment).get("learn:initialize"))
    assert "its port did not answer for 0.1 s" in caplog.text


def test_a_user_that_is_stopped_while_it_waits_goes(fake, free_port):
    at(fake, free_port)

    class User(Cold):
        pass

    with gevent.Timeout(10), running(User) as (environment, _):
        until(lambda: environment.runner.user_count == 1)
    assert counts(environment) == {}


def test_a_server_that_is_a_process_has_no_port_to_wait_for(fake):
    fake.configure(settings={**SETTINGS, "servers": {"learn": {**SETTINGS["servers"]["learn"], "url": "stdio:learn"}}})

    class User(Cold):
        pass

    with running(User) as (environment, _):
        until(lambda: counts(environment).get("learn:initialize") == (1, 0))


@pytest.mark.parametrize("every, sessions", [(1, 6), (2, 3), (None, 1)])
def test_a_session_is_replaced_after_so_many_calls(fake, every, sessions):
    done = []

    class User(Base):
        reconnect_every = every

        @task
        def act(self):
            if len(done) < 6:
                done.append(self.client.ping())

    with running(User) as (environment, _):
        until(lambda: len(done) == 6)
        until(lambda: counts(environment).get("learn:session/delete", (0, 0))[0] >= sessions - 1)
        found = counts(environment)
    assert found["learn:initialize"] == (sessions, 0)
    # The look around after the first handshake is none of the calls.
    assert found["learn:tools/list"] == (1, 0)
