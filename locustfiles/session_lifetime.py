"""Sessions that live for a while and are replaced, as those of agents are: `session_lifetime` of an McpUser."""

import time
from typing import Any, Callable, Optional, Union

from user_session import UserSession

# Seconds, or a function of the user that draws them anew for each session: locust.between(10, 300).
Lifetime = Union[float, Callable[[Any], float]]


class SessionLifetime:
    """Looks at a session where a task ends, never within one: what a task began in a session, it ends there."""

    def __init__(self, user: Any, session: UserSession, lifetime: Lifetime) -> None:
        self._user = user
        self._session = session
        self._lifetime = lifetime
        self._opened_at_s: Optional[float] = None
        self._ends_at_s = 0.0

    def look(self) -> None:
        """Closes the session when its time is over. The next operation opens a new one."""
        opened_at_s = self._session.opened_at_s
        if opened_at_s is None:
            return
        if opened_at_s != self._opened_at_s:
            self._opened_at_s = opened_at_s
            lifetime = self._lifetime
            self._ends_at_s = opened_at_s + (lifetime(self._user) if callable(lifetime) else lifetime)
        if time.monotonic() >= self._ends_at_s:
            self._session.replace()

    def before(self, wait_time: "Callable[[], float]") -> "Callable[[], float]":
        """Locust asks for the think time where a task ends."""

        def wait() -> float:
            self.look()
            return wait_time()

        return wait
