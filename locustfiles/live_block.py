"""
A few lines at the bottom of a terminal that are drawn again and again, with everything else above them. It changes no
mode of the terminal: whatever ends the process, there is nothing to be set back.
"""

import logging
import sys
from typing import IO, Any, Dict, Iterable, List

_TO_START = "\r"
_UP = "\x1b[{}A"
_CLEAR_BELOW = "\x1b[J"
_CLEAR_REST = "\x1b[K"


class LiveBlock:
    def __init__(self, out: IO[str]) -> None:
        self._out = out
        self._drawn = 0
        self._is_amid_a_line = False
        self._filter = _Clearing(self)
        self._handlers: List[logging.Handler] = []
        self._above: Dict[str, _Above] = {}

    def start(self) -> None:
        """From now on a line of a log, or of a `print`, or of whoever writes to `sys.stderr`, goes above the block."""
        loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
        self._handlers = [handler for logger in loggers for handler in logger.handlers]
        for handler in self._handlers:
            handler.addFilter(self._filter)
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if stream is self._out or stream.isatty():
                self._above[name] = _Above(stream, self)
                setattr(sys, name, self._above[name])

    def draw(self, lines: List[str]) -> None:
        if self._is_amid_a_line:
            self._write("\n")
            self._is_amid_a_line = False
        self._write(self._back() + "\n".join(line + _CLEAR_REST for line in lines) + _CLEAR_BELOW)
        self._drawn = len(lines)

    def clear(self) -> None:
        """The next `draw` brings it back."""
        if self._drawn:
            self._write(self._back() + _CLEAR_BELOW)
            self._drawn = 0

    def has_written(self, ended_a_line: bool) -> None:
        """Somebody else: a line that is not finished is not drawn over."""
        self._is_amid_a_line = not ended_a_line

    def stop(self) -> None:
        self.clear()
        for handler in self._handlers:
            handler.removeFilter(self._filter)
        self._handlers = []
        for name, above in self._above.items():
            if getattr(sys, name) is above:
                setattr(sys, name, above.stream)
        self._above = {}

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
    """The standard output or error, text or bytes, for everybody but the block."""

    def __init__(self, stream: Any, block: LiveBlock) -> None:
        self.stream = stream
        self._block = block

    def write(self, text: Any) -> int:
        self._block.clear()
        count = self.stream.write(text)
        if len(text):
            ended_a_line = text[-1:] in ("\n", b"\n")
            self._block.has_written(ended_a_line)
            if not ended_a_line:
                self.stream.flush()
        return count

    def writelines(self, lines: Iterable[Any]) -> None:
        for line in lines:
            self.write(line)

    @property
    def buffer(self) -> "_Above":
        return _Above(self.stream.buffer, self._block)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)
