"""What a call may ask for besides its arguments: what becomes of its result, and to be told of progress."""

from itertools import count
from typing import Any, Dict, Mapping, Optional, Union

from expectation import Expectation

# True: the result is wanted. False: it is not. "hash": only its hash is. None: as `results` in loadtest.yaml says.
Wish = Union[bool, str, None]

_tokens = count(1)


def wish_of(read: Optional[bool], keep: Optional[str], expect: Optional[Expectation]) -> Wish:
    """
    :raises ValueError: when `keep` is nothing that there is, or the expectation needs a result that is not kept
    """
    if keep is None:
        # Who judges the result needs it, whatever loadtest.yaml says.
        return True if read is None and expect is not None else read
    if keep != "hash":
        raise ValueError(f"keep={keep!r}: it is 'hash', or left out")
    if read:
        raise ValueError("keep='hash' and read=True exclude each other: the result stays in the bridge")
    if expect is not None and not callable(expect):
        raise ValueError(
            "a text cannot be looked for in a result that stays in the bridge; expect a function of `digest`"
        )
    return keep


def tool_params(
    tool: str, arguments: Optional[Mapping[str, Any]], meta: Optional[Mapping[str, Any]], progress: bool
) -> Dict[str, Any]:
    params: Dict[str, Any] = {"name": tool, "arguments": arguments or {}}
    if progress:
        # Unique among the calls that are under way (2025-11-25, progress).
        params["_meta"] = {**(meta or {}), "progressToken": next(_tokens)}
    elif meta is not None:
        params["_meta"] = meta
    return params
