"""The truth server's HTTP and MCP, as little as its clients, which are the bench's own, can do with."""

import json
import re
from typing import Any, Dict, Iterator, NamedTuple, Optional

REVISION = "2025-11-25"
TIMED = "timed"
TOOLS = (TIMED, "warm_up")
_SCHEMA = {"type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"]}
_TEXT = "A storage account holds blobs, files, queues and tables under one name. " * 4
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
CLOSED = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
NO_STREAM = b"HTTP/1.1 405 Method Not Allowed\r\nAllow: POST, DELETE\r\nContent-Length: 0\r\n\r\n"


class Request(NamedTuple):
    verb: bytes
    message: Optional[Dict[str, Any]]

    @property
    def tool(self) -> Optional[str]:
        """The tool that is called; None when this is no call."""
        if self.message is None or self.message.get("method") != "tools/call":
            return None
        return self.message["params"]["name"]

    @property
    def number(self) -> int:
        assert self.message is not None
        return self.message["params"]["arguments"]["number"]


def cut_requests(received: bytearray) -> Iterator[Request]:
    """Takes the complete requests off the front."""
    while True:
        head_end = received.find(b"\r\n\r\n")
        if head_end < 0:
            return
        length = _CONTENT_LENGTH.search(received, 0, head_end + 2)
        body_end = head_end + 4 + (int(length.group(1)) if length else 0)
        if len(received) < body_end:
            return
        body = bytes(received[head_end + 4 : body_end])
        verb = bytes(received[: received.index(b" ")])
        del received[:body_end]
        yield Request(verb, json.loads(body) if body else None)


def answer_at_once(request: Request, session: int) -> bytes:
    """To everything that is not a call."""
    if request.verb == b"DELETE":
        return CLOSED
    if request.verb != b"POST" or request.message is None:
        return NO_STREAM
    if "id" not in request.message:
        return ACCEPTED
    method = request.message["method"]
    if method == "initialize":
        info = {"name": "truth-server", "version": "1.0.0"}
        result: Dict[str, Any] = {"protocolVersion": REVISION, "capabilities": {"tools": {}}, "serverInfo": info}
        return _whole(request.message["id"], result, f"Mcp-Session-Id: session-{session:016x}\r\n")
    if method == "tools/list":
        tools = [{"name": name, "description": "Waits", "inputSchema": _SCHEMA} for name in TOOLS]
        return _whole(request.message["id"], {"tools": tools})
    return _whole(request.message["id"], {})


def call_answer(request: Request, is_stream: bool) -> "tuple[bytes, bytes]":
    """Head and body of a call's answer."""
    assert request.message is not None
    result = {"content": [{"type": "text", "text": _TEXT}]}
    body = _json_rpc(request.message["id"], result)
    if not is_stream:
        return _head(len(body)), body
    event = b"event: message\ndata: " + body + b"\n\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head, b"%x\r\n%b\r\n0\r\n\r\n" % (len(event), event)


def _whole(number: Any, result: Dict[str, Any], headers: str = "") -> bytes:
    body = _json_rpc(number, result)
    return _head(len(body), headers) + body


def _head(length: int, headers: str = "") -> bytes:
    text = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n"
    return text.encode("ascii")


def _json_rpc(number: Any, result: Dict[str, Any]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "result": result}, separators=(",", ":")).encode("ascii")
