"""
What a failed operation raises. Every reason of docs/measurement.md has its class:

    McpError                         unknown, dropped: in records only, never raised
    ├── McpWireError                 nothing usable came back
    │   ├── McpConnectError          connect, tls
    │   ├── McpTimeout               timeout
    │   ├── McpDisconnected          disconnected
    │   └── McpProtocolError         protocol, too-large
    ├── McpServerError               the server said no
    │   ├── McpHttpError             http-3xx, http-404, http-4xx, http-5xx
    │   │   └── McpRateLimited       http-429, http-503: `retry_after` says how long
    │   ├── McpAuthError             http-401, http-403; auth (no credential could be had)
    │   │   └── McpInsufficientScope insufficient-scope: `detail` holds the server's challenge
    │   ├── McpSessionLost           session-lost: the next call opens a new session
    │   ├── McpRpcError              json-rpc-error: `code` is JSON-RPC's
    │   └── McpLeak                  leak: another session's data in the answer
    ├── McpToolError                 tool-error: the tool answered isError, `result` holds its words
    ├── McpAssertionError            assertion: the test expected something else
    ├── McpCancelled                 cancelled
    └── McpBridgeLost                bridge
"""

from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional, Type

from locust.exception import RescheduleTask

if TYPE_CHECKING:
    from mcp_result import McpResult, Timing

ASSERTION_TEXT = "the answer was not what the test expects"


class McpError(RescheduleTask):
    """
    An operation that failed. It has been counted already, so a task need not catch it: Locust treats RescheduleTask
    that leaves a task as a `return`, with the think time after it and without a traceback.

    :ivar reason: one word of the closed list
    :ivar text: the reason's fixed sentence: Locust groups its error table by it
    :ivar detail: what varies, redacted by the bridge; never part of a name or a group
    :ivar code: JSON-RPC or HTTP code, where there is one
    :ivar retry_after: seconds the server asked to wait, where it did
    :ivar result: what a tool said along with isError
    :ivar timing: the call's times, as those of a result
    """

    def __init__(
        self,
        reason: str,
        text: str,
        *,
        detail: str = "",
        code: Optional[int] = None,
        retry_after: Optional[float] = None,
        result: "Optional[McpResult]" = None,
    ) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text
        self.detail = detail
        self.code = code
        self.retry_after = retry_after
        self.result = result
        self.timing: "Optional[Timing]" = None

    def __repr__(self) -> str:
        code = "" if self.code is None or str(self.code) in self.text else f" {self.code}"
        return f"{type(self).__name__}({self.text}{code})"

    def __str__(self) -> str:
        return f"{self.text}: {self.detail}" if self.detail else self.text


class McpWireError(McpError):
    pass


class McpConnectError(McpWireError):
    pass


class McpTimeout(McpWireError):
    pass


class McpDisconnected(McpWireError):
    pass


class McpProtocolError(McpWireError):
    pass


class McpServerError(McpError):
    pass


class McpHttpError(McpServerError):
    pass


class McpRateLimited(McpHttpError):
    pass


class McpAuthError(McpServerError):
    pass


class McpInsufficientScope(McpAuthError):
    pass


class McpSessionLost(McpServerError):
    pass


class McpRpcError(McpServerError):
    pass


class McpLeak(McpServerError):
    pass


class McpToolError(McpError):
    pass


class McpAssertionError(McpError):
    pass


class McpCancelled(McpError):
    pass


class McpBridgeLost(McpError):
    pass


CLASS_BY_REASON: Dict[str, Type[McpError]] = {
    "connect": McpConnectError,
    "tls": McpConnectError,
    "timeout": McpTimeout,
    "disconnected": McpDisconnected,
    "too-large": McpProtocolError,
    "protocol": McpProtocolError,
    "http-3xx": McpHttpError,
    "http-401": McpAuthError,
    "http-403": McpAuthError,
    "insufficient-scope": McpInsufficientScope,
    "http-404": McpHttpError,
    "http-429": McpRateLimited,
    "http-503": McpRateLimited,
    "http-4xx": McpHttpError,
    "http-5xx": McpHttpError,
    "session-lost": McpSessionLost,
    "json-rpc-error": McpRpcError,
    "tool-error": McpToolError,
    "leak": McpLeak,
    "assertion": McpAssertionError,
    "auth": McpAuthError,
    "cancelled": McpCancelled,
    "bridge": McpBridgeLost,
    "dropped": McpError,
    "unknown": McpError,
}


def error_of(end: Mapping[str, Any], result: "Optional[McpResult]" = None) -> McpError:
    """The error for a failed operation's end line."""
    retry_after_ms = end.get("retryAfterMs")
    return CLASS_BY_REASON.get(end["reason"], McpError)(
        end["reason"],
        end["text"],
        detail=end.get("detail", ""),
        code=end.get("code"),
        retry_after=None if retry_after_ms is None else retry_after_ms / 1000,
        result=result,
    )
