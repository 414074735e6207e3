"""What a comparison with the truth tells a generator: the Python side of ``bench/truth/task.ts``."""

import json
import os
from typing import NamedTuple, Optional


class TruthTask(NamedTuple):
    """Lengths in milliseconds. Under an arrival rate nobody thinks."""

    users: int
    think_ms: float
    arrivals_per_second: Optional[float]
    warm_up_ms: float
    window_ms: float
    seed: int


def truth_task() -> TruthTask:
    said = json.loads(os.environ["SWARMBRIDGE_BENCH"])
    return TruthTask(
        said["users"],
        said["thinkMs"],
        said["arrivalsPerSecond"],
        said["warmUpMs"],
        said["windowMs"],
        said["seed"],
    )
