"""
Values of `traffic` that are made anew for each call: in arguments, a map with a key that begins with ``$``
(docs/traffic.md). What may stand there was checked when loadtest.yaml was read.
"""

import json
import random
from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from traffic_data import TrafficData
from traffic_places import at_pointer

Saved = Dict[Tuple[str, Optional[str]], Any]
Template = Mapping[str, Any]


class CallValues:
    """
    The values of one call. Those that come from one data file are of the same row.

    :param saved: what was taken from earlier answers, by place and pattern
    """

    def __init__(self, data: TrafficData, dice: random.Random, saved: Saved) -> None:
        self._data = data
        self._dice = dice
        self._saved = saved
        self._rows: Dict[Tuple[str, str, bool], Any] = {}

    def make(self, template: Any) -> Any:
        """The template with every made value in its place."""
        if isinstance(template, list):
            return [self.make(item) for item in template]
        if not isinstance(template, dict):
            return template
        key = maker_of(template)
        if key is None:
            return {name: self.make(item) for name, item in template.items()}
        return _MAKERS[key](self, template)

    def _pick(self, template: Template) -> Any:
        return self.make(self._dice.choice(template["$pick"]))

    def _each(self, template: Template) -> Any:
        return self.make(self._data.next_of(template["$each"]))

    def _range(self, template: Template) -> Any:
        least, most = template["$range"]
        is_whole = isinstance(least, int) and isinstance(most, int)
        return self._dice.randint(least, most) if is_whole else self._dice.uniform(least, most)

    def _lines(self, template: Template) -> Any:
        return self._row("$lines", template)

    def _rows_of_csv(self, template: Template) -> Any:
        row = self._row("$rows", template)
        return row[template["column"]] if "column" in template else row

    def _json_lines(self, template: Template) -> Any:
        row = self._row("$jsonLines", template)
        return at_pointer(row, template["at"].split("/")[1:], self._dice) if "at" in template else row

    def _row(self, key: str, template: Template) -> Any:
        feed = (key, template[key], bool(template.get("shuffle")))
        if feed not in self._rows:
            self._rows[feed] = self._data.next_row(*feed)
        return self._rows[feed]

    def _result(self, template: Template) -> Any:
        return self._saved[template["$result"], template.get("matches")]

    def _join(self, template: Template) -> str:
        return "".join(as_text(self.make(item)) for item in template["$join"])

    def _literal(self, template: Template) -> Any:
        return template["$literal"]


_MAKERS: Dict[str, Callable[[CallValues, Template], Any]] = {
    "$pick": CallValues._pick,
    "$each": CallValues._each,
    "$range": CallValues._range,
    "$lines": CallValues._lines,
    "$rows": CallValues._rows_of_csv,
    "$jsonLines": CallValues._json_lines,
    "$result": CallValues._result,
    "$join": CallValues._join,
    "$literal": CallValues._literal,
}


def maker_of(template: Any) -> Optional[str]:
    """The key that says how a value is made; None for a plain one."""
    return next((key for key in template if key.startswith("$")), None) if isinstance(template, dict) else None


def as_text(value: Any) -> str:
    """As it would stand in a text."""
    return value if isinstance(value, str) else json.dumps(value)
