"""What the bench tells a generator, and how one answers: the Python side of ``bench/assignment.ts``."""

import json
import os
from typing import Any, Dict, NamedTuple


class BenchTask(NamedTuple):
    """One workload. Lengths in milliseconds."""

    url: str
    era: str
    revision: str
    tool: str
    arguments: Dict[str, Any]
    users: int
    warm_up_ms: float
    window_ms: float


def bench_task() -> BenchTask:
    said = json.loads(os.environ["SWARMBRIDGE_BENCH"])
    return BenchTask(
        said["url"],
        said["era"],
        said["revision"],
        said["tool"],
        said["toolArguments"],
        said["users"],
        said["warmUpMs"],
        said["windowMs"],
    )


def write_report(report: Dict[str, Any]) -> None:
    print("bench-report " + json.dumps(report), flush=True)
