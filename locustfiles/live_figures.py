"""
What several bridges say of a run that goes on (`live`, docs/link-protocol.md), made one: counts and classes of times
are added, percentiles are read from the sum.
"""

from typing import Any, Dict, List, Mapping, Optional, Tuple

Figures = Dict[str, Any]
Classes = Dict[int, int]

CLASSES_PER_OCTAVE = 16
MOST_REASONS = 8
# From the best; who was not measured says nothing against the others.
LEVELS = ("unknown", "ok", "strained", "saturated")
# Fewer values than this cannot carry the percentile: it is the maximum, or close to it (record/percentile-text.ts).
CARRIES = {50: 2, 95: 20, 99: 100}


def merged(lines: List[Figures]) -> Figures:
    names: Dict[str, Dict[str, Any]] = {}
    reasons: Dict[str, Dict[str, Any]] = {}
    sessions: Dict[str, Dict[str, int]] = {}
    halves: Dict[str, Classes] = {"before": {}, "after": {}}
    for line in lines:
        for name, one in line["names"].items():
            known = names.setdefault(name, {"counts": {}, "service": {}, "firstEvent": {}})
            _add(known["counts"], one["counts"])
            for kind in ("service", "firstEvent"):
                _add(known[kind], _classes(one[kind]))
        for reason, one in line["reasons"].items():
            known = reasons.setdefault(reason, {"count": 0, "whose": one["whose"]})
            known["count"] += one["count"]
        for server, one in line["sessions"].items():
            _add(sessions.setdefault(server, {"open": 0, "peak": 0}), one)
        for half, held in halves.items():
            _add(held, _classes(line["harnessDelay"][half]))
    level = max((line["generator"]["level"] for line in lines), key=LEVELS.index, default="unknown")
    said = [one for line in lines if line["generator"]["level"] == level for one in line["generator"]["reasons"]]
    return {
        "users": sum(line["users"] for line in lines),
        "inFlight": sum(line["inFlight"] for line in lines),
        "hidden": sum(line["hidden"] for line in lines),
        "names": names,
        "reasons": reasons,
        "sessions": sessions,
        "harnessDelay": halves,
        "generator": {"level": level, "reasons": list(dict.fromkeys(said))[:MOST_REASONS]},
    }


def added(parts: List[Classes]) -> Classes:
    total: Classes = {}
    for part in parts:
        _add(total, part)
    return total


def percentile_text(classes: Classes, percent: int) -> str:
    """In ms, with a mark where the values are too few for it; a dash where there is none."""
    found = percentile_ms(classes, percent)
    if found is None:
        return "-"
    return f"{'~' if sum(classes.values()) < CARRIES[percent] else ''}{ms_text(found)}"


def percentile_ms(classes: Classes, percent: int) -> Optional[float]:
    count = sum(classes.values())
    left = max(1, -(-count * percent // 100))
    for at in sorted(classes):
        left -= classes[at]
        if left <= 0:
            return 2 ** (at / CLASSES_PER_OCTAVE) / 1000
    return None


def ms_text(ms: float) -> str:
    """As many digits as the classes carry."""
    return f"{ms:.2f}" if ms < 1 else f"{ms:.1f}" if ms < 100 else f"{ms:.0f}"


def counts_of(counts: Mapping[str, int]) -> Tuple[int, int]:
    """:returns: all, and those of them that failed"""
    total = sum(counts.values())
    return total, total - counts.get("ok", 0)


def _classes(pairs: List[int]) -> Classes:
    return dict(zip(pairs[::2], pairs[1::2]))


def _add(known: Dict[Any, int], more: Mapping[Any, int]) -> None:
    for key, count in more.items():
        known[key] = known.get(key, 0) + count
