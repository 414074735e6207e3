"""What the truth server does with a call: how long it works, and in which pieces its answer leaves."""

import math
import random
from typing import Callable, NamedTuple

FIXED_MS = 50.0


class Kind(NamedTuple):
    """
    :ivar is_stream: the answer is one server-sent event instead of JSON
    :ivar work_ms: draws how long a call takes until the last byte of its answer
    :ivar pieces: in how many writes the body leaves, evenly over the work; the last byte counts
    :ivar freezes: the whole server stands still once, in the middle of the window
    """

    is_stream: bool
    work_ms: Callable[[random.Random], float]
    pieces: int = 1
    freezes: bool = False


def fixed(_dice: random.Random) -> float:
    return FIXED_MS


def lognormal(dice: random.Random) -> float:
    """Median 40 ms, p99 about 260 ms."""
    return dice.lognormvariate(math.log(40), 0.8)


def bimodal(dice: random.Random) -> float:
    """Found in the cache, or not: one call in ten is slow."""
    return 10.0 if dice.random() < 0.9 else 400.0


KINDS = {
    "json": Kind(False, fixed),
    "sse": Kind(True, fixed),
    "lognormal": Kind(False, lognormal),
    "bimodal": Kind(False, bimodal),
    "freeze": Kind(False, fixed, freezes=True),
    "trickle": Kind(False, fixed, pieces=5),
}
