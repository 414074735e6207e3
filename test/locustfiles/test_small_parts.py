"""The parts that are one function or one class: tally, names, feeders, think times, percentiles, run names."""

import re
import statistics

import pytest
from locust import stats
from locust.env import Environment
from locust.event import Events

import feeders
import fine_percentiles
import think_time
from run_plan import RunNames
from statistics_name import statistics_name
from tally import Tally


def test_a_judgement_moves_a_count_and_keeps_the_sum():
    tally = Tally()
    tally.count("a", "ok")
    tally.move("a", "ok", "assertion")
    assert tally.counts == {"a": {"assertion": 1}}


@pytest.mark.parametrize(
    "method, params, given, name",
    [
        ("tools/call", {"name": "search"}, None, "learn:tools/call:search"),
        ("tools/call", {"name": "search"}, "alias", "learn:tools/call:alias"),
        ("tools/list", {}, None, "learn:tools/list"),
        ("resources/read", {"uri": "Docs://a/b?c"}, None, "learn:resources/read:docs"),
        ("completion/complete", {"ref": {"name": "greet"}}, None, "learn:completion/complete:greet"),
        ("tools/call", {"name": "a\nb"}, None, "learn:tools/call:a?b"),
        ("tools/call", {"name": "x" * 500}, None, "learn:tools/call:" + "x" * 120),
    ],
)
def test_names_follow_the_bridges_rule(method, params, given, name):
    assert statistics_name("learn", method, params, given) == name


@pytest.fixture
def beside(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "__file__", str(tmp_path / "locustfile.py"))
    return tmp_path


def take(iterator, count):
    return [next(iterator) for _ in range(count)]


def test_lines_come_in_order_over_and_over_without_comments(beside):
    (beside / "q.txt").write_text("# questions\none\n\ntwo\n")
    assert take(feeders.lines("q.txt"), 3) == ["one", "two", "one"]


def test_a_shuffled_round_holds_everything_and_a_seed_repeats_it(beside):
    (beside / "q.txt").write_text("\n".join("abcdefgh"))
    first, second = (take(feeders.lines("q.txt", shuffle=True, seed=1), 16) for _ in range(2))
    assert first == second and sorted(first[:8]) == list("abcdefgh") and first[:8] != first[8:]


def test_rows_and_json_lines_are_parsed(beside):
    (beside / "r.csv").write_text("a,b\n1,2\n")
    (beside / "j.jsonl").write_text('{"a": 1}\n')
    assert next(feeders.rows("r.csv")) == {"a": "1", "b": "2"}
    assert next(feeders.json_lines("j.jsonl")) == {"a": 1}


@pytest.mark.parametrize(
    "feeder, text, sentence",
    [
        (feeders.lines, None, "cannot be read"),
        (feeders.lines, "# only words\n", "is empty"),
        (feeders.rows, "a,b\n", "is empty"),
        (feeders.json_lines, '{"a": 1}\n{oops\n', "no JSON in line 2"),
    ],
)
def test_a_data_file_that_will_not_do_ends_locust_with_one_sentence(beside, caplog, feeder, text, sentence):
    if text is not None:
        (beside / "data").write_text(text)
    with pytest.raises(SystemExit) as caught:
        feeder("data")
    assert caught.value.code == 3
    assert sentence in caplog.text and str(beside) in caplog.text


def test_an_agent_pauses_briefly_within_a_thought_and_long_between():
    pause = think_time.agent_like(short=(1, 2), long=(10, 20), calls_per_thought=4, seed=3)
    pauses = [pause(None) for _ in range(4000)]
    assert all(1 <= one <= 2 or 10 <= one <= 20 for one in pauses)
    assert statistics.mean(one >= 10 for one in pauses) == pytest.approx(0.25, abs=0.03)
    with pytest.raises(ValueError):
        think_time.agent_like(calls_per_thought=0)


@pytest.mark.parametrize("ms, key", [(1.4, 1), (104.6, 105), (1049, 1050), (12_345, 12_300), (123_456, 123_000)])
def test_percentiles_keep_three_digits_and_whole_milliseconds(ms, key):
    assert fine_percentiles.bucket(ms) == key and isinstance(fine_percentiles.bucket(ms), int)


def test_locust_takes_the_fine_percentiles_where_it_can(monkeypatch):
    if not hasattr(stats, "bucket_response_time"):
        fine_percentiles.install()
        assert not hasattr(stats, "bucket_response_time")
        return
    monkeypatch.setattr(stats, "bucket_response_time", None)
    fine_percentiles.install()
    assert stats.bucket_response_time is fine_percentiles.bucket


def test_two_runs_of_one_second_get_two_names_that_are_folder_names_in_one_process_and_in_two(monkeypatch):
    monkeypatch.setattr("time.strftime", lambda _: "20260101-000000")
    processes = [RunNames(Environment(events=Events(), parsed_locustfiles=["/a/my file.py"])) for _ in range(2)]
    names = {one.next() for one in processes * 5}
    assert len(names) == 10
    assert all(re.fullmatch("20260101-000000-my-file-[a-z2-7]{4}", name) for name in names)
