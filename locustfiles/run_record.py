"""Finishes the record of a run, once all its parts are written, and tells the user where it is."""

import logging
import os
import sys
from typing import Any, Dict, List, Optional

from locust.env import Environment

from bridge_tool import finish
from request_event import REQUEST_TYPE
from tally import Counts

LocustCounts = Dict[str, List[int]]

logger = logging.getLogger("swarmbridge")


class RunRecord:
    """
    :param folder: of the record, as the bridge named it
    """

    def __init__(self, environment: Environment, command: List[str], folder: str) -> None:
        self.folder = folder
        self._environment = environment
        self._command = command
        self._is_finished = False

    def finish(self, counts: LocustCounts, tally: Optional[Counts] = None) -> None:
        """
        Headless, the summary is printed, after Locust's own tables; with the web UI, one line says where the record is.

        :param counts: what Locust counted; to be taken before Locust prints its JSON, which empties its statistics
        :param tally: Python's count, when there was no bridge left to write it down
        """
        if self._is_finished:
            return
        self._is_finished = True
        facts: Dict[str, Any] = {"locust": counts}
        if tally is not None:
            facts["tally"] = tally
        options = self._environment.parsed_options
        if self._environment.web_ui:
            finish(self._command, self.folder, facts, None)
            logger.info("The record of the run lies in %s.", os.path.relpath(self.folder))
            return
        sys.stdout.flush()
        # With --json the standard output is Locust's JSON and nothing else.
        finish(self._command, self.folder, facts, sys.stderr if getattr(options, "json", False) else sys.stdout)


def locust_counts(environment: Environment) -> LocustCounts:
    """Requests and failures by name, as Locust counted them."""
    entries = environment.stats.entries.items()
    return {name: [one.num_requests, one.num_failures] for (name, kind), one in entries if kind == REQUEST_TYPE}
