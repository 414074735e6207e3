"""Tells Locust how an operation ended: one request event for one operation, with the bridge's time."""

import time
from typing import Optional

from locust import User

from mcp_errors import McpError
from operation import Operation

REQUEST_TYPE = "MCP"


def fire(user: User, operation: Operation, error: Optional[McpError]) -> None:
    """
    The time is the service time, and of a user under an arrival rate the response time: there the difference is the
    queue. Where nothing reached a socket, it is the time until the failure: Locust below 2.46.2 gets percentiles wrong,
    and its OpenTelemetry listener fails, when a request has no time at all.

    The context holds, besides the user's own: ``reason`` (None for a success), ``code``, ``service_ms`` (None where
    nothing reached a socket), ``response_ms``, ``first_event_ms``, ``harness_ms``, what this process and the link added
    to the service time (with the queue, under an arrival rate), and ``repeated``, whether it was sent once more because
    the server refused the credential.
    """
    end = operation.end
    response_ms = end["responseMs"]
    service_ms = end.get("serviceMs", response_ms)
    user.environment.events.request.fire(
        request_type=REQUEST_TYPE,
        name=end["name"],
        response_time=response_ms if getattr(user, "has_arrivals", False) else service_ms,
        response_length=end["bytes"],
        exception=error,
        start_time=operation.intended_epoch,
        context={
            **user.context(),
            "reason": error.reason if error else None,
            "code": end.get("code"),
            "service_ms": end.get("serviceMs"),
            "response_ms": response_ms,
            "first_event_ms": end.get("firstEventMs"),
            "repeated": end.get("repeated", False),
            "harness_ms": (time.monotonic() - operation.intended) * 1000 - service_ms,
        },
    )


def correct(user: User, name: str, error: McpError) -> None:
    """
    A success that was reported already turns out to be a failure. The request event cannot be taken back, but Locust's
    statistics can be set right: one failure more, the number of requests unchanged. A worker sends the correction to
    its master with its next report.
    """
    user.environment.stats.log_error(REQUEST_TYPE, name, error)
