"""The peer of the benchmark is an honest one: it finds every wrong answer."""

import json
from types import SimpleNamespace
from typing import Any, Dict

import pytest
from by_hand_answer import complaint_about

RESULT = {"jsonrpc": "2.0", "id": 7, "result": {"content": []}}


def answer(content: bytes, content_type: str = "application/json", status: int = 200) -> Any:
    return SimpleNamespace(status_code=status, headers={"Content-Type": content_type}, content=content)


def as_json(message: Dict[str, Any]) -> Any:
    return answer(json.dumps(message).encode())


def as_events(*messages: Dict[str, Any], end: str = "\n") -> Any:
    events = "".join(f"event: message{end}data: {json.dumps(message)}{end}{end}" for message in messages)
    return answer(events.encode(), "text/event-stream; charset=utf-8")


@pytest.mark.parametrize("response", [as_json(RESULT), as_events(RESULT), as_events(RESULT, end="\r\n")])
def test_a_result_is_fine_in_either_form(response: Any) -> None:
    assert complaint_about(response, 7) is None


def test_messages_before_the_answer_are_passed_over() -> None:
    assert complaint_about(as_events({"jsonrpc": "2.0", "method": "notifications/progress"}, RESULT), 7) is None


@pytest.mark.parametrize(
    ("response", "complaint"),
    [
        (answer(b"", status=503), "HTTP 503"),
        (answer(b"<html>"), "the answer is not JSON"),
        (as_json({**RESULT, "id": 8}), "the answer is missing"),
        (as_events({**RESULT, "id": 8}), "the answer is missing"),
        (as_json({"jsonrpc": "2.0", "id": 7, "error": {"code": -32602}}), "JSON-RPC error -32602"),
        (as_json({**RESULT, "result": {"isError": True}}), "the tool answered isError"),
    ],
)
def test_what_is_wrong_is_named(response: Any, complaint: str) -> None:
    assert complaint_about(response, 7) == complaint
