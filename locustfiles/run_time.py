"""
How long a run is meant to last. Locust's options hold the value of `locust.conf`, or of an earlier start, also when
the form that started a run in the web UI had none.
"""

from typing import Optional

import flask
from locust.env import Environment


class RunTime:
    """To be created before the web UI answers its first request (at `init`): it reads the form along with Locust."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._was_given = True
        app = environment.web_ui.app if environment.web_ui else None
        if app:
            app.before_request(self._hear)

    @property
    def seconds(self) -> Optional[int]:
        """None for a run that goes on until somebody stops it, or until its load shape ends: Locust times no shape."""
        if not self._was_given or self._environment.shape_class:
            return None
        return getattr(self._environment.parsed_options, "run_time", None)

    def _hear(self) -> None:
        if flask.request.method == "POST" and flask.request.path.endswith("/swarm"):
            self._was_given = bool(flask.request.form.get("run_time"))
