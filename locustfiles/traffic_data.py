"""The data that a server's `traffic` draws from, shared by its users in this process: files, and lists in order."""

from itertools import chain, cycle
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple

from feeders import feed_json_lines, feed_lines, feed_rows
from refusal import Refusal

Feed = Tuple[str, str, bool]

_FEEDERS: Dict[str, Callable[..., Iterator[Any]]] = {
    "$lines": feed_lines,
    "$rows": feed_rows,
    "$jsonLines": feed_json_lines,
}


class TrafficData:
    """
    :param folder: that file names are relative to: the one of loadtest.yaml
    :param templates: everything that values are made from; each file in it is read at once
    :raises Refusal: when a file cannot be read, or is empty
    """

    def __init__(self, folder: str, seed: int, templates: Any) -> None:
        self._folder = Path(folder)
        self._seed = seed
        self._feeds: Dict[Feed, Iterator[Any]] = {}
        self._lists: Dict[int, Iterator[Any]] = {}
        self._read_files(templates)

    def next_row(self, key: str, name: str, shuffle: bool) -> Any:
        return next(self._feeds[key, name, shuffle])

    def next_of(self, items: List[Any]) -> Any:
        """The next item of this very list; the templates live as long as this does."""
        return next(self._lists.setdefault(id(items), cycle(items)))

    def _read_files(self, template: Any) -> None:
        if isinstance(template, list):
            for item in template:
                self._read_files(item)
        if not isinstance(template, dict) or "$literal" in template:
            return
        for key, value in template.items():
            if key in _FEEDERS:
                feed = (key, value, bool(template.get("shuffle")))
                if feed not in self._feeds:
                    self._feeds[feed] = _FEEDERS[key](self._folder / value, feed[2], self._seed)
                if "column" in template:
                    self._check_column(feed, template["column"])
            else:
                self._read_files(value)

    def _check_column(self, feed: Feed, column: str) -> None:
        first = next(self._feeds[feed])
        self._feeds[feed] = chain([first], self._feeds[feed])
        if column not in first:
            raise Refusal(f"{feed[1]} has no column {column!r}; it has {', '.join(map(str, first))}.")
