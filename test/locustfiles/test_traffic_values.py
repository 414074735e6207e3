"""What stands in the arguments of `traffic`: made values, data files, and places in answers."""

import json
import random
from types import SimpleNamespace

import pytest

from refusal import Refusal
from traffic_data import TrafficData
from traffic_places import value_at
from traffic_values import CallValues


def values(tmp_path, *templates, saved=None, **files):
    """:returns: each template, made in one call of its own"""
    for name, text in files.items():
        (tmp_path / name.replace("_", ".")).write_text(text)
    data = TrafficData(str(tmp_path), 1, list(templates))
    return [CallValues(data, random.Random(1), saved or {}).make(one) for one in templates]


def answer(text="", structured=None):
    raw = {"content": [{"type": "text", "text": text}], "structuredContent": structured}
    return SimpleNamespace(text=text, structured=structured, raw=raw)


def at(place, result, matches=None):
    return value_at(result, place, matches, random.Random(1))


def test_plain_values_stay_as_they_are(tmp_path):
    plain = {"a": [1, {"b": None}], "c": "${NOT}", "d": 2.5}
    assert values(tmp_path, plain) == [plain]


def test_a_pick_and_a_range_are_within_their_bounds(tmp_path):
    made = values(tmp_path, *[{"p": {"$pick": ["a", "b"]}, "n": {"$range": [1, 3]}, "f": {"$range": [0, 0.5]}}] * 50)
    assert {one["p"] for one in made} <= {"a", "b"}
    assert {one["n"] for one in made} <= {1, 2, 3}
    assert all(isinstance(one["f"], float) and 0 <= one["f"] <= 0.5 for one in made)


def test_each_goes_on_where_the_last_call_was(tmp_path):
    template = {"$each": ["a", {"$join": ["b", 1, True]}]}
    assert values(tmp_path, *[template] * 3) == ["a", "b1true", "a"]


def test_keys_of_a_tool_that_begin_with_a_dollar_are_taken_literally(tmp_path):
    assert values(tmp_path, {"q": {"$literal": {"$lines": "none.txt"}}}) == [{"q": {"$lines": "none.txt"}}]


def test_lines_are_read_in_order_and_shared(tmp_path):
    template = {"q": {"$lines": "q.txt"}}
    assert values(tmp_path, *[template] * 3, q_txt="one\n# no\ntwo\n") == [{"q": "one"}, {"q": "two"}, {"q": "one"}]


def test_values_of_one_file_in_one_call_are_of_one_row(tmp_path):
    template = {"o": {"$rows": "r.csv", "column": "owner"}, "r": {"$rows": "r.csv", "column": "repo"}}
    first, second = values(tmp_path, template, template, r_csv="owner,repo\na,1\nb,2\n")
    assert (first, second) == ({"o": "a", "r": "1"}, {"o": "b", "r": "2"})


def test_a_row_may_be_all_the_arguments(tmp_path):
    text = json.dumps({"a": 1, "b": [5]}) + "\n"
    made = values(tmp_path, {"$jsonLines": "t.jsonl"}, {"x": {"$jsonLines": "t.jsonl", "at": "/b/0"}}, t_jsonl=text)
    assert made == [{"a": 1, "b": [5]}, {"x": 5}]


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ({"$lines": "no.txt"}, "cannot be read"),
        ({"$lines": "empty.txt"}, "is empty"),
        ({"$rows": "r.csv", "column": "repos"}, "r.csv has no column 'repos'; it has owner, repo."),
    ],
)
def test_data_that_will_not_do_is_said_before_anything_runs(tmp_path, template, sentence):
    (tmp_path / "empty.txt").write_text("# nothing\n")
    (tmp_path / "r.csv").write_text("owner,repo\na,b\n")
    with pytest.raises(Refusal, match=sentence):
        TrafficData(str(tmp_path), 1, [template])


def test_a_place_is_a_root_of_the_answer_and_a_pointer():
    result = answer(text='{"id": 7}', structured={"a/b": {"~": ["x", "y"]}})
    assert at("found/text", result) == '{"id": 7}'
    assert at("found/json/id", result) == 7
    assert at("found/structured/a~1b/~0/1", result) == "y"
    assert at("found/structured/a~1b/~0/*", result) in ("x", "y")
    assert at("found/raw/content/0/type", result) == "text"


def test_a_pattern_takes_its_group_or_all_that_it_finds():
    assert at("found/text", answer("see id=42."), r"id=(\d+)") == "42"
    assert at("found/text", answer("see id=42."), r"\d+") == "42"


@pytest.mark.parametrize(
    ("place", "matches", "sentence"),
    [
        ("f/structured/b", None, "the answer has nothing at f/structured/b: there is no 'b'"),
        ("f/structured/a/3", None, "the answer has nothing at f/structured/a/3: a list of 1 has no '3'"),
        ("f/structured/a/0/x", None, "the answer has nothing at f/structured/a/0/x: there is no 'x'"),
        ("f/json/a", None, "the answer has nothing at f/json/a: its text is no JSON"),
        ("f/text", "z+", "nothing at f/text matches 'z+'"),
    ],
)
def test_a_place_that_is_not_there_is_named(place, matches, sentence):
    with pytest.raises(LookupError, match="^" + sentence.replace("+", r"\+")):
        at(place, answer("plain", structured={"a": [1]}), matches)


def test_any_item_of_an_empty_list_is_not_there():
    with pytest.raises(LookupError, match="a list of 0 has no '\\*'"):
        at("f/structured/a/*", answer(structured={"a": []}))
