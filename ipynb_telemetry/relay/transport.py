"""One POST of a batch to PostHog."""

from __future__ import annotations

import gzip
import ssl
import urllib.request
from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPException, RemoteDisconnected
from typing import Any
from urllib.error import URLError

from ..settings.destination import Destination
from .rules import Answer
from .wire import WaitingEvent, write_batch

TIMEOUT_S = 60  # of each step of a request that makes no progress
MAX_ANSWER_BYTES = 64 * 1024


class _AsItIs(urllib.request.HTTPErrorProcessor):
    """Gives every answer as it is.

    A redirect above all: followed, a POST would become a GET, whose 200 says nothing of events.
    """

    def http_response(self, request: Any, response: Any) -> Any:
        return response

    https_response = http_response


def post_batch(
    destination: Destination,
    events: Sequence[WaitingEvent],
    sent_at: str,
    timeout_s: float | None = None,
) -> Answer:
    """Send one batch, through the proxy of the environment if there is one. The call blocks.

    Args:
        destination: where to.
        events: oldest first.
        sent_at: the time of this attempt, as `to_utc` writes it.
        timeout_s: of each step that makes no progress, in seconds; None: `TIMEOUT_S`.

    Returns:
        The answer, also when none came.
    """
    request = urllib.request.Request(
        f"{destination.host}/batch/",
        gzip.compress(write_batch(destination, events, sent_at)),
        {
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
            "User-Agent": "ipynb-telemetry",
        },
    )
    try:
        # Made anew each time: the environment's proxy may have changed.
        with urllib.request.build_opener(_AsItIs).open(
            request, timeout=timeout_s or TIMEOUT_S
        ) as response:
            return Answer(
                response.status,
                words_for(response.status),
                response.headers.get("Retry-After"),
                response.read(MAX_ANSWER_BYTES),
                response.headers.get("Date"),
            )
    except (OSError, HTTPException, ValueError) as error:
        cause = error.reason if isinstance(error, URLError) else error
        return Answer(None, _why(cause), is_late=isinstance(cause, TimeoutError))


def words_for(status: int) -> str:
    """Give a status with the words of its standard, whatever the other end calls it."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _why(cause: BaseException | str) -> str:
    """Say why no answer came, in words of ours or of the operating system."""
    if isinstance(cause, TimeoutError):
        return "timed out"
    if isinstance(cause, RemoteDisconnected):
        return "the connection was closed without an answer"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "the certificate is not trusted"
    if isinstance(cause, ssl.SSLError):
        return "no secure connection can be made"
    if isinstance(cause, OSError) and cause.errno is not None:
        return f"[Errno {cause.errno}] {cause.strerror}"
    # A proxy that refuses, an answer that is no HTTP, an address that nothing can be sent to.
    return "the host or a proxy before it cannot be spoken to"
