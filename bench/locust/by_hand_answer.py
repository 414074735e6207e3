"""Reads and judges an MCP answer by hand: status, JSON or SSE, id, JSON-RPC error, isError."""

import json
from typing import Any, Dict, Optional


def complaint_about(response: Any, number: int) -> Optional[str]:
    if response.status_code != 200:
        return f"HTTP {response.status_code}"
    try:
        answer = parse(response, number)
    except ValueError:
        return "the answer is not JSON"
    if answer is None or answer.get("id") != number:
        return "the answer is missing"
    if "error" in answer:
        return f"JSON-RPC error {answer['error'].get('code')}"
    if answer.get("result", {}).get("isError"):
        return "the tool answered isError"
    return None


def parse(response: Any, number: int) -> Optional[Dict[str, Any]]:
    content_type = response.headers.get("Content-Type", "")
    if content_type.startswith("text/event-stream"):
        return answer_in(response.content, number)
    return json.loads(response.content)


def answer_in(stream: bytes, number: int) -> Optional[Dict[str, Any]]:
    """The event with this id; notifications and other messages before it are passed over."""
    for event in stream.replace(b"\r\n", b"\n").split(b"\n\n"):
        data = b"\n".join(line[5:].lstrip() for line in event.split(b"\n") if line.startswith(b"data:"))
        if data:
            message = json.loads(data)
            if message.get("id") == number:
                return message
    return None
