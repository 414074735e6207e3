"""
What a headless run shows while it goes on: Locust's own tables, or (``--swarm-console live``) a few lines that renew
themselves, or a line every ten seconds.
"""

import logging
import os
import shutil
import sys
from typing import Any, Mapping, Optional

import gevent
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment

from live_block import LiveBlock
from live_text import Size, block, log_line
from lookout import Lookout

LOCUST, LIVE, LINES = "locust", "live", "lines"
LIVE_EVERY_S = 1.0
LINES_EVERY_S = 10.0


def add_option(parser: LocustArgumentParser, **_: Any) -> None:
    parser.add_argument(
        "--swarm-console",
        choices=[LOCUST, LIVE, LINES],
        env_var="SWARMBRIDGE_CONSOLE",
        default=LOCUST,
        include_in_web_ui=False,
        help="What a headless run shows while it goes on: Locust's tables (locust, the default), a table that renews "
        "itself on a terminal and a line every 10 s elsewhere (live), or those lines everywhere (lines).",
    )


def install(environment: Environment, lookout: Lookout) -> None:
    """To be called when Locust has set up its loggers."""
    options = environment.parsed_options
    wanted = getattr(options, "swarm_console", LOCUST)
    if wanted == LOCUST or not getattr(options, "headless", False):
        return
    logging.getLogger("locust.stats_logger").disabled = True
    # With --json the standard output is Locust's JSON and nothing else.
    out = sys.stderr if getattr(options, "json", False) else sys.stdout
    console = Live(lookout, out) if wanted == LIVE and can_redraw(out) else Lines(lookout, out)
    environment.events.test_start.add_listener(lambda **_: console.start())
    environment.events.test_stop.add_listener(lambda **_: console.stop())


def can_redraw(out: Any, environ: Mapping[str, str] = os.environ) -> bool:
    """A log of CI may look like a terminal, and nobody reads a line in it a hundred times."""
    return out.isatty() and environ.get("TERM") != "dumb" and not environ.get("CI")


class Lines:
    """A line now and then, for a log."""

    every_s = LINES_EVERY_S

    def __init__(self, lookout: Lookout, out: Any) -> None:
        self._lookout = lookout
        self._out = out
        self._ticker: Optional[gevent.Greenlet] = None

    def start(self) -> None:
        self.stop()
        self._ticker = gevent.spawn(self._tick)

    def stop(self) -> None:
        if self._ticker:
            self._ticker.kill()
            self._ticker = None

    def show(self) -> None:
        print(log_line(self._lookout.view()), file=self._out, flush=True)

    def _tick(self) -> None:
        while True:
            gevent.sleep(self.every_s)
            self.show()


class Live(Lines):
    """The same and a table, drawn over itself."""

    every_s = LIVE_EVERY_S

    def __init__(self, lookout: Lookout, out: Any) -> None:
        super().__init__(lookout, out)
        self._block = LiveBlock(out)
        self._is_coloured = not os.environ.get("NO_COLOR")

    def start(self) -> None:
        super().start()
        self._block.start()

    def stop(self) -> None:
        super().stop()
        self._block.stop()

    def show(self) -> None:
        columns, lines = shutil.get_terminal_size()
        self._block.draw(block(self._lookout.view(), Size(columns, lines), self._is_coloured))
