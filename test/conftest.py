"""Options of every pytest run of the project."""

from typing import List

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lane", default="1/1", help="run this share of the files: 1/2 and 2/2 are all of them")


def pytest_collection_modifyitems(config: pytest.Config, items: List[pytest.Item]) -> None:
    """
    Files go to the lanes in turn, in the order of their names: one stays whole, as its tests share servers.

    :raises pytest.UsageError: for a lane that is none
    """
    lane, lanes = _lane(str(config.getoption("--lane")))
    files = sorted({item.path for item in items})
    mine = {path for index, path in enumerate(files) if index % lanes == lane - 1}
    config.hook.pytest_deselected(items=[item for item in items if item.path not in mine])
    items[:] = [item for item in items if item.path in mine]


def _lane(text: str) -> "tuple[int, int]":
    lane, _, lanes = text.partition("/")
    if not (lane.isdigit() and lanes.isdigit() and 1 <= int(lane) <= int(lanes)):
        raise pytest.UsageError(f"--lane {text}: a number, a slash, and how many there are, such as 1/2")
    return int(lane), int(lanes)
