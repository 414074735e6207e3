"""Places in an answer: ``found/structured/results/0/url``, as `$result` of `traffic` names them (docs/traffic.md)."""

import json
import random
import re
from typing import Any, Callable, Dict, List, Optional

from mcp_result import McpResult

# A pattern is the user's, the text a server's: both together may take long.
_MOST_SEARCHED = 1_000_000


def _parsed(result: McpResult) -> Any:
    try:
        return json.loads(result.text)
    except ValueError:
        raise LookupError("its text is no JSON") from None


_ROOTS: Dict[str, Callable[[McpResult], Any]] = {
    "text": lambda result: result.text,
    "structured": lambda result: result.structured,
    "json": _parsed,
    "raw": lambda result: result.raw,
}


def value_at(result: McpResult, place: str, matches: Optional[str], dice: random.Random) -> Any:
    """
    :param place: the name it was saved under, one of the roots, and a JSON pointer; ``*`` takes any item of a list
    :param matches: what of the text there is meant: the pattern's first group, or all that it finds
    :raises LookupError: when the answer has no such place; says which
    """
    _, root, *pointer = place.split("/")
    try:
        value = at_pointer(_ROOTS[root](result), pointer, dice)
    except LookupError as error:
        raise LookupError(f"the answer has nothing at {place}: {error}") from None
    if matches is None:
        return value
    found = re.search(matches, str(value)[:_MOST_SEARCHED])
    if not found:
        raise LookupError(f"nothing at {place} matches {matches!r}")
    return found[1] if found.re.groups else found[0]


def at_pointer(value: Any, pointer: List[str], dice: random.Random) -> Any:
    """
    :param pointer: the parts of a JSON pointer (RFC 6901)
    :raises LookupError: when a part leads nowhere
    """
    for part in pointer:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            value = _item(value, name, dice)
        elif isinstance(value, dict) and name in value:
            value = value[name]
        else:
            raise LookupError(f"there is no {part!r}")
    return value


def _item(items: List[Any], name: str, dice: random.Random) -> Any:
    if name == "*" and items:
        return dice.choice(items)
    if re.fullmatch("[0-9]{1,9}", name) and int(name) < len(items):
        return items[int(name)]
    raise LookupError(f"a list of {len(items)} has no {name!r}")
