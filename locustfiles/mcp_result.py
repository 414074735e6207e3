"""What a successful operation gives back. The JSON is parsed when somebody reads it, and only then."""

import json
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

from operation import Operation


class Timing(NamedTuple):
    """
    Milliseconds, taken in the bridge.

    :ivar service_ms: request handed to the socket to last byte of the answer; None when it never reached one
    :ivar response_ms: intended start to the same end
    :ivar first_event_ms: request handed to the socket to the answer's first event or byte
    :ivar repeated: the server refused the credential first, and the call was sent once more with a new one; the times
        are those of the second
    :ivar sent_ms: when the request was handed to the socket, by the bridge's clock, as `end_ms`; None when it never
        was, or when the bridge was lost
    :ivar end_ms: when the answer's last byte came, or when the call was given up
    """

    service_ms: Optional[float]
    response_ms: float
    first_event_ms: Optional[float]
    repeated: bool = False
    sent_ms: Optional[float] = None
    end_ms: Optional[float] = None


class Digest(NamedTuple):
    """
    Of a result that was made with ``keep="hash"``.

    :ivar sha256: of the result's bytes as the server sent them, lower-case hex
    :ivar bytes: how many they are
    :ivar first_type: type of the first content, such as "text"; None when there is none
    :ivar first_bytes: length of its text or base64, as it is written in the JSON
    """

    sha256: str
    bytes: int
    first_type: Optional[str]
    first_bytes: int


class McpResult:
    """
    ``"word" in result`` searches its text; ``result.structured`` is a tool's structured content; ``result.raw`` is all
    of it. Empty when the call was made with ``read=False`` or ``keep="hash"``; then ``result.digest`` says what it was.
    """

    __slots__ = ("operation", "_body", "_size", "_raw")

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        # Taken over: a session remembers its last operation, and would hold a large result as long.
        self._body, operation.body = operation.body, None
        self._size = len(self._body or b"")
        self._raw: Optional[Dict[str, Any]] = None

    @property
    def has_body(self) -> bool:
        """Whether the result came from the bridge."""
        return self._size > 0

    @property
    def raw(self) -> Dict[str, Any]:
        raw = self._raw
        if raw is None:
            raw = self._raw = json.loads(self._body) if self._body else {}
            self._body = None
        return raw

    @property
    def text(self) -> str:
        """The texts of a tool's content, of a resource's contents or of a prompt's messages, one a line."""
        return "\n".join(part["text"] for part in self._parts() if isinstance(part.get("text"), str))

    @property
    def structured(self) -> Optional[Dict[str, Any]]:
        return self.raw.get("structuredContent")

    @property
    def digest(self) -> Optional[Digest]:
        digest = self.operation.end.get("digest")
        return digest and Digest(digest["sha256"], digest["bytes"], digest["firstType"], digest["firstBytes"])

    @property
    def timing(self) -> Timing:
        end = self.operation.end
        service_ms, end_ms = end.get("serviceMs"), end.get("endMs")
        sent_ms = None if service_ms is None or end_ms is None else end_ms - service_ms
        repeated = end.get("repeated", False)
        return Timing(service_ms, end["responseMs"], end.get("firstEventMs"), repeated, sent_ms, end_ms)

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and text in self.text

    def __repr__(self) -> str:
        return f"McpResult({self.operation.end.get('name')}, {self._size} bytes)"

    def _parts(self) -> Iterator[Dict[str, Any]]:
        yield from _dicts(self.raw.get("content"))
        yield from _dicts(self.raw.get("contents"))
        for message in _dicts(self.raw.get("messages")):
            content = message.get("content")
            yield from _dicts(content if isinstance(content, list) else [content])


def _dicts(value: Any) -> List[Dict[str, Any]]:
    """What a server sends may have any shape; reading it must not raise."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
