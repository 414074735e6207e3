"""
A cold start: the users of a server wait until its port answers, and then all open their sessions at once, as the
clients of a server do that was away. `cold_start` of an McpUser. What the server is not ready for by then is counted.
"""

import logging
import socket
import time
from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import gevent
from gevent.event import Event
from locust.env import Environment

if TYPE_CHECKING:
    from mcp_user import McpUser

DEFAULT_LIMIT_S = 120.0
# The port may be somebody else's: one look at a time, four in a second.
POLL_S = 0.25
CONNECT_LIMIT_S = 1.0

_PORTS = {"http": 80, "https": 443}
_FAMILIES = {"any": socket.AF_UNSPEC, "ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}

logger = logging.getLogger("swarmbridge")


class Port:
    """The port of one server, looked at by one greenlet for all users of this process."""

    def __init__(self, server: str, settings: Mapping[str, Any], limit_s: float) -> None:
        self._server = server
        self._limit_s = limit_s
        self._is_over = Event()
        self._answered_at_s: Optional[float] = None
        self._has_session = False
        parts = urlsplit(settings["url"])
        self._host = parts.hostname or ""
        self._port = parts.port or _PORTS.get(parts.scheme, 0)
        self._family = _FAMILIES[settings.get("family", "any")]
        self._is_proxied = bool(settings.get("isProxied"))
        self._looking = gevent.spawn(self._look)

    def wait(self) -> None:
        """Until it answers, or the limit is over: then the handshakes say what is wrong."""
        self._is_over.wait()

    def stop(self) -> None:
        """Nobody looks any more, and nobody waits."""
        self._looking.kill(block=False)
        self._is_over.set()

    def session_opened(self) -> None:
        """A session of one of the users. The first one is told, where it is known since when there could be one."""
        if self._answered_at_s is not None and not self._has_session:
            self._has_session = True
            after_s = time.monotonic() - self._answered_at_s
            logger.info("%s: the first session was open %.3f s after its port answered.", self._server, after_s)

    def _look(self) -> None:
        began = time.monotonic()
        try:
            if self._is_proxied:
                logger.warning(
                    "%s: a port behind a proxy cannot be looked at; users begin without cold_start.", self._server
                )
                return
            # Around everything: a name that nobody resolves has no limit of its own.
            with gevent.Timeout(self._limit_s):
                while not self._answers():
                    gevent.sleep(POLL_S)
            self._answered_at_s = time.monotonic()
            waited_s = self._answered_at_s - began
            logger.info("%s: users open their sessions at once, after %.1f s of waiting.", self._server, waited_s)
        except gevent.Timeout:
            logger.warning("%s: its port did not answer for %g s; users begin.", self._server, self._limit_s)
        except UnicodeError:
            logger.warning("%s: its host is no name that can be looked up; users begin.", self._server)
        finally:
            self._is_over.set()

    def _answers(self) -> bool:
        if not self._port:
            return True  # a process, which each session starts for itself
        try:
            found = socket.getaddrinfo(self._host, self._port, self._family, socket.SOCK_STREAM)
        except OSError:
            return False
        return any(_takes_connections(family, address) for family, _, _, _, address in found)


def _takes_connections(family: int, address: Any) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.settimeout(CONNECT_LIMIT_S)
        try:
            one.connect(address)
        except OSError:
            return False
    return True


_ports: "WeakKeyDictionary[Environment, Dict[str, Port]]" = WeakKeyDictionary()


def port_of(user: "McpUser", settings: Mapping[str, Any]) -> Port:
    """
    The port of the user's server, in this test run. The next run waits anew.

    :param settings: the server's, as the bridge has told them
    """
    environment = user.environment
    if environment not in _ports:
        _ports[environment] = {}
        environment.events.test_stop.add_listener(lambda **_: _stop(environment))
    ports = _ports[environment]
    if user.server not in ports:
        limit_s = DEFAULT_LIMIT_S if user.cold_start is True else float(user.cold_start)
        ports[user.server] = Port(user.server, settings, limit_s)
    return ports[user.server]


def _stop(environment: Environment) -> None:
    for port in _ports.pop(environment, {}).values():
        port.stop()
