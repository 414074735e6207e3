"""Makes Locust's own percentiles as fine as Locust allows: three significant digits instead of two."""

from locust import stats


def bucket(response_time: float) -> int:
    """
    :param response_time: milliseconds
    :returns: whole milliseconds with three significant digits: the tables, the CSV files and the messages to a master
        expect whole numbers
    """
    if response_time < 1000:
        return round(response_time)
    if response_time < 10_000:
        return int(round(response_time, -1))
    if response_time < 100_000:
        return int(round(response_time, -2))
    return int(round(response_time, -3))


def install() -> None:
    """On workers and master alike. Locust below 2.44 has no such hook and keeps its two digits."""
    if hasattr(stats, "bucket_response_time"):
        stats.bucket_response_time = bucket
