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

    def count(self, name: str, outcome: str) -> None:
        try:
            self.counts[name][outcome] += 1
        except KeyError:
            self.counts.setdefault(name, {})[outcome] = 1

    def move(self, name: str, old: str, new: str) -> None:
        """A judgement that came after the end: the operation stays one operation."""
        outcomes = self.counts[name]
        outcomes[old] -= 1
        if outcomes[old] == 0:
            del outcomes[old]
        self.count(name, new)

    def clear(self) -> None:
        self.counts = {}
