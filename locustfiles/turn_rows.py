"""
Turns in rows of their own in Locust's statistics, ``learn:turn:research``. They are made of requests of the test, and
are none: they are in no total, in no failure ratio and in no exit code, and no request event is fired for them.
"""

from locust.env import Environment

REQUEST_TYPE = "TURN"


def log(environment: Environment, name: str, ms: float, is_ok: bool) -> None:
    # Not `stats.log_request`, which counts for the totals as well. A worker's rows reach its master with a report.
    row = environment.stats.get(name, REQUEST_TYPE)
    row.log(ms, 0)  # pyright: ignore[reportArgumentType]
    if not is_ok:
        row.log_error(None)  # pyright: ignore[reportArgumentType]
