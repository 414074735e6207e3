"""How a user of a class with an arrival rate gets its work: it is idle until a planned start is its own."""

import time
from typing import Callable

from locust import User
from locust.user.task import LOCUST_STATE_RUNNING, LOCUST_STATE_STOPPING, LOCUST_STATE_WAITING

from arrival_queue import ArrivalQueue
from user_session import UserSession


class StartTaker:
    """
    Stands in the place of a user's think time. A start is done when its task is; with sessions that arrive, it begins
    with a handshake and leaves no session behind.

    :param has_sessions: whether each start is a session of its own
    :param get_ready: called before the user is idle, for what would else be in the time of its next start
    """

    def __init__(
        self, user: User, queue: ArrivalQueue, session: UserSession, has_sessions: bool, get_ready: Callable[[], None]
    ) -> None:
        self._user = user
        self._queue = queue
        self._session = session
        self._has_sessions = has_sessions
        self._get_ready = get_ready
        self._taken = 0.0

    def take_first(self) -> None:
        """Before the first task, which Locust starts without a think time."""
        if self._user._state == LOCUST_STATE_RUNNING:
            # Whoever is idle can be stopped at once.
            self._user._state = LOCUST_STATE_WAITING
            self.take()
            if self._user._state == LOCUST_STATE_WAITING:
                self._user._state = LOCUST_STATE_RUNNING

    def take(self) -> float:
        """
        Returns when the next task is to begin.

        :returns: 0, the seconds that Locust waits besides
        """
        self._finish_task()
        self._get_ready()
        while True:
            start = self._queue.take(time.monotonic())
            self._taken = time.monotonic()
            self._session.planned = start
            if not self._has_sessions or self._opened():
                return 0.0

    def _finish_task(self) -> None:
        """A task without any operation is a start that began, and is over."""
        planned, self._session.planned = self._session.planned, None
        if planned:
            planned.begin(self._taken)
        if self._has_sessions:
            self._session.replace()

    def _opened(self) -> bool:
        """A failed handshake is counted, and is all that there is of its start."""
        # Of a user that works Locust asks to stop, and gives it the time that --stop-timeout says.
        self._user._state = LOCUST_STATE_RUNNING
        is_open = self._session.open_once()
        if self._user._state == LOCUST_STATE_STOPPING:
            return True  # Locust looks at the state next, and stops the user
        self._user._state = LOCUST_STATE_WAITING
        return is_open
