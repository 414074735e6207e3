"""The tools of one server, as it lists them: read once in a process, and which of them may be called unasked."""

import difflib
import logging
from typing import Any, Dict, Iterable, List, Optional, Set

from gevent.lock import RLock

from mcp_client import McpClient
from statistics_name import plain

MOST_NAMED = 20

logger = logging.getLogger("swarmbridge")


class ToolCatalogue:
    """
    :param server: its name, for warnings
    :param allowed: tools that the user allows to be called with made arguments, whatever they say
    """

    def __init__(self, server: str, allowed: Iterable[str]) -> None:
        self._server = server
        self._allowed = set(allowed)
        self._schemas: Optional[Dict[str, Any]] = None
        self._harmless: Set[str] = set()
        self._reading = RLock()

    @property
    def callable(self) -> List[str]:
        """Those that may be called with made arguments, in the server's order."""
        return [name for name in self._schemas or {} if self.may_call(name)]

    def read(self, client: McpClient) -> bool:
        """
        Lists the tools, unless that was done; of users that come at once, one does it.

        :returns: whether this call did
        :raises McpError: when the list failed; it is counted
        """
        with self._reading:
            if self._schemas is not None:
                return False
            tools = [one for one in client.list_tools() if isinstance(one, dict) and isinstance(one.get("name"), str)]
            self._harmless = {one["name"] for one in tools if _only_reads(one)}
            wanted = self._harmless | self._allowed
            # Of what is never called unasked nothing is kept but the name.
            self._schemas = {one["name"]: one.get("inputSchema") if one["name"] in wanted else None for one in tools}
            return True

    def schema_of(self, tool: str) -> Any:
        """As the server sent it, of whatever shape."""
        return (self._schemas or {}).get(tool)

    def may_call(self, tool: str) -> bool:
        return tool in (self._schemas or {}) and (tool in self._harmless or tool in self._allowed)

    def warn_of(self, named: Set[str], made: Optional[Set[str]]) -> None:
        """
        Says which tools of the mix are not there, and which stay uncalled for want of leave.

        :param named: all tools that the mix names
        :param made: those that are to get made arguments; None for every tool there is
        """
        known = self._schemas or {}
        for name in sorted((named | self._allowed) - set(known)):
            near = difflib.get_close_matches(name, known, n=1)
            advice = f"did you mean {plain(near[0])}?" if near else "correct the name in loadtest.yaml."
            logger.warning("%s: its tools/list has no %s; %s", self._server, name, advice)
        refused = [plain(name) for name in known if (made is None or name in made) and not self.may_call(name)]
        if refused:
            logger.warning(
                "%s: not called, since they do not say that they only read (readOnlyHint): %s. Name them under "
                "traffic.allow, or give them arguments.",
                self._server,
                _some(refused),
            )


def _only_reads(tool: Dict[str, Any]) -> bool:
    annotations = tool.get("annotations")
    return isinstance(annotations, dict) and annotations.get("readOnlyHint") is True


def _some(names: List[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
