"""
Ctrl-C at a moment of gevent's choosing. Python raises KeyboardInterrupt in whatever greenlet happens to run: in the one
that writes to the bridge, which ends the link, or between two counts of one operation. Locust treats SIGTERM like this
already.
"""

import signal

import gevent


def defer() -> None:
    """Leaves a SIGINT that is ignored, or handled by somebody else, as it is."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        gevent.signal_handler(signal.SIGINT, _interrupt)


def _interrupt() -> None:
    """To the main greenlet, where Locust waits for it. Raised here, it would print gevent's traceback on its way."""
    gevent.get_hub().handle_system_error(KeyboardInterrupt, KeyboardInterrupt())
