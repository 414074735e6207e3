"""
What auth cost, in rows of its own in Locust's statistics: ``learn:auth/token``, ``learn:auth/renewal``,
``learn:auth/401``. They are no requests of the test: they are in no total, in no failure ratio and in no exit code, and
no request event is fired for them. Failures show in the row's own column, not in the table of failures, which decides
``--exit-code-on-error``.
"""

from typing import Any, Mapping

from locust.env import Environment

REQUEST_TYPE = "AUTH"


def log(environment: Environment, said: Mapping[str, Any]) -> None:
    """
    :param said: the bridge's `auth` line
    """
    # Not `stats.log_request`, which counts for the totals as well. A worker's rows reach its master with a report.
    row = environment.stats.get(said["name"], REQUEST_TYPE)
    row.log(said["ms"], 0)
    if not said["ok"]:
        row.log_error(None)
