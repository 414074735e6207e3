"""What the run records of a test say: counts by name, in the words of the server and in those of Locust."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Tuple

Record = Dict[str, Any]

# One DELETE ends a session, whether its user began it or nobody did.
_RECEIVED_AS = {"session/delete": "DELETE"}


def records(results: Path) -> List[Record]:
    """In the order of their starts; the parts of a run are not among them."""
    found = [json.loads(path.read_text()) for path in results.glob("*/run.json")]
    return sorted(found, key=lambda record: record["startedAt"])


def parts(results: Path) -> List[Record]:
    return [json.loads(path.read_text()) for path in results.glob("*/parts/*/run.json")]


def outcomes(record: Record) -> Counter:
    """Operations by (name, outcome)."""
    return Counter(
        {
            (name, outcome): found["count"]
            for name, operation in record["operations"].items()
            for outcome, found in operation["outcomes"].items()
        }
    )


def auth_of(record: Record, server: str) -> Dict[Tuple[str, str], int]:
    """Counts of what auth did for a server, by (what, outcome)."""
    return {
        (name.rpartition("/")[2], outcome): found["count"]
        for name, each in record["auth"].items()
        if name.startswith(f"{server}:")
        for outcome, found in each["outcomes"].items()
    }


def as_locust_counts(record: Record) -> Dict[str, List[int]]:
    """Requests and failures by name."""
    return {name: [one["count"], one["failures"]] for name, one in record["operations"].items()}


def as_received(record: Record) -> Counter:
    """What the server must have received when every operation and every hidden request reached it."""
    counts: Counter = Counter()
    for name, operation in record["operations"].items():
        counts[_as_received(name)] += operation["count"]
    for name, count in record["hidden"].items():
        counts[_as_received(name)] += count
    return counts


def _as_received(name: str) -> str:
    without_server = name.partition(":")[2]
    return _RECEIVED_AS.get(without_server, without_server)


def csv_counts(prefix: Path) -> Dict[str, List[int]]:
    """Requests and failures by name, from the file that ``--csv`` writes."""
    with prefix.with_name(f"{prefix.name}_stats.csv").open() as file:
        return {
            row["Name"]: [int(row["Request Count"]), int(row["Failure Count"])]
            for row in csv.DictReader(file)
            if row["Name"] != "Aggregated"
        }
