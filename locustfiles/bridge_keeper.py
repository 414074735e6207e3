"""Keeps one bridge running for this process: starts it, replaces it when it was lost, ends it."""

import logging
import time
from collections import defaultdict
from itertools import count
from pathlib import Path
from typing import Any, Callable, DefaultDict, Dict, List, Mapping, Optional

import gevent
from gevent.event import Event

from bridge_link import BridgeLink, LinkEnded
from bridge_process import spawn
from refusal import Refusal
from tally import Tally
from user_numbers import UserNumbers

MAX_RESTARTS = 5
RESTART_WINDOW_S = 60.0
MAX_BACK_OFF_S = 4.0

logger = logging.getLogger("swarmbridge")


class BridgeKeeper:
    """
    :param command: Node and the bundle
    :param hello: what this process says about itself
    :param heard_auth: called with each `auth` line of a bridge
    :param resumed: called with a new link that replaces a lost one, before anybody may use it
    :ivar link: the link that can be used right now
    :ivar session_numbers: of all sessions of this process, in all its bridges. Kept here and not in the module that
        needs them: `locust -f` of a folder executes modules twice, and two users would share a session
    :ivar burst_numbers: the same for calls at once
    :ivar user_numbers: by server
    """

    def __init__(
        self,
        command: List[str],
        hello: Mapping[str, Any],
        tally: Tally,
        heard_auth: Callable[[Mapping[str, Any]], None],
        resumed: Callable[[BridgeLink], None],
    ) -> None:
        self._command = command
        self._hello = hello
        self._tally = tally
        self._heard_auth = heard_auth
        self._resumed = resumed
        self.link: Optional[BridgeLink] = None
        self._newest: Optional[BridgeLink] = None
        self._has_link = Event()
        self._is_closing = False
        self.has_given_up = False
        self.session_numbers = count(1)
        self.burst_numbers = count(1)
        self.user_numbers: DefaultDict[str, UserNumbers] = defaultdict(UserNumbers)
        self._losses: List[float] = []

    def start(self) -> Dict[str, Any]:
        """
        :returns: the settings, as the bridge read them
        :raises Refusal: when there is no bridge to be had
        """
        link = self._newest = self._connect()
        self._offer(link)
        return link.settings

    def wait_for_link(self, limit_s: float) -> Optional[BridgeLink]:
        """The link, after a wait for a lost bridge's successor; None when the limit has passed."""
        self._has_link.wait(limit_s)
        return self.link

    def hold(self) -> None:
        """No further operation begins: the run was refused and is about to be stopped."""
        self._offer(None)

    def close(self, limit_s: float) -> None:
        self._is_closing = True
        if self._newest and self._newest.is_open:
            self._newest.quit(limit_s)

    def _offer(self, link: Optional[BridgeLink]) -> None:
        self.link = link
        if link:
            self._has_link.set()
        else:
            self._has_link.clear()

    def _connect(self) -> BridgeLink:
        link = BridgeLink(spawn(self._command), self._tally, self._heard_auth, self._lost)
        try:
            link.greet(self._hello, Path(self._command[1]))
        except Refusal:
            link.kill()
            raise
        return link

    def _lost(self, link: BridgeLink) -> None:
        if link is not self._newest or self._is_closing:
            return
        self._offer(None)
        gevent.spawn(self._replace)

    def _replace(self) -> None:
        """
        Back-off 0.25, 0.5, 1, ... s with each loss. Users wait meanwhile (bounded): failing at 0 ms would flood the
        percentiles.
        """
        while not self._is_closing:
            now = time.monotonic()
            self._losses = [at for at in self._losses if now - at < RESTART_WINDOW_S] + [now]
            if len(self._losses) > MAX_RESTARTS:
                logger.error("The bridge was lost more than %d times in a minute and stays down.", MAX_RESTARTS)
                self.has_given_up = True
                return
            back_off_s = min(0.125 * 2 ** len(self._losses), MAX_BACK_OFF_S)
            logger.warning("The bridge was lost; a new one takes its place in %g s.", back_off_s)
            gevent.sleep(back_off_s)
            link = self._successor()
            if link:
                self._newest = link
                self._offer(link)
                return

    def _successor(self) -> Optional[BridgeLink]:
        """Until it has taken the run over its end is nobody's loss: `_replace` alone tries again."""
        try:
            link = self._connect()
        except Refusal as error:
            logger.error("The bridge could not be replaced: %s", error)
            return None
        try:
            self._resumed(link)
        except (Refusal, LinkEnded) as error:
            logger.error("The bridge could not be replaced: %s", error)
            link.kill()
            return None
        if self._is_closing:
            link.kill()
            return None
        return link if link.is_open else None
