"""Locust's own tables of statistics, silent where whoever started Locust shows a progress line and our summary."""

import logging
import os
from typing import Mapping


def install(environ: Mapping[str, str] = os.environ) -> None:
    """
    SWARMBRIDGE_QUIET=1 silences the tables and nothing else: how much Locust tells otherwise is its ``--loglevel``. To
    be called when Locust has set up its loggers, which would undo it.
    """
    if environ.get("SWARMBRIDGE_QUIET") == "1":
        logging.getLogger("locust.stats_logger").disabled = True
