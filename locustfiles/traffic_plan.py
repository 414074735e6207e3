"""What the users of one server do, as loadtest.yaml says it: its items by weight, and what of them can be done."""

import json
import logging
import random
from collections import Counter
from itertools import accumulate
from typing import Any, Callable, List, Mapping, NamedTuple, Optional, Sequence, Set, Union

from mcp_client import McpClient
from mcp_errors import McpError
from refusal import Refusal
from statistics_name import plain
from think_time import agent_like
from tool_catalogue import ToolCatalogue
from traffic_data import TrafficData
from traffic_operation import TrafficOperation

_REDACTED = "[redacted]"

logger = logging.getLogger("swarmbridge")


class Pause(NamedTuple):
    """Seconds, least and most."""

    least: float
    most: float

    def draw(self, dice: random.Random) -> float:
        return dice.uniform(self.least, self.most)


class Step(NamedTuple):
    """
    One of the two, and the other empty.

    :ivar operations: sent at once, in the order in which they stand
    :ivar is_parallel: several of one kind, where they are not at once, come one after the other
    """

    operations: Sequence[TrafficOperation]
    is_parallel: bool = False
    pause: Optional[Pause] = None


class Item(NamedTuple):
    """:ivar made: how many sets of made arguments it takes, by tool"""

    weight: float
    turn: Optional[str]
    steps: Sequence[Step]
    made: Mapping[str, int]

    @property
    def operations(self) -> List[TrafficOperation]:
        return _operations(self.steps)


class Burst(NamedTuple):
    idle: Pause
    least: int
    most: int
    turn: Optional[str]


class NothingLeft(Exception):
    """No item of the mix can be done; why was said item by item."""


class TrafficPlan:
    """
    :param traffic: as the bridge's settings have it (docs/link-protocol.md)
    :param folder: of loadtest.yaml
    :raises Refusal: when a data file or a pattern will not do
    """

    def __init__(self, server: str, traffic: Mapping[str, Any], folder: str) -> None:
        if _REDACTED in json.dumps(traffic):
            # The bridge takes secrets out of all that it says, and it knows this one from elsewhere in the file.
            raise Refusal(f"{server}: its traffic holds a secret that is also a credential or a header: use another.")
        self.server = server
        self.has_ended = False
        self.seed: int = traffic["seed"]
        self.data = TrafficData(folder, self.seed, traffic["mix"])
        self.burst = _burst(traffic["burst"])
        self._think = _think(traffic["think"], self.seed)
        self._items = None if traffic["mix"] is None else [_item(one) for one in traffic["mix"]]
        self._needs_schemas = self._items is None or any(item.made for item in self._items)
        tools = [one.tool for item in self._items or [] for one in item.operations]
        self._needs_tools = self._needs_schemas or any(tools)
        self._catalogue = ToolCatalogue(server, traffic["allow"])
        self._unusable: Set[str] = set()
        self._usable: Optional[List[Item]] = None
        self._weights: List[float] = []
        self._has_looked = False

    def look(self, client: McpClient) -> None:
        """
        Learns which tools the server has, before the first item; of users that come at once, one asks.

        :raises McpError: when the list of tools failed (it is counted), and something cannot be done without it
        """
        if self._has_looked or not self._needs_tools:
            return
        try:
            is_news = self._catalogue.read(client)
        except McpError:
            if self._needs_schemas:
                raise
            self._has_looked = True
            return  # nothing but the warnings are lost
        self._has_looked = True
        self._usable = None
        if is_news:
            named = {one.tool for item in self._items or [] for one in item.operations if one.tool}
            made = None if self._items is None else {tool for item in self._items for tool in item.made}
            self._catalogue.warn_of(named, made)

    def pause(self, user: Any, dice: random.Random) -> float:
        """Seconds between two items; within a burst, where there are bursts."""
        return self._think.draw(dice) if isinstance(self._think, Pause) else self._think(user)

    def choose(self, dice: random.Random) -> Item:
        """:raises NothingLeft: when no item can be done"""
        if self._usable is None:
            self._usable = self._sifted()
            self._weights = list(accumulate(item.weight for item in self._usable))
        if not self._usable:
            raise NothingLeft
        return dice.choices(self._usable, cum_weights=self._weights)[0]

    def schema_of(self, tool: str) -> Any:
        return self._catalogue.schema_of(tool)

    def leave_out(self, tool: str, why: str) -> None:
        """No arguments can be made for it. Said once."""
        if tool not in self._unusable:
            self._unusable.add(tool)
            self._usable = None
            logger.warning("%s: %s is left out of its traffic: %s.", self.server, plain(tool), why)

    def _sifted(self) -> List[Item]:
        """Without what may not be called, or cannot."""
        if self._items is None:
            usable = [tool for tool in self._catalogue.callable if tool not in self._unusable]
            return [_item_of(1.0, None, [Step([TrafficOperation(_call(tool))])]) for tool in usable]
        return [item for item in self._items if item.weight and all(map(self._is_usable, item.made))]

    def _is_usable(self, tool: str) -> bool:
        return self._catalogue.may_call(tool) and tool not in self._unusable


def _item(data: Mapping[str, Any]) -> Item:
    return _item_of(data["weight"], data["turn"], [_step(step) for step in data["steps"]])


def _item_of(weight: float, turn: Optional[str], steps: Sequence[Step]) -> Item:
    made: Counter[str] = Counter()
    for one in _operations(steps):
        if one.is_made and one.tool:
            made[one.tool] += one.times
    return Item(weight, turn, steps, made)


def _operations(steps: Sequence[Step]) -> List[TrafficOperation]:
    return [operation for step in steps for operation in step.operations]


def _step(data: Mapping[str, Any]) -> Step:
    if "pause" in data:
        return Step([], pause=_pause(data["pause"]))
    operations = data["parallel"] if "parallel" in data else [data["operation"]]
    return Step([TrafficOperation(one) for one in operations], is_parallel="parallel" in data)


def _call(tool: str) -> Mapping[str, Any]:
    nothing = dict.fromkeys(("arguments", "name", "timeoutMs", "expect", "matches"))
    return {**nothing, "does": "call", "of": tool, "times": 1, "needs": []}


def _pause(data: Mapping[str, Any]) -> Pause:
    return Pause(data["fromMs"] / 1000, data["toMs"] / 1000)


def _think(data: Mapping[str, Any], seed: int) -> "Union[Pause, Callable[[Any], float]]":
    if "agent" not in data:
        return _pause(data)
    agent = data["agent"]
    return agent_like(_pause(agent["short"]), _pause(agent["long"]), agent["calls"], seed)


def _burst(data: Optional[Mapping[str, Any]]) -> Optional[Burst]:
    if data is None:
        return None
    least, most = data["items"]
    return Burst(_pause(data["idle"]), least, most, data["turn"])
