"""
A few lines at the bottom of a terminal that are drawn again and again, with everything else above them. It changes no
mode of the terminal: whatever ends the process, there is nothing to be set back.
"""

import logging
import sys
from typing import IO, Any, List

_TO_START = "\r"
_UP = "\x1b[{}A"
_CLEAR_BELOW = "\x1b[J"
_CLEAR_REST = "\x1b[K"


class LiveBlock:
    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._drawn = 0
        self._filter = _Clearing(self)
        self._handlers: List[logging.Handler] = []
        self._stdout = sys.stdout

    def start(self) -> None:
        """From now on a line of a log, or of a `print`, goes above the block."""
        loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
        self._handlers = [handler for logger in loggers for handler in logger.handlers]
        for handler in self._handlers:
            handler.addFilter(self._filter)
        self._stdout = sys.stdout
        sys.stdout = _Above(self._stdout, self)  # pyright: ignore[reportAttributeAccessIssue]

    def draw(self, lines: List[str]) -> None:
        self._write(self._back() + "\n".join(line + _CLEAR_REST for line in lines) + _CLEAR_BELOW)
        self._drawn = len(lines)

    def clear(self) -> None:
        """The next `draw` brings it back."""
        if self._drawn:
            self._write(self._back() + _CLEAR_BELOW)
            self._drawn = 0

    def stop(self) -> None:
        self.clear()
        for handler in self._handlers:
            handler.removeFilter(self._filter)
        self._handlers = []
        if isinstance(sys.stdout, _Above):
            sys.stdout = self._stdout

    def _back(self) -> str:
        return _TO_START + (_UP.format(self._drawn - 1) if self._drawn > 1 else "")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


class _Clearing(logging.Filter):
    """Lets everything pass, and makes room for it."""

    def __init__(self, block: LiveBlock) -> None:
        super().__init__()
        self._block = block

    def filter(self, record: logging.LogRecord) -> bool:
        self._block.clear()
        return True


class _Above:
    """The standard output, for everybody but the block."""

    def __init__(self, out: IO[str], block: LiveBlock) -> None:
        self._out = out
        self._block = block

    def write(self, text: str) -> int:
        self._block.clear()
        return self._out.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)
