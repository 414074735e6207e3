import json

import pytest

from link_json import decode, encode

VALUES = [
    {"query": 'he said "hello"\n', "limit": 10, "deep": [{"a": None}, True, 1.5, -0.0, 1e300]},
    {"text": "héllo 🌍 \u2028 \ud800"},
    {1: "one", None: "none", False: "no"},
    [],
    {},
    "text",
    60000.0,
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_a_value_is_written_as_the_standard_library_writes_it(value):
    assert encode(value) == json.dumps(value, separators=(",", ":"))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_json_lacks_is_refused(number):
    with pytest.raises(ValueError):
        encode({"number": number})


def test_a_value_that_holds_itself_is_refused():
    circle = {}
    circle["self"] = [circle]
    with pytest.raises(ValueError, match="holds itself"):
        encode(circle)


def test_a_refused_value_leaves_nothing_behind():
    inner = {"thing": object()}
    with pytest.raises(TypeError):
        encode({"inner": inner})
    inner["thing"] = "now a text"
    assert encode({"inner": inner}) == '{"inner":{"thing":"now a text"}}'


def test_a_whole_line_is_read():
    assert decode('{"end":7,"text":"é"}'.encode()) == {"end": 7, "text": "é"}


@pytest.mark.parametrize("line", [b"", b"{", b"[1]", b'"text"', b"7", b'{"end":1} {"end":2}', b'{"a":"\xff"}', b"null"])
def test_a_line_that_is_not_one_object_is_refused(line):
    with pytest.raises(ValueError):
        decode(line)
