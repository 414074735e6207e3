"""Users that wait for a server's port, and sessions that are replaced after some calls, against a fake bridge."""

import socket

import gevent
import pytest
from locust import task

import cold_start
from conftest import SETTINGS
from in_process import Base, counts, running, until


@pytest.fixture
def silent():
    """A port that is ours and refuses connections until it listens: nobody else can take it meanwhile."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        yield server


def at(fake, server, host="127.0.0.1", **more):
    port = server.getsockname()[1]
    fake.configure(
        settings={
            **SETTINGS,
            "servers": {"learn": {**SETTINGS["servers"]["learn"], "url": f"http://{host}:{port}/mcp", **more}},
        }
    )


class Cold(Base):
    abstract = True
    cold_start = True
    discover = False

    @task
    def act(self):
        self.client.ping()


def test_no_session_is_opened_before_the_port_answers_and_then_all_are(fake, silent, monkeypatch, caplog):
    caplog.set_level("INFO", "swarmbridge")
    monkeypatch.setattr(cold_start, "POLL_S", 0.01)
    at(fake, silent)

    class User(Cold):
        pass

    with running(User, users=5) as (environment, _):
        gevent.sleep(0.3)
        assert counts(environment) == {}
        silent.listen()
        until(lambda: counts(environment).get("learn:initialize") == (5, 0))
    assert "learn: users open their sessions at once" in caplog.text
    assert caplog.text.count("the first session was open") == 1


def test_behind_a_proxy_nobody_looks_and_the_users_begin_at_once(fake, silent, monkeypatch, caplog):
    looks = []
    monkeypatch.setattr(cold_start.Port, "_answers", lambda self: looks.append(self))
    at(fake, silent, isProxied=True)

    class User(Cold):
        pass

    with running(User) as (environment, _):
        until(lambda: counts(environment).get("learn:initialize"))
    assert "a port behind a proxy cannot be looked at" in caplog.text
    assert looks == []


@pytest.mark.parametrize("family, waits", [("any", False), ("ipv4", False), ("ipv6", True)])
def test_only_addresses_of_the_wanted_family_are_looked_at(fake, silent, family, waits, monkeypatch, caplog):
    monkeypatch.setattr(cold_start, "POLL_S", 0.01)
    silent.listen()
    at(fake, silent, family=family)

    class User(Cold):
        cold_start = 0.1 if waits else True

    with running(User) as (environment, _):
        until(lambda: counts(environment).get("learn:initialize"))
    assert ("its port did not answer" in caplog.text) == waits


def test_when_the_host_is_no_name_the_users_begin_at_once(fake, silent, caplog):
    label = "a" * 64  # one more than DNS has room for
    at(fake, silent, host=f"{label}.example")

    class User(Cold):
        pass

    with running(User) as (environment, _):
        until(lambda: counts(environment).get("learn:initialize"))
    assert "its host is no name that can be looked up" in caplog.text


def test_a_look_that_never_comes_back_ends_with_the_limit(fake, silent, monkeypatch, caplog):
    monkeypatch.setattr(cold_start.Port, "_answers", lambda self: gevent.sleep(1_000))
    at(fake, silent)

    class User(Cold):
        cold_start = 0.1

    with running(User) as (environment, _):
        until(lambda: counts(environment).get("learn:initialize"))
    assert "its port did not answer for 0.1 s" in caplog.text


def test_nobody_looks_at_the_port_of_a_run_that_is_over(fake, silent, monkeypatch):
    looks = []
    monkeypatch.setattr(cold_start, "POLL_S", 0.01)
    monkeypatch.setattr(cold_start.Port, "_answers", lambda self: looks.append(self))
    at(fake, silent)

    class User(Cold):
        pass

    with running(User) as (environment, _):
        until(lambda: looks)
        assert environment.runner
        environment.runner.stop()
    until(lambda: looks[0]._looking.dead)


def test_when_the_port_never_answers_the_users_begin_after_the_limit(fake, silent, monkeypatch, caplog):
    monkeypatch.setattr(cold_start, "POLL_S", 0.01)
    at(fake, silent)

    class User(Cold):
        cold_start = 0.1

    with running(User) as (environment, _):
        until(lambda: counts(environment).get("learn:initialize"))
        until(lambda: counts(environment).get("learn:ping"))
    assert "its port did not answer for 0.1 s" in caplog.text
    # Since when there could be a session nobody knows.
    assert "the first session was open" not in caplog.text


def test_a_user_that_is_stopped_while_it_waits_goes(fake, silent):
    at(fake, silent)

    class User(Cold):
        pass

    with gevent.Timeout(10), running(User) as (environment, _):
        runner = environment.runner
        assert runner
        until(lambda: runner.user_count == 1)
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
