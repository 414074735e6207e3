"""What there is to see of a run while it goes on: worked out when somebody looks, and once a second at most."""

import time
from typing import Any, Callable, Dict, List, Optional

import gevent

from live_figures import Figures, added, counts_of, merged, percentile_text

FRESH_S = 0.9
# Whoever looks after a pause waits for new figures instead of seeing how it was.
STALE_S = 5.0
MOST_NAMES = 60

View = Dict[str, Any]


class Lookout:
    """
    :param ask: every bridge of the run for its figures; may wait a moment
    """

    def __init__(self, ask: Callable[[], List[Figures]]) -> None:
        self._ask = ask
        self._run: Optional[str] = None
        self._run_time_s: Optional[float] = None
        self._began = 0.0
        self._ended: Optional[float] = None
        self._figures: Optional[Figures] = None
        self._looked = 0.0
        self._operations = 0
        self._per_second = 0.0
        self._looking: Optional[gevent.Greenlet] = None

    def begin(self, run: Optional[str], run_time_s: Optional[float]) -> None:
        self._run, self._run_time_s = run, run_time_s
        self._began, self._ended = time.monotonic(), None
        self._figures, self._looked = None, self._began
        self._operations, self._per_second = 0, 0.0

    def end(self) -> None:
        """The last figures stay to be seen."""
        self._ended = self._ended or time.monotonic()

    def look(self) -> None:
        """Only where somebody has looked before: at the end of a run nobody waits for figures that nobody wants."""
        if self._figures:
            self._renew()

    def view(self) -> View:
        if self._run and not self._ended:
            age_s = time.monotonic() - self._looked
            if age_s >= FRESH_S and not self._looking:
                self._looking = gevent.spawn(self._renew)
            if self._looking and (not self._figures or age_s >= STALE_S):
                self._looking.join()
        return self._view(self._figures)

    def _renew(self) -> None:
        try:
            run = self._run
            lines = self._ask()
            if lines and run == self._run:
                self._take(merged(lines))
        finally:
            self._looking = None

    def _take(self, figures: Figures) -> None:
        now = time.monotonic()
        operations = sum(counts_of(one["counts"])[0] for one in figures["names"].values())
        if now - self._looked >= FRESH_S / 2:
            self._per_second = max(0, operations - self._operations) / (now - self._looked)
            self._operations, self._looked = operations, now
        self._figures = figures

    def _view(self, figures: Optional[Figures]) -> View:
        state = "none" if not self._run else "ended" if self._ended else "running"
        head = {
            "state": state,
            "run": self._run,
            "elapsedS": round((self._ended or time.monotonic()) - self._began, 1) if self._run else 0,
            "runTimeS": self._run_time_s,
        }
        return {**head, "figures": figures and _shown(figures, self._per_second if state == "running" else 0.0)}


def _shown(figures: Figures, per_second: float) -> View:
    names = figures["names"]
    counts = [counts_of(one["counts"]) for one in names.values()]
    operations, failures = sum(all_ for all_, _ in counts), sum(failed for _, failed in counts)
    service = added([one["service"] for one in names.values()])
    return {
        "users": figures["users"],
        "inFlight": figures["inFlight"],
        "operations": operations,
        "failures": failures,
        "perSecond": round(per_second, 1),
        "hiddenPerOperation": round(figures["hidden"] / operations, 2) if operations else 0,
        "p50": percentile_text(service, 50),
        "p95": percentile_text(service, 95),
        "sessions": [{"server": server, **one} for server, one in sorted(figures["sessions"].items())],
        "reasons": sorted(
            ({"reason": reason, **one} for reason, one in figures["reasons"].items()), key=lambda one: -one["count"]
        ),
        "names": [_row(name, one) for name, one in list(names.items())[:MOST_NAMES]],
        "harnessDelay": [
            {"half": half, "p50": percentile_text(classes, 50), "p99": percentile_text(classes, 99)}
            for half, classes in figures["harnessDelay"].items()
        ],
        "generator": figures["generator"],
    }


def _row(name: str, one: Dict[str, Any]) -> View:
    operations, failures = counts_of(one["counts"])
    first, service = one["firstEvent"], one["service"]
    return {
        "name": name,
        "operations": operations,
        "failures": failures,
        "firstEventP50": percentile_text(first, 50),
        "firstEventP95": percentile_text(first, 95),
        "p50": percentile_text(service, 50),
        "p95": percentile_text(service, 95),
        "p99": percentile_text(service, 99),
    }
