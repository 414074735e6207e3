"""Planned starts, as numbers: no clock, no timer."""

import math
from itertools import islice, takewhile

import pytest

from arrival_schedule import poisson, ramp, share_of, steady


def until(schedule, seconds, run="a run", name="a"):
    return list(takewhile(lambda due: due < seconds, schedule.times(run, name)))


@pytest.mark.parametrize(
    ("schedule", "seconds", "starts"),
    [
        (steady(50), 10, 500),
        (steady(0.5), 10, 5),
        (ramp([(60, 10), (120, 50)]), 180, 60 * 5 + 120 * 30),
        (ramp([(10, 10), (10, 0)]), 1e9, 100),  # it ends, and so do its starts
        (ramp([(0, 20), (5, 20)]), 5, 100),  # 0 seconds: there at once
        (ramp([(5, 0), (0, 4), (5, 4)]), 10, 20),  # nothing at first
    ],
)
def test_as_many_starts_are_planned_as_the_rate_says(schedule, seconds, starts):
    assert len(until(schedule, seconds)) == starts


def test_even_starts_have_even_gaps():
    assert list(islice(steady(50).times("a run", "a"), 4)) == pytest.approx([0, 0.02, 0.04, 0.06])


def test_a_ramp_comes_as_often_as_its_rate_is_at_that_moment():
    due = until(ramp([(100, 100)]), 100)
    for second in (10, 50, 90):
        within = [one for one in due if second <= one < second + 1]
        assert len(within) == pytest.approx(second + 0.5, abs=1)


def test_a_ramp_that_hardly_moves_is_as_exact_as_one_that_does_not():
    nearly = list(islice(ramp([(0, 50), (1e6, 50.000001)]).times("a run", "a"), 1000))
    assert nearly == pytest.approx(list(islice(steady(50).times("a run", "a"), 1000)), rel=1e-6)


def test_starts_by_chance_are_a_poisson_process():
    """Gaps have the spread of their mean, and hardly any two are alike. Seeded: 3 % is three of their deviations."""
    due = until(poisson(100, seed=7), 100)
    gaps = [later - earlier for earlier, later in zip(due, due[1:])]
    mean = sum(gaps) / len(gaps)
    spread = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps))
    assert len(due) == pytest.approx(10_000, rel=0.03)
    assert spread == pytest.approx(mean, rel=0.03)


def test_a_ramp_by_chance_follows_the_ramp():
    due = until(poisson(ramp([(100, 200)]), seed=7), 100)
    assert len([one for one in due if one < 50]) == pytest.approx(2_500, rel=0.06)
    assert len(due) == pytest.approx(10_000, rel=0.03)


def test_a_seed_makes_the_same_starts_and_without_one_each_run_has_its_own():
    assert until(poisson(50, seed=1), 5, "a run") == until(poisson(50, seed=1), 5, "another run")
    assert until(poisson(50), 5, "a run") == until(poisson(50), 5, "a run")
    assert until(poisson(50), 5, "a run") != until(poisson(50), 5, "another run")


@pytest.mark.parametrize("seed", [None, 1])
def test_two_that_arrive_by_chance_in_one_run_share_no_moment_and_no_die(seed):
    one, other = ([*islice(share_of(poisson(50, seed), "a run", name), 200)] for name in ("learn", "github"))
    assert not {due for due, _ in one} & {due for due, _ in other}
    assert [number for _, number in one] != [number for _, number in other]


@pytest.mark.parametrize("schedule", [steady(90), poisson(90, seed=3)])
def test_each_start_belongs_to_exactly_one_process(schedule):
    """All processes draw the same numbers, each from a stream of its own."""
    mine = [
        [
            due
            for due, number in takewhile(lambda one: one[0] < 20, share_of(schedule, "a run", "a"))
            if number % 3 == index
        ]
        for index in range(3)
    ]
    assert sorted(mine[0] + mine[1] + mine[2]) == until(schedule, 20)
    assert all(len(part) == pytest.approx(600, rel=0.1) for part in mine)


def test_a_part_of_starts_by_chance_is_as_irregular_as_the_whole():
    """Every third start of a Poisson process would have gaps of 58 % of their mean as spread."""
    one_third = [
        due
        for due, number in takewhile(lambda one: one[0] < 100, share_of(poisson(90, seed=3), "r", "a"))
        if number % 3 == 0
    ]
    gaps = [later - earlier for earlier, later in zip(one_third, one_third[1:])]
    mean = sum(gaps) / len(gaps)
    assert math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) == pytest.approx(mean, rel=0.06)


@pytest.mark.parametrize(
    "make",
    [
        lambda: steady(0),
        lambda: steady(-1),
        lambda: steady(math.inf),
        lambda: steady(True),
        lambda: poisson("50"),  # type: ignore[arg-type]
        lambda: ramp([]),
        lambda: ramp([(10, 0)]),
        lambda: ramp([(-1, 5)]),
        lambda: ramp([(10, 5, 3)]),  # type: ignore[list-item]
    ],
)
def test_what_is_no_rate_is_refused(make):
    with pytest.raises(ValueError, match="rate|stage"):
        make()


def test_a_schedule_is_shown_as_people_say_it():
    assert repr(steady(50)) == "50/s"
    assert repr(ramp([(60, 10), (120, 50)])) == "0/s, in 60 s to 10/s, in 120 s to 50/s"
    assert repr(poisson(ramp([(0, 20), (5, 2.5)]))) == "20/s, in 5 s to 2.5/s by chance"
