"""One POST of a batch to PostHog."""

from __future__ import annotations

import gzip
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
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
    """Send one batch, through the proxy of the environment if it names one. It blocks.

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
                f"{response.status} {response.reason}".strip(),
                response.headers.get("Retry-After"),
                response.read(MAX_ANSWER_BYTES),
                response.headers.get("Date"),
            )
    except URLError as error:
        return Answer(None, str(error.reason), is_late=isinstance(error.reason, TimeoutError))
    except (OSError, HTTPException, ValueError) as error:
        reason = str(error) or type(error).__name__
        return Answer(None, reason, is_late=isinstance(error, TimeoutError))
