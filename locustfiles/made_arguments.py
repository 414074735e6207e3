"""
Arguments that the bridge makes from a tool's own schema, for one user: some ahead of their use, so that making them is
in no call's time.
"""

from typing import Any, Dict, List
from zlib import crc32

import gevent

from bridge_link import LinkEnded
from refusal import Refusal
from user_session import UserSession

Json = Dict[str, Any]

# Sets in one question. Users and tools are many, so few are kept for each.
AT_ONCE = 4
LIMIT_S = 30.0
TRIES = 3


class MadeArguments:
    """
    :param seed: of this user; the same for the same user in each run
    """

    def __init__(self, session: UserSession, tool: str, schema: Any, seed: str) -> None:
        self._session = session
        self._schema = schema
        self._seed = crc32(f"{seed}/{tool}".encode())
        self._made = 0
        self._ready: List[Json] = []
        self._is_filling = False

    def prepare(self, count: int) -> None:
        """
        Returns when so many are there.

        :raises Refusal: when the schema yields none; says why
        :raises LinkEnded: when no bridge answers
        """
        while len(self._ready) < count:
            self._fill(max(AT_ONCE, min(count, 64)))

    def take(self) -> Json:
        made = self._ready.pop(0)
        if not self._ready and not self._is_filling:
            gevent.spawn(self._fill_ahead)
        return made

    def _fill_ahead(self) -> None:
        self._is_filling = True
        try:
            self._fill(AT_ONCE)
        except (LinkEnded, Refusal):
            pass  # whoever needs them next asks again, and waits for a bridge or is told why there are none
        finally:
            self._is_filling = False

    def _fill(self, count: int) -> None:
        fields = {"op": "arguments", "schema": self._schema, "seed": self._seed + self._made, "count": count}
        self._made += count
        for left in reversed(range(TRIES)):
            try:
                made = self._session.ask(fields, LIMIT_S)["arguments"]
                break
            except LinkEnded:
                if not left:
                    raise
            except ValueError as error:
                raise Refusal("its inputSchema is larger than what the link takes") from error
        self._ready.extend(made)
