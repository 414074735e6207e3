"""Users in this process, against a fake bridge."""

from contextlib import contextmanager

import gevent
from locust import constant, task
from locust.env import Environment
from locust.event import Events

import swarm
from mcp_user import McpUser


class Base(McpUser):
    abstract = True
    server = "learn"
    wait_time = constant(0.01)


@contextmanager
def running(user_class, users=1, stop_timeout=None):
    environment = Environment(user_classes=[user_class], events=Events(), stop_timeout=stop_timeout)
    runner = environment.create_local_runner()
    swarm.attach(environment)
    requests = []
    environment.events.request.add_listener(lambda **fields: requests.append(fields))
    runner.start(users, spawn_rate=users)
    try:
        yield environment, requests
    finally:
        runner.quit()
        environment.events.quit.fire(exit_code=0)


def until(what, limit_s=10):
    with gevent.Timeout(limit_s):
        while not what():
            gevent.sleep(0.01)


def counts(environment):
    return {name: (one.num_requests, one.num_failures) for (name, _), one in environment.stats.entries.items()}


def run_once(body):
    """A user that runs `body(user)` once. :returns: what it returned, and the environment after the end"""
    got = []

    class OneUser(Base):
        @task
        def act(self):
            if not got:
                got.append(None)
                got[0] = body(self)

    with running(OneUser) as (environment, requests):
        until(lambda: got and got[0] is not None)
    return got[0], environment, requests
