"""How busy this Locust process is: what it uses of its core, how long it waits for it, how late its greenlets wake."""

import time
from typing import Dict, List, Optional

import gevent

PROBE_S = 0.02


class ProcessLoad:
    """
    Measures since the last reading. A small greenlet sleeps and looks how late it wakes: that is what every user's
    greenlet waits, too. Fifty times a second cost a thousandth of a core.
    """

    def __init__(self, schedstat: str = "/proc/self/schedstat") -> None:
        self._schedstat = schedstat
        self._late_s: List[float] = []
        self._cpu_s, self._at_s, self._waited_ns = time.process_time(), time.monotonic(), self._read_waited_ns()
        self._probe = gevent.spawn(self._probe_for_ever)

    def read(self) -> Dict[str, float]:
        """:returns: fields of the link's ``users`` line; what the system does not tell is absent"""
        cpu_before, at_before, waited_before = self._cpu_s, self._at_s, self._waited_ns
        self._cpu_s, self._at_s, self._waited_ns = time.process_time(), time.monotonic(), self._read_waited_ns()
        span_s = max(self._at_s - at_before, 1e-6)
        fields = {"locustCpu": round((self._cpu_s - cpu_before) / span_s, 3)}
        if self._waited_ns is not None and waited_before is not None:
            fields["locustWaited"] = round(min(1.0, (self._waited_ns - waited_before) / 1e9 / span_s), 3)
        late_s, self._late_s = sorted(self._late_s), []
        if late_s:
            fields["locustLateMs"] = round(late_s[int(len(late_s) * 0.9)] * 1000, 3)
        return fields

    def stop(self) -> None:
        self._probe.kill(block=False)

    def _probe_for_ever(self) -> None:
        while True:
            before = time.monotonic()
            gevent.sleep(PROBE_S)
            self._late_s.append(max(0.0, time.monotonic() - before - PROBE_S))

    def _read_waited_ns(self) -> Optional[int]:
        """Of the main thread, in which all greenlets run: the second number of Linux's schedstat."""
        try:
            with open(self._schedstat, encoding="ascii") as file:
                return int(file.read().split()[1])
        except (OSError, ValueError, IndexError):
            # Not Linux, or a kernel that does not count it.
            return None
