# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The meaning of an answer to a batch, for kernels and for the relay in the Jupyter server.

The rules have a twin, src/delivery/sending/answer.ts; the cases in
conformance/rules/deliveries.json hold both.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, NamedTuple

from .imports import _module

_LONGEST_ASKED_S = 3600  # a pause that the other end asks for is kept up to this
_QUOTA_PAUSE_S = 60


class _Answer(NamedTuple):
    """The answer to one POST, also where none came.

    Attributes:
        status: the HTTP status; None when no answer came.
        reason: the status in words of ours, such as `401 Unauthorized`, or why no answer came.
            People read it, so it holds nothing that the other end wrote.
        retry_after: the header, if any.
        body: its beginning.
        date: the header, if any: the other end's clock.
        is_late: whether none came in time.
    """

    status: int | None
    reason: str
    retry_after: str | None = None
    body: bytes = b""
    date: str | None = None
    is_late: bool = False


class _Meaning(NamedTuple):
    """The meaning of an answer for its batch.

    Attributes:
        kind: `accepted`; `retry` later as it is; `too_large`; `rejected`, at least one event will
            never be taken; `unauthorized`, the key is refused.
        reason: why it is not accepted, on one line; it begins with the status, if there is one.
        after_s: the least pause before a retry, in seconds.
        is_slow: whether less may get through.
    """

    kind: str
    reason: str = ""
    after_s: float = 0
    is_slow: bool = False


def _judge(answer: _Answer, now: float) -> _Meaning:
    """Tell what an answer means that came at `now`, in seconds since 1970."""
    if answer.status == 204:
        return _Meaning("accepted")
    if answer.status is not None and 200 <= answer.status < 300:
        return _judge_success(answer)
    if answer.status in (401, 403):
        return _Meaning("unauthorized", answer.reason)
    if answer.status == 413:
        return _Meaning("too_large", answer.reason)
    if answer.status in (400, 422):
        return _Meaning("rejected", answer.reason)
    # Any other answer, as of a proxy or a wrong place, says nothing against the events.
    after_s = _asked_pause(answer.retry_after, now)
    return _Meaning("retry", answer.reason, after_s, answer.is_late)


def _judge_success(answer: _Answer) -> _Meaning:
    document = _parse(answer.body)
    told = document if isinstance(document, dict) else {}
    limited = told.get("quota_limited")
    if isinstance(limited, list) and "events" in limited:
        # PostHog drops what a project over its quota sends, and says 200 nevertheless.
        return _Meaning("retry", "the project is over its quota", _QUOTA_PAUSE_S)
    if "status" not in told:
        # The login page of a network, perhaps.
        return _Meaning("retry", "the answer is not PostHog's")
    return _Meaning("accepted")


def _parse(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _asked_pause(header: str | None, now: float) -> float:
    text = (header or "").strip()
    pause_s = 0.0
    if text.isascii() and text.isdecimal():
        pause_s = float(text)
    elif text:
        with suppress(ValueError, OverflowError, TypeError):  # TypeError: before Python 3.10
            pause_s = _module("email.utils").parsedate_to_datetime(text).timestamp() - now
    return min(max(pause_s, 0.0), _LONGEST_ASKED_S)
