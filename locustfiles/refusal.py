"""What ends a run before it begins: a wrong input or a missing part, said in one sentence, with its exit code."""

import logging
import sys
from typing import NoReturn

WRONG_INPUT = 3
UNREACHABLE = 4

logger = logging.getLogger("swarmbridge")


class Refusal(Exception):
    """
    The message is one sentence for the user that says what to type (or several lines for several faults).

    :ivar exit_code: 3 the input is wrong or something is missing, 4 the target refused or could not be reached
    :ivar code: the bridge's word for it, when it was the bridge that refused
    """

    def __init__(self, sentence: str, exit_code: int = WRONG_INPUT, code: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.exit_code = exit_code


def end_process(refusal: Refusal) -> NoReturn:
    """Says it and exits. SystemExit passes through Locust's event hooks, which swallow every other exception."""
    logger.error("%s", refusal)
    sys.exit(refusal.exit_code)
