"""
`McpUser`: a Locust user with an MCP session. A server's file derives from it, names the server, and holds tasks:

    class LearnUser(McpUser):
        server = "learn"                 # its entry in loadtest.yaml
        wait_time = between(1, 5)

        @task
        def search(self):
            found = self.client.call_tool("microsoft_docs_search", {"query": "mcp"})
            self.expect("content" in found, "no content")
"""

import logging
import random
import traceback
from typing import Any, Callable, Optional, Union

import gevent
from locust import User
from locust.env import Environment
from locust.exception import StopUser
from locust.user.task import LOCUST_STATE_STOPPING

import cold_start
import swarm
from arrival_plan import SESSIONS, TASKS
from arrival_schedule import Schedule
from arrival_user import StartTaker
from joined_session import session_class
from mcp_client import McpClient
from mcp_errors import McpError
from session_lifetime import Lifetime, SessionLifetime
from turn import Turn
from user_session import MAX_BACK_OFF_S

ON_STOP_LIMIT_S = 10.0

logger = logging.getLogger("swarmbridge")


class McpUser(User):
    """
    :cvar server: name of the server in loadtest.yaml
    :cvar discover: list the tools once, after the first handshake, as agents do
    :cvar arrivals_per_second: tasks begin at planned moments, so many a second in all, instead of whenever a user has
        thought (docs/traffic.md, "Arrival rate")
    :cvar arrivals: the same as a schedule of arrival_schedule.py: steady, ramp, poisson
    :cvar arrivals_of: what arrives: "tasks" of users that keep their session, or "sessions" of one task each
    :cvar arrivals_limit: seconds that a planned start may wait for a free user before it is dropped
    :cvar session_lifetime: seconds that a session lives, or a function that draws them, such as ``between(10, 300)``;
        after that it is closed where a task ends, and the next operation opens another one. None: as long as the user
    :cvar reconnect_every: the session is closed and another one opened after this many calls. None: kept, as agents do
    :cvar cold_start: True, or seconds: no session is opened before the server's port answers, for 120 s or so many;
        then all users open theirs at once (cold_start.py)
    :cvar start_jitter: each user waits at random up to this many seconds before it begins; None: `startJitter` of
        loadtest.yaml, or not at all
    """

    abstract = True
    is_mcp_user = True
    server = ""
    discover = True
    arrivals_per_second: Optional[float] = None
    arrivals: Optional[Schedule] = None
    arrivals_of = TASKS
    # What comes later than a second after its plan was not the planned load any more.
    arrivals_limit = 1.0
    session_lifetime: Optional[Lifetime] = None
    reconnect_every: Optional[int] = None
    cold_start: "Union[bool, float]" = False
    start_jitter: Optional[float] = None

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        keeper, tally = swarm.bridge_of(environment)
        queue = swarm.arrivals_of(environment).queue_of(type(self))
        self.has_arrivals = queue is not None
        self.client = McpClient(session_class()(self, self.server, keeper, tally, self._discover))
        self.client.session.reconnect_every = self.reconnect_every
        self._port: Optional[cold_start.Port] = None
        starts: Optional[StartTaker] = None
        if queue:
            has_sessions = self.arrivals_of == SESSIONS
            starts = StartTaker(self, queue, self.client.session, has_sessions, lambda: self.get_ready())
            self.wait_time = starts.take
        lifetime = type(self).session_lifetime
        if lifetime is not None:
            self.wait_time = SessionLifetime(self, self.client.session, lifetime).before(self.wait_time)
        # Instance attributes before the methods: whatever a subclass does in on_start, its user stays, and whatever it
        # does in on_stop, its user goes.
        self.on_start = _persistent(self, self.on_start)
        if starts:
            self.on_start = _followed(self.on_start, starts.take_first)
        self.on_stop = _brief(self, self.on_stop)

    def on_start(self) -> None:
        """Opens the session. A subclass need not call this: the first operation opens it as well."""
        if not (self.has_arrivals and self.arrivals_of == SESSIONS):
            self.client.session.open()

    def get_ready(self) -> None:
        """
        Under an arrival rate, called before the user counts as free for a planned start. What takes time and is none of
        the task belongs here: within the task it would make the start late.
        """

    def start(self, group: Any) -> Any:
        """The session ends when the user does, in whatever way, and whatever a subclass does in on_stop."""
        greenlet = super().start(group)
        greenlet.rawlink(lambda _: self.client.session.end())
        return greenlet

    def stop(self, force: bool = False) -> bool:
        """Whatever the user does from now on, in its task or in an on_stop, has to come to an end."""
        self.client.session.leave()
        if self._state == LOCUST_STATE_STOPPING and not force:
            return False  # While users still end, a ramp down asks them again; Locust before 2.47 raises then.
        return super().stop(force)

    def turn(self, name: str) -> Turn:
        """
        Groups the calls between two think times, in a ``with`` block: counted and timed as one thing, in a row of its
        own. See turn.py for when a turn fails; a turn without calls counts for nothing, and turns do not nest.

        :param name: the last part of its name in the statistics, ``server:turn:name``
        """
        return Turn(self.client.session, name)

    def expect(self, condition: object, detail: str = "the test's expectation did not hold") -> None:
        """
        Judges the last call after the fact: when the condition is not true, the call becomes a failure of the reason
        `assertion` in the record and in Locust's statistics. Listeners of the request event have seen a success by
        then; where that matters, use ``expect=`` of the call.

        :raises McpAssertionError: when the condition is not true; leaves the task, does no other harm
        """
        if not condition:
            self.client.session.expect(detail)

    def _await_port(self) -> None:
        """Where it is not known, no bridge lives, and the handshake is going to say so."""
        settings = self.client.session.server_settings if self.cold_start else {}
        if settings:
            self._port = cold_start.port_of(self, settings)
            self._port.wait()

    def _discover(self) -> None:
        if self._port:
            self._port.session_opened()
        if self.discover:
            try:
                self.client.list_tools(read=False)
            except McpError:
                return  # counted; a server that cannot list its tools may still serve them


def _persistent(user: McpUser, on_start: Callable[[], None]) -> Callable[[], None]:
    """
    An error in on_start ends a user in Locust, silently in some versions. Here it is counted (McpError) or shown in the
    list of exceptions (everything else), and on_start is tried again, with back-off.
    """

    def start() -> None:
        user._await_port()
        if user.start_jitter:
            gevent.sleep(random.uniform(0, user.start_jitter))
        back_off_s = 1.0
        while user._state != LOCUST_STATE_STOPPING:
            try:
                return on_start()
            except McpError:
                pass  # counted when it ended
            except StopUser:
                if user._state == LOCUST_STATE_STOPPING:
                    return None  # the first task set sees the same, without Locust's traceback
                raise
            except Exception as error:
                logger.error("%s failed in on_start: %s\n%s", type(user).__name__, error, traceback.format_exc())
                user.environment.events.user_error.fire(user_instance=user, exception=error, tb=error.__traceback__)
            gevent.sleep(back_off_s * random.uniform(0.5, 1.0))
            back_off_s = min(back_off_s * 2, MAX_BACK_OFF_S)
        return None

    return start


def _followed(first: Callable[[], None], second: Callable[[], None]) -> Callable[[], None]:
    def both() -> None:
        first()
        second()

    return both


def _brief(user: McpUser, on_stop: Callable[[], None]) -> Callable[[], None]:
    """Locust waits for on_stop without a limit, and prints a traceback for each user whose on_stop raises."""

    def stop() -> None:
        user.client.session.leave()
        user.client.session.give_back()
        limit = gevent.Timeout(ON_STOP_LIMIT_S)
        try:
            with limit:
                on_stop()
        except McpError:
            pass  # counted when it ended
        except gevent.Timeout as timeout:
            if timeout is not limit:
                raise
            logger.warning(
                "%s needed more than %g s in on_stop, which was ended.", type(user).__name__, ON_STOP_LIMIT_S
            )

    return stop
