"""
Planned starts in rows of their own in Locust's statistics, ``learn:arrival:LearnUser``: how many, how late those that
began, and as failures those that were dropped. They are no requests of the test: they are in no total, in no failure
ratio and in no exit code, and no request event is fired for them.
"""

from locust.env import Environment

from arrival_queue import Outcomes

REQUEST_TYPE = "ARRIVAL"


def log(environment: Environment, name: str, outcomes: Outcomes) -> None:
    # Not `stats.log_request`, which counts for the totals as well. A worker's rows reach its master with a report.
    row = environment.stats.get(name, REQUEST_TYPE)
    for late_ms in outcomes.late_ms:
        row.log(late_ms, 0)  # pyright: ignore[reportArgumentType]
    for _ in range(outcomes.dropped):
        row.log(None, 0)  # pyright: ignore[reportArgumentType]
        row.log_error(None)  # pyright: ignore[reportArgumentType]
