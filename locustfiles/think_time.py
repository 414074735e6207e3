"""Think times beside Locust's own: pauses as an agent makes them."""

import random
from typing import Any, Callable, Optional

SHORT_S = (0.2, 1.0)
LONG_S = (5.0, 30.0)
CALLS_PER_THOUGHT = 4


def agent_like(
    short: "tuple[float, float]" = SHORT_S,
    long: "tuple[float, float]" = LONG_S,
    calls_per_thought: int = CALLS_PER_THOUGHT,
    seed: Optional[int] = None,
) -> Callable[[Any], float]:
    """
    Short pauses within a thought, a long one between two: an agent chains a few calls, then a person reads. The
    number of calls in a thought varies (geometric, with this mean). The default numbers are ours, not measured ones:
    0.2 to 1 s within a thought, 5 to 30 s between, 4 calls a thought.

    :param short: least and most seconds between the calls of one thought
    :param long: least and most seconds between two thoughts
    :param calls_per_thought: mean number of calls in one thought, at least 1
    """
    if calls_per_thought < 1:
        raise ValueError("calls_per_thought must be at least 1")
    dice = random.Random(seed)

    def pause(_user: Any) -> float:
        is_thought_over = dice.random() * calls_per_thought < 1
        return dice.uniform(*(long if is_thought_over else short))

    return pause
