"""Numbers for the users of each server in this process, from 0: by it a user gets one of several identities."""

from heapq import heappop, heappush
from typing import List


class UserNumbers:
    """
    Whoever leaves gives its number back, and the lowest free one is given next: as many numbers are in use as there are
    users, so that users who come and go, in one run or in the next, do not use up the identities.
    """

    def __init__(self) -> None:
        self._free: List[int] = []
        self._made = 0

    def take(self) -> int:
        if self._free:
            return heappop(self._free)
        self._made += 1
        return self._made - 1

    def give_back(self, number: int) -> None:
        heappush(self._free, number)
