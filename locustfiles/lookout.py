"""What there is to see of a run while it goes on: worked out when somebody looks, and once a second at most."""

import time
from typing import Any, Callable, Dict, List, NamedTuple, Optional

import gevent

from live_figures import Figures, added, counts_of, merged, percentile_text

FRESH_S = 0.9
# Whoever looks after a pause waits for new figures instead of seeing how it was, unless a bridge does not answer.
PAUSE_S = 5.0
WAIT_S = 1.0
# Above what a busy bridge may need for an answer.
SILENCE_S = 3.0
MOST_NAMES = 60

View = Dict[str, Any]


class Answers(NamedTuple):
    """
    :ivar silent_since: when the first of those who have not answered since was asked (monotonic), if there is one
    """

    lines: List[Figures]
    silent_since: Optional[float]


class Lookout:
    """
    :param ask: every bridge of the run for its figures; may wait a moment
    """

    def __init__(self, ask: Callable[[], Answers]) -> None:
        self._ask = ask
        self._run: Optional[str] = None
        self._run_time_s: Optional[float] = None
        self._began = 0.0
        self._ended: Optional[float] = None
        self._figures: Optional[Figures] = None
        self._asked = self._taken = 0.0
        self._silent_since: Optional[float] = None
        self._operations = 0
        self._per_second = 0.0
        self._looking: Optional[gevent.Greenlet] = None
        self._is_worth_waiting = False

    def begin(self, run: Optional[str], run_time_s: Optional[float]) -> None:
        self._run, self._run_time_s = run, run_time_s
        self._began, self._ended = time.monotonic(), None
        self._figures, self._silent_since = None, None
        self._asked = self._taken = self._began
        self._operations, self._per_second = 0, 0.0

    def end(self) -> None:
        """The last figures stay to be seen."""
        self._ended = self._ended or time.monotonic()

    def look(self) -> None:
        """Only where somebody has looked before: at the end of a run nobody waits for figures that nobody wants."""
        if self._figures:
            self._renew()

    def conclude(self, lines: List[Figures]) -> None:
        """What came with the ends of those who were asked."""
        if self._figures and lines:
            self._take(merged(lines))

    def view(self) -> View:
        """After a pause it waits a moment for new figures."""
        self._start_renewal()
        if self._looking and self._is_worth_waiting:
            self._looking.join(WAIT_S)
        return self._view(self._figures)

    def glance(self) -> View:
        """What there is, for somebody who cannot wait; the next look has more."""
        self._start_renewal()
        return self._view(self._figures)

    def _start_renewal(self) -> None:
        if not self._run or self._ended or self._looking:
            return
        age_s = time.monotonic() - self._asked
        if age_s >= FRESH_S:
            self._is_worth_waiting = not self._figures or age_s >= PAUSE_S
            self._looking = gevent.spawn(self._renew)

    def _renew(self) -> None:
        try:
            run, self._asked = self._run, time.monotonic()
            lines, silent_since = self._ask()
            if run == self._run:
                self._silent_since = silent_since
                if lines:
                    self._take(merged(lines))
        finally:
            self._looking = None

    def _take(self, figures: Figures) -> None:
        now = time.monotonic()
        operations = sum(counts_of(one["counts"])[0] for one in figures["names"].values())
        if now - self._taken >= FRESH_S / 2:
            self._per_second = max(0, operations - self._operations) / (now - self._taken)
            self._operations, self._taken = operations, now
        self._figures = figures

    def _view(self, figures: Optional[Figures]) -> View:
        state = "none" if not self._run else "ended" if self._ended else "running"
        silence = self._silence() if state == "running" else None
        per_second = self._per_second if state == "running" else 0.0
        return {
            "state": state,
            "run": self._run,
            "elapsedS": round((self._ended or time.monotonic()) - self._began, 1) if self._run else 0,
            "runTimeS": self._run_time_s,
            "silence": silence,
            "figures": figures and _shown(figures, None if silence else per_second),
        }

    def _silence(self) -> Optional[str]:
        silent_s = time.monotonic() - self._silent_since if self._silent_since else 0.0
        if silent_s < SILENCE_S:
            return None
        return f"a bridge has not answered for {silent_s:.0f} s: its figures are as old as that"


def _shown(figures: Figures, per_second: Optional[float]) -> View:
    """
    :param per_second: None where it is not known
    """
    names = figures["names"]
    counts = [counts_of(one["counts"]) for one in names.values()]
    operations, failures = sum(all_ for all_, _ in counts), sum(failed for _, failed in counts)
    service = added([one["service"] for one in names.values()])
    return {
        "users": figures["users"],
        "inFlight": figures["inFlight"],
        "operations": operations,
        "failures": failures,
        "perSecond": None if per_second is None else round(per_second, 1),
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
