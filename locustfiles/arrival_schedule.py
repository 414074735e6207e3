"""
When starts are planned: an arrival rate as data, and the moments that follow from it. Pure: no clock, no timer. What is
planned never depends on how long anything takes; that is the whole point of an arrival rate.

    arrivals = steady(50)                        # every 20 ms
    arrivals = ramp([(60, 10), (120, 50)])       # up to 10 a second in a minute, to 50 in two more; 50 from then on
    arrivals = poisson(50, seed=1)               # 50 a second on average, as strangers come
    arrivals = poisson(ramp([(60, 10)]))
"""

import math
import random
from typing import Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union


class _Stretch(NamedTuple):
    """A time in which the rate moves along a straight line, in seconds and starts a second."""

    lasts: float
    first: float
    last: float

    @property
    def starts(self) -> float:
        return math.inf if self.lasts == math.inf and self.first > 0 else self.lasts * (self.first + self.last) / 2

    def when(self, starts: float) -> float:
        """How long it takes until so many starts are planned. The root of first*t + slope*t*t/2 = starts."""
        if starts == 0:
            return 0.0
        if self.first == self.last:
            return starts / self.first
        slope = (self.last - self.first) / self.lasts
        # The form that loses no digits when the rate hardly moves. The end of a ramp to 0 may round to below 0.
        return 2 * starts / (self.first + math.sqrt(max(0.0, self.first * self.first + 2 * slope * starts)))


class Schedule:
    """
    :param stages: (seconds, starts a second at their end) in turn; from 0 on, as a straight line; the last rate stays
    :param by_chance: strangers that know nothing of each other (a Poisson process), instead of even gaps
    :param seed: of the chance; None takes one from the name of the run, so that it is another one each time
    """

    def __init__(
        self, stages: Sequence[Tuple[float, float]], by_chance: bool = False, seed: Optional[int] = None
    ) -> None:
        self.by_chance = by_chance
        self.seed = seed
        self._stages = list(stages)

    def times(self, run: str, name: str) -> Iterator[float]:
        """
        The planned starts in seconds from the beginning of the run, ascending; ends where the rate stays 0.

        :param run: its name, the seed of a chance that has none of its own
        :param name: whose starts they are: two that draw from one seed would otherwise have them at the same moments
        """
        dice = random.Random(f"{run if self.seed is None else self.seed} {name}")
        number = dice.expovariate(1.0) if self.by_chance else 0.0
        began, before = 0.0, 0.0
        for stretch in self._stretches():
            # Time is stretched so that the rate is 1: then the n-th start of the even kind is due at n, and gaps by
            # chance are those of the plainest Poisson process.
            until = before + stretch.starts
            while number < until:
                yield began + stretch.when(number - before)
                number += dice.expovariate(1.0) if self.by_chance else 1.0
            before = until
            began += stretch.lasts

    def _stretches(self) -> List[_Stretch]:
        rate = 0.0
        stretches = []
        for seconds, target in self._stages:
            if seconds:
                stretches.append(_Stretch(seconds, rate, target))
            rate = target
        return stretches + [_Stretch(math.inf, rate, rate)] if rate else stretches

    def __repr__(self) -> str:
        """For people: ``50/s``, ``0/s, in 60 s to 10/s, in 120 s to 50/s``."""
        first, *later = [(0.0, 0.0), *self._stages] if self._stages[0][0] else self._stages
        text = ", ".join([f"{first[1]:g}/s", *(f"in {seconds:g} s to {rate:g}/s" for seconds, rate in later)])
        return f"{text} by chance" if self.by_chance else text


def steady(per_second: float) -> Schedule:
    """:raises ValueError: when it is no number above 0"""
    if not _is_number(per_second) or per_second <= 0:
        raise ValueError("an arrival rate is a number of starts a second, above 0")
    return Schedule([(0, per_second)])


def ramp(stages: Sequence[Tuple[float, float]]) -> Schedule:
    """
    :param stages: (seconds, starts a second at their end), the first from 0 a second on; 0 seconds jump there at once
    :raises ValueError: when a number is below 0 or no number, or when nothing would ever start
    """
    for stage in stages:
        if len(stage) != 2 or not all(_is_number(part) and part >= 0 for part in stage):
            raise ValueError("a stage is (seconds, starts a second), both 0 or above")
    if not any(rate for _, rate in stages):
        raise ValueError("a ramp needs a stage with a rate above 0")
    return Schedule(stages)


def poisson(rate: Union[float, Schedule], seed: Optional[int] = None) -> Schedule:
    """
    :param rate: starts a second on average, or a ramp of it
    :param seed: the same starts in each run
    :raises ValueError: as `steady` does
    """
    even = rate if isinstance(rate, Schedule) else steady(rate)
    return Schedule(even._stages, by_chance=True, seed=seed)


def share_of(schedule: Schedule, run: str, name: str) -> "Iterator[Tuple[float, int]]":
    """
    The starts of a schedule, each with the number that says which of several processes has it: process `index` of `of`
    takes those whose number leaves `index` when it is divided by `of`. All processes of a run draw the same numbers, so
    each start has exactly one, and each process's part is of the same kind as the whole: every `of`-th of even starts,
    and of starts by chance those that a die gives it, since every `of`-th of them would be far too even.

    :param run: name of the run, the same for all its processes
    :param name: whose starts they are
    """
    dice = random.Random(f"{run} {schedule.seed} {name} whose")
    for place, time in enumerate(schedule.times(run, name)):
        yield time, dice.getrandbits(30) if schedule.by_chance else place


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
