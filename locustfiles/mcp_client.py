"""`self.client` of an McpUser: the operations of MCP as methods. The bridge times, judges and records them."""

from typing import Any, Dict, List, Literal, Mapping, Optional, Sequence, overload

from call_wishes import tool_params, wish_of
from expectation import Expectation, judge_of
from mcp_errors import McpError
from mcp_result import McpResult
from parallel import Ended, Item
from user_session import UserSession

Json = Dict[str, Any]


class McpClient:
    """
    Every method opens the session when there is none, waits for the answer, and raises an McpError when the operation
    failed (mcp_errors.py); a task need not catch it. Keywords that all of them take:

    * ``timeout``: seconds, instead of the limit in loadtest.yaml;
    * ``name``: the target in the statistics instead of the tool's, prompt's or resource scheme's own;
    * ``expect``: a text, a compiled pattern or a function of the result; an answer that does not hold it is counted
      as a failure of the reason `assertion` and raises McpAssertionError;
    * ``read=False``: the result is not wanted and stays in the bridge, which saves this process's time; ``read=True``:
      it is, whatever `results` in loadtest.yaml says;
    * ``keep="hash"``: only `digest` of the result comes, its sha-256 and length. However large an answer is, the bridge
      does not hold one that is hashed or not read (tool calls, resources, prompts).

    The greenlets of one user may call at the same time, in the one session.
    """

    def __init__(self, session: UserSession) -> None:
        self.session = session

    def call_tool(
        self,
        tool: str,
        arguments: Optional[Mapping[str, Any]] = None,
        *,
        expect: Optional[Expectation] = None,
        timeout: Optional[float] = None,
        name: Optional[str] = None,
        read: Optional[bool] = None,
        keep: Optional[str] = None,
        progress: bool = False,
        meta: Optional[Mapping[str, Any]] = None,
    ) -> McpResult:
        """
        :param arguments: as the tool's schema wants them; must be JSON
        :param progress: asks the server to tell how far it is; when it did stands in the record
        :param meta: sent as the request's ``_meta``
        :raises McpToolError: when the tool answers isError
        """
        params = tool_params(tool, arguments, meta, progress)
        return self.session.call("tools/call", params, name, timeout, wish_of(read, keep, expect), judge_of(expect))

    @overload
    def parallel(self, items: Sequence[Item]) -> List[McpResult]: ...

    @overload
    def parallel(self, items: Sequence[Item], *, errors: Literal["raise"]) -> List[McpResult]: ...

    @overload
    def parallel(self, items: Sequence[Item], *, errors: Literal["return"]) -> List[Ended]: ...

    def parallel(self, items: Sequence[Item], *, errors: str = "raise") -> Sequence[Ended]:
        """
        Sends several operations at once in this session, and returns when all have ended.

        :param items: at most 1,000, made by ``call(tool, arguments, expect=...)`` or ``request(method, params)`` of
            parallel.py, or plain ``(tool, arguments)``
        :param errors: what happens when some have failed: "raise" the first of them, in the order of the items, or
            "return" each error in the place of its result
        :returns: in the order of the items; ``timing`` of each says when it was on the wire
        :raises McpError: with errors="raise"; all of them have ended and are counted by then
        """
        if errors not in ("raise", "return"):
            raise ValueError(f"errors={errors!r}: it is 'raise' or 'return'")
        ended = self.session.parallel(items)
        if errors == "raise":
            for one in ended:
                if isinstance(one, McpError):
                    raise one
        return ended

    def list_tools(self, **keywords: Any) -> List[Json]:
        """All pages, one operation."""
        return _list(self._call("tools/list", {}, **keywords), "tools")

    def read_resource(self, uri: str, **keywords: Any) -> McpResult:
        return self._call("resources/read", {"uri": uri}, **keywords)

    def list_resources(self, **keywords: Any) -> List[Json]:
        return _list(self._call("resources/list", {}, **keywords), "resources")

    def list_resource_templates(self, **keywords: Any) -> List[Json]:
        return _list(self._call("resources/templates/list", {}, **keywords), "resourceTemplates")

    def get_prompt(self, prompt: str, arguments: Optional[Mapping[str, str]] = None, **keywords: Any) -> McpResult:
        return self._call("prompts/get", {"name": prompt, "arguments": arguments or {}}, **keywords)

    def list_prompts(self, **keywords: Any) -> List[Json]:
        return _list(self._call("prompts/list", {}, **keywords), "prompts")

    def complete(self, ref: Mapping[str, str], argument: str, value: str, **keywords: Any) -> List[str]:
        """
        :param ref: ``{"type": "ref/prompt", "name": ...}`` or ``{"type": "ref/resource", "uri": ...}``
        :returns: the values offered for the argument
        """
        params = {"ref": ref, "argument": {"name": argument, "value": value}}
        return self._call("completion/complete", params, **keywords).raw.get("completion", {}).get("values", [])

    def subscribe(self, uri: str, **keywords: Any) -> McpResult:
        """Asks to be told when the resource changes. Servers up to 2025-11-25."""
        return self._call("resources/subscribe", {"uri": uri}, **keywords)

    def unsubscribe(self, uri: str, **keywords: Any) -> McpResult:
        return self._call("resources/unsubscribe", {"uri": uri}, **keywords)

    def set_level(self, level: str, **keywords: Any) -> McpResult:
        """
        The server's log messages from this level on. Servers up to 2025-11-25.

        :param level: debug, info, notice, warning, error, critical, alert or emergency
        """
        return self._call("logging/setLevel", {"level": level}, **keywords)

    def ping(self, **keywords: Any) -> McpResult:
        return self._call("ping", {}, **keywords)

    def _call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        expect: Optional[Expectation] = None,
        timeout: Optional[float] = None,
        name: Optional[str] = None,
        read: Optional[bool] = None,
        keep: Optional[str] = None,
    ) -> McpResult:
        return self.session.call(method, params, name, timeout, wish_of(read, keep, expect), judge_of(expect))


def _list(result: McpResult, key: str) -> List[Json]:
    return result.raw.get(key, [])
