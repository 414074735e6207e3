"""What a test expects of an answer, in the three forms that `expect=` takes."""

import re
from typing import Callable, Optional, Pattern, Union

from mcp_result import McpResult

Expectation = Union[str, Pattern[str], Callable[[McpResult], object]]
Judge = Callable[[McpResult], Optional[str]]


def judge_of(expectation: Optional[Expectation]) -> Optional[Judge]:
    """
    :param expectation: a text that the answer holds, a compiled pattern that is found in it, or a function of the
        result that returns something true. A function that stumbles over the answer has not found it either.
    :returns: a function that says what is wrong, or None when nothing is
    """
    if expectation is None:
        return None
    if isinstance(expectation, str):
        text = expectation
        return lambda result: None if text in result else f"the text {text!r} is missing"
    if isinstance(expectation, re.Pattern):
        pattern = expectation
        return lambda result: None if pattern.search(result.text) else f"nothing matches {pattern.pattern!r}"
    condition = expectation

    def judge(result: McpResult) -> Optional[str]:
        name = getattr(condition, "__name__", type(condition).__name__)
        try:
            return None if condition(result) else f"{name} said no"
        except Exception as error:
            return f"{name} failed with {type(error).__name__}: {error}"

    return judge
