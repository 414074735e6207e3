import re
from pathlib import Path

import pytest
from locust.exception import RescheduleTask

import mcp_errors
from mcp_errors import ASSERTION_TEXT, CLASS_BY_REASON, McpError, error_of

REASONS_FILE = Path(__file__).resolve().parents[2] / "record" / "reason.ts"


def reasons():
    return dict(
        re.findall(r'^\s+"?([a-z0-9-]+)"?: \{ family: "\w+", text: "([^"]+)" \}', REASONS_FILE.read_text(), re.M)
    )


def test_every_reason_of_the_closed_list_has_its_class_and_none_is_invented():
    assert set(CLASS_BY_REASON) == set(reasons())


def test_the_text_that_python_gives_a_judgement_is_the_lists_own():
    assert reasons()["assertion"] == ASSERTION_TEXT


def test_every_class_is_drawn_in_the_tree():
    classes = [name for name, one in vars(mcp_errors).items() if isinstance(one, type) and issubclass(one, McpError)]
    assert all(re.search(rf"\b{name}\b", mcp_errors.__doc__ or "") for name in classes)


@pytest.mark.parametrize("reason", CLASS_BY_REASON)
def test_two_failures_of_one_reason_look_alike_whatever_their_detail(reason):
    first, second = (error_of({"reason": reason, "text": "a sentence", "detail": f"id {n}"}) for n in (1, 2))
    assert repr(first) == repr(second)
    assert str(first) != str(second)
    assert isinstance(first, RescheduleTask)


def test_the_code_is_shown_unless_the_text_has_it():
    assert repr(error_of({"reason": "json-rpc-error", "text": "JSON-RPC error", "code": -32602})).endswith("-32602)")
    assert repr(error_of({"reason": "http-429", "text": "HTTP 429, rate limited", "code": 429})).count("429") == 1


def test_a_reason_of_a_newer_bridge_is_still_an_mcp_error():
    assert type(error_of({"reason": "brand-new", "text": "a sentence"})) is McpError
