"""
Names in the statistics, ``server:method[:target]``, for operations whose end never came. The bridge names all others;
this follows its rule.
"""

import re
from functools import lru_cache
from typing import Any, Mapping, Optional

MAX_TARGET = 120


def statistics_name(server: str, method: str, params: Mapping[str, Any], given: Optional[str] = None) -> str:
    return _joined(server, method, given or _target(method, params))


# Asked for with every call, and hardly ever needed.
@lru_cache(maxsize=4096)
def _joined(server: str, method: str, target: Optional[str]) -> str:
    return f"{server}:{method}:{plain(target)}" if target else f"{server}:{method}"


def _target(method: str, params: Mapping[str, Any]) -> Optional[str]:
    if method in ("tools/call", "prompts/get"):
        return params.get("name")
    if method in ("resources/read", "resources/subscribe", "resources/unsubscribe"):
        return _scheme(params.get("uri"))
    if method == "completion/complete":
        ref = params.get("ref", {})
        return ref.get("name") or _scheme(ref.get("uri"))
    return None


def _scheme(uri: Any) -> Optional[str]:
    """Never a whole URI: that would make one row a call."""
    found = re.match(r"([a-z][a-z0-9+.-]*):", uri, re.IGNORECASE) if isinstance(uri, str) else None
    return found.group(1).lower() if found else None


def plain(target: str) -> str:
    """Control characters would forge rows in a terminal or a CSV file."""
    return "".join(letter if letter.isprintable() else "?" for letter in target)[:MAX_TARGET]
