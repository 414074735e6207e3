"""One MCP session for all users of a server in this process: many calls in one session instead of many sessions."""

import os
from typing import Any, Dict, Set

from bridge_link import BridgeLink
from user_session import UserSession


class _Room:
    """
    :ivar host: who opened the session; it lives on for the others when its own user is gone
    :ivar members: all who use it
    """

    def __init__(self, host: "JoinedSession") -> None:
        self.host = host
        self.members: "Set[JoinedSession]" = set()


_rooms: Dict[str, _Room] = {}


class JoinedSession(UserSession):
    """As a `UserSession`, but opens none where another user of the server has one, and only the last closes it."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._room = _rooms.setdefault(self.server, _Room(self))
        self._room.members.add(self)

    def open(self) -> BridgeLink:
        host = self._room.host
        if host is self:
            return super().open()
        if self._link is None and self._number and self._number == host._number:
            host._link = None  # lost in a call of this user; the host may not know yet
        self._link = host.open()
        self._number = host._number
        return self._link

    def replace(self) -> None:
        """A session that is everybody's has no life of one user's choice."""

    def end(self) -> None:
        self._room.members.discard(self)
        super().end()

    def _close(self) -> None:
        """The last who leaves closes it, in the host's name."""
        if not self._room.members:
            if _rooms.get(self.server) is self._room:
                del _rooms[self.server]
            UserSession._close(self._room.host)


def session_class() -> "type[UserSession]":
    """As the environment has it: `SWARMBRIDGE_ONE_SESSION` is set by `swarmbridge ceiling --per-session`."""
    return JoinedSession if os.environ.get("SWARMBRIDGE_ONE_SESSION") else UserSession
