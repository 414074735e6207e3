"""
Python's own plain count of ended operations, and of what auth did. It stays exact when a bridge is killed, and holds no
times.
"""

from typing import Dict

Counts = Dict[str, Dict[str, int]]


class Tally:
    """Counts by name in the statistics and outcome (``ok`` or a reason)."""

    def __init__(self) -> None:
        self.counts: Counts = {}

    def count(self, name: str, outcome: str, times: int = 1) -> None:
        try:
            self.counts[name][outcome] += times
        except KeyError:
            if times:
                self.counts.setdefault(name, {})[outcome] = times

    def move(self, name: str, old: str, new: str) -> None:
        """A judgement that came after the end: the operation stays one operation."""
        outcomes = self.counts[name]
        outcomes[old] -= 1
        if outcomes[old] == 0:
            del outcomes[old]
        self.count(name, new)

    def clear(self) -> None:
        self.counts = {}
