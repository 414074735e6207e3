"""One operation of `traffic`, as data that became a call: its request with the values of this call, and its judge."""

import random
import re
from typing import Any, Dict, Mapping, Optional, Sequence

from expectation import Judge, judge_of
from mcp_result import McpResult
from parallel import Request
from refusal import Refusal
from traffic_places import value_at
from traffic_values import CallValues, Saved, as_text

Json = Dict[str, Any]

_LISTS = {
    "tools": "tools/list",
    "resources": "resources/list",
    "templates": "resources/templates/list",
    "prompts": "prompts/list",
}


class TrafficOperation:
    """
    :ivar tool: name of the tool that it calls, if it calls one
    :ivar is_made: its arguments are made from the tool's schema
    :ivar times: how many of it
    :raises Refusal: when a pattern is none
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._does: str = data["does"]
        self._of = data["of"]
        self._arguments = data["arguments"]
        self._name: Optional[str] = data["name"]
        self._timeout_s = data["timeoutMs"] and data["timeoutMs"] / 1000
        self._needs = [(need["at"], need["matches"]) for need in data["needs"]]
        expect = data["expect"]
        is_echo = isinstance(expect, dict)
        self._echoed: Optional[str] = expect["argument"] if is_echo else None
        fixed = (judge_of(None if is_echo else expect), judge_of(_pattern(data["matches"])))
        self._judges = [judge for judge in fixed if judge]
        for _, matches in self._needs:
            _pattern(matches)
        self.times: int = data["times"]
        self.tool: Optional[str] = self._of if self._does == "call" else None
        self.is_made = self.tool is not None and self._arguments is None

    def request(self, values: CallValues, made: Optional[Json], saved: Saved, dice: random.Random) -> Request:
        """
        :param made: the arguments from the tool's schema, when they are made from it
        :param saved: takes what later operations need of the answer
        """
        method, params = self._call(values, made)
        judges = self._judges
        if self._echoed:
            judges = [*judges, _echo(params["arguments"], self._echoed)]
        read = bool(judges or self._needs)
        judge = self._judge(judges, saved, dice) if read else None
        return Request(method, params, self._name, self._timeout_s, read, judge)

    def _call(self, values: CallValues, made: Optional[Json]) -> "tuple[str, Json]":
        if self._does == "call":
            return "tools/call", {"name": self._of, "arguments": values.make(self._arguments) if made is None else made}
        if self._does == "prompt":
            return "prompts/get", {"name": self._of, "arguments": values.make(self._arguments)}
        if self._does == "read":
            return "resources/read", {"uri": values.make(self._of)}
        return _LISTS.get(self._of, "ping"), {}

    def _judge(self, judges: Sequence[Judge], saved: Saved, dice: random.Random) -> Judge:
        """
        What later steps need is taken out of the answer here: an answer that lacks it is this call's failure, and of a
        long one nothing else is kept.
        """

        def judge(result: McpResult) -> Optional[str]:
            for one in judges:
                complaint = one(result)
                if complaint:
                    return complaint
            try:
                for at, matches in self._needs:
                    saved[at, matches] = value_at(result, at, matches, dice)
            except LookupError as error:
                return str(error)
            except RecursionError:
                return "the answer is nested too deeply to be looked into"
            return None

        return judge


def _echo(arguments: Any, name: str) -> Judge:
    """The answer must hold what this very call asked for."""
    if not isinstance(arguments, dict) or name not in arguments:
        return lambda _result: f"the call had no argument {name!r} to expect in its answer"
    text = as_text(arguments[name])
    return lambda result: None if text in result else f"the call's own {name!r} is not in its answer"


def _pattern(text: Optional[str]) -> "Optional[re.Pattern[str]]":
    try:
        return None if text is None else re.compile(text)
    except re.error as error:
        raise Refusal(f"The pattern {text!r} of `matches` in traffic is none: {error}.") from error
