"""CPU and memory of this Locust process and of the bridge that it started, if it did."""

from typing import Dict

import psutil

_LOCUST = psutil.Process()


def cpu_ms() -> Dict[str, float]:
    """User and system time so far, in milliseconds by program."""
    return {name: sum(process.cpu_times()[:2]) * 1000 for name, process in _programs().items()}


def resident_bytes() -> Dict[str, int]:
    return {name: process.memory_info().rss for name, process in _programs().items()}


def _programs() -> Dict[str, psutil.Process]:
    programs = {"locust": _LOCUST}
    for child in _LOCUST.children():
        programs["bridge"] = child
    return programs
