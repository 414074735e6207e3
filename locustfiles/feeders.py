"""Endless test data from a file beside the locustfile: lines of text, CSV rows, JSON lines."""

import csv
import json
import random
import sys
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, TypeVar

from refusal import Refusal, end_process

Item = TypeVar("Item")


def lines(name: str, shuffle: bool = False, seed: Optional[int] = None) -> Iterator[str]:
    """Each line that is neither empty nor begins with ``#``, over and over; users that hold one iterator share it."""
    return _feed(name, feed_lines, shuffle, seed)


def rows(name: str, shuffle: bool = False, seed: Optional[int] = None) -> Iterator[Dict[str, str]]:
    """Each row of a CSV file with a head line, as a dict."""
    return _feed(name, feed_rows, shuffle, seed)


def json_lines(name: str, shuffle: bool = False, seed: Optional[int] = None) -> Iterator[Any]:
    """Each line parsed as JSON."""
    return _feed(name, feed_json_lines, shuffle, seed)


def feed_lines(path: Path, shuffle: bool, seed: Optional[int]) -> Iterator[str]:
    """
    `lines` for who knows where the file is, as the two below.

    :raises Refusal: when the file cannot be read, or holds nothing
    """
    return _open(path, lambda text: [line.strip() for line in text.splitlines() if _is_data(line)], shuffle, seed)


def feed_rows(path: Path, shuffle: bool, seed: Optional[int]) -> Iterator[Dict[str, str]]:
    return _open(path, lambda text: list(csv.DictReader(text.splitlines())), shuffle, seed)


def feed_json_lines(path: Path, shuffle: bool, seed: Optional[int]) -> Iterator[Any]:
    return _open(path, _parse_json_lines, shuffle, seed)


def _feed(
    name: str, feed: "Callable[[Path, bool, Optional[int]], Iterator[Item]]", shuffle: bool, seed: Optional[int]
) -> Iterator[Item]:
    """
    :param name: relative to the file of the caller, so that it is found from every working folder and on an engine
    :param shuffle: a new order in each round; with `seed` the same orders in each run
    """
    # Two frames up: the locustfile that calls `lines`, `rows` or `json_lines`.
    locustfile = sys._getframe(2).f_globals.get("__file__", "")
    try:
        return feed(Path(locustfile).resolve().parent / name, shuffle, seed)
    except Refusal as refusal:
        end_process(refusal)


def _open(path: Path, parse: Callable[[str], List[Item]], shuffle: bool, seed: Optional[int]) -> Iterator[Item]:
    try:
        items = parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Refusal(f"The data file {path} cannot be read: {error}.") from error
    except _BadLine as bad:
        raise Refusal(f"The data file {path} is no JSON in line {bad.number}.") from bad
    if not items:
        raise Refusal(f"The data file {path} is empty.")
    return _rounds(items, random.Random(seed) if shuffle else None)


def _rounds(items: List[Item], dice: Optional[random.Random]) -> Iterator[Item]:
    while True:
        if dice:
            dice.shuffle(items)
        yield from items


class _BadLine(Exception):
    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _parse_json_lines(text: str) -> List[Any]:
    items = []
    for number, line in enumerate(text.splitlines(), start=1):
        if _is_data(line):
            try:
                items.append(json.loads(line))
            except ValueError:
                raise _BadLine(number) from None
    return items


def _is_data(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
