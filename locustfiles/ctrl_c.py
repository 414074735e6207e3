"""
Ctrl-C at a moment of gevent's choosing. Python raises KeyboardInterrupt in whatever greenlet happens to run: in the one
that writes to the bridge, which ends the link, or between two counts of one operation. Locust treats SIGTERM like this
already.
"""

import signal
from typing import Any, List

import gevent
from locust.env import Environment

# Of this process, the first one first.
heard: List[str] = []


def defer() -> None:
    """Leaves a SIGINT that is ignored, or handled by somebody else, as it is."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        gevent.signal_handler(signal.SIGINT, _interrupt, "Ctrl-C")


def take_sigterm(environment: Environment) -> None:
    """
    For a headless run of a load shape: Locust waits for its end before it begins to hear SIGTERM, which would end the
    process on the spot. Until the run stops it is taken as Ctrl-C.
    """
    watcher = gevent.signal_handler(signal.SIGTERM, _interrupt, "SIGTERM")

    def leave_it_to_locust(**_: Any) -> None:
        watcher.cancel()

    environment.events.test_stopping.add_listener(leave_it_to_locust)


def _interrupt(name: str) -> None:
    """To the main greenlet, where Locust waits for it. Raised here, it would print gevent's traceback on its way."""
    heard.append(name)
    gevent.get_hub().handle_system_error(KeyboardInterrupt, KeyboardInterrupt())
