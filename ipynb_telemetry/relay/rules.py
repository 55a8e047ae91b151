"""The rules of forwarding, without any IO: what an answer means, and when and how to go on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any, Literal, NamedTuple

from .wire import WaitingEvent, halve

MAX_BATCH_COUNT = 200  # events
FIRST_PAUSE_S = 1
LONGEST_PAUSE_S = 120
# A pause the other end asks for is kept up to this.
LONGEST_ASKED_S = 3600
QUOTA_PAUSE_S = 60
# After so many events refused in a row the place may be wrong: it is asked with pauses.
REFUSALS_AT_ONCE = 5


class Answer(NamedTuple):
    """What came of one POST.

    Attributes:
        status: the HTTP status; None when no answer came.
        reason: the status in words of ours, such as `401 Unauthorized`, or why no answer came.
            Pages show it, so it holds nothing that the other end wrote.
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


class Verdict(NamedTuple):
    """What an answer means for the batch.

    Attributes:
        kind: `accepted`; `retry` later as it is; `too_large`; `rejected`, at least one event will
            never be taken; `unauthorized`, the key is refused.
        reason: why it is not accepted, on one line; it begins with the status, if there is one.
        after_s: the least pause before a retry, in seconds.
        is_slow: whether less may get through.
    """

    kind: Literal["accepted", "retry", "too_large", "rejected", "unauthorized"]
    reason: str = ""
    after_s: float = 0
    is_slow: bool = False


class Pace(NamedTuple):
    """How sending to a destination goes.

    Attributes:
        max_count: the most events of the next batch.
        failures: in a row, events set aside included.
        not_before: when the next attempt may be made, in seconds since 1970.
        problem: why nothing is taken, or None.
    """

    max_count: int = MAX_BATCH_COUNT
    failures: int = 0
    not_before: float = 0
    problem: str | None = None


class Outcome(NamedTuple):
    """What an attempt changes.

    Attributes:
        pace: from now on.
        state: of the batch's events from now on.
        reason: why they are set aside.
        max_bytes: of the batch's only event, when it is to be cut to that.
    """

    pace: Pace
    state: Literal["waiting", "delivered", "set_aside"] = "waiting"
    reason: str | None = None
    max_bytes: int | None = None


def judge(answer: Answer, now: float) -> Verdict:
    """Tell what an answer means that came at `now`, in seconds since 1970."""
    if answer.status == 204:
        return Verdict("accepted")
    if answer.status is not None and 200 <= answer.status < 300:
        return _judge_success(answer)
    if answer.status in (401, 403):
        return Verdict("unauthorized", answer.reason)
    if answer.status == 413:
        return Verdict("too_large", answer.reason)
    if answer.status in (400, 422):
        return Verdict("rejected", answer.reason)
    # Any other answer, as of a proxy or a wrong place, says nothing against the events.
    after_s = _asked_pause(answer.retry_after, now)
    return Verdict("retry", answer.reason, after_s, answer.is_late)


def settle(
    pace: Pace, events: Sequence[WaitingEvent], verdict: Verdict, now: float, chance: float
) -> Outcome:
    """Tell how to go on after an attempt.

    Args:
        pace: until now.
        events: the batch, at least one.
        verdict: on it.
        now: in seconds since 1970.
        chance: 0 to 1, for the length of a pause.
    """
    if verdict.kind == "accepted":
        return Outcome(Pace(min(pace.max_count * 2, MAX_BATCH_COUNT)), "delivered")
    if verdict.kind in ("too_large", "rejected"):
        if len(events) > 1:  # halve until the event that is not wanted stands alone
            return Outcome(Pace(len(events) // 2))
        max_bytes = halve(events[0]) if verdict.kind == "too_large" else None
        if max_bytes is not None:
            return Outcome(Pace(pace.max_count, pace.failures), max_bytes=max_bytes)
        failures = pace.failures + 1
        refused = Pace(pace.max_count, failures)
        if failures >= REFUSALS_AT_ONCE:
            not_before = now + back_off(failures - REFUSALS_AT_ONCE + 1, chance)
            refused = refused._replace(not_before=not_before, problem=verdict.reason)
        return Outcome(refused, "set_aside", verdict.reason)
    if verdict.kind == "unauthorized":
        not_before = now + LONGEST_PAUSE_S
        return Outcome(pace._replace(not_before=not_before, problem=verdict.reason))
    failures = pace.failures + 1
    pause_s = max(verdict.after_s, back_off(failures, chance))
    max_count = max(1, len(events) // 2) if verdict.is_slow else pace.max_count
    return Outcome(Pace(max_count, failures, now + pause_s, verdict.reason))


def back_off(failures: int, chance: float) -> float:
    """Give the pause after so many failures in a row, in seconds.

    `chance`, 0 to 1, makes it half to all of an exponentially growing one, so that the servers
    of a class do not return all at once.
    """
    growing = FIRST_PAUSE_S * 2.0 ** min(failures - 1, 10)  # 2 ** 10 s are beyond the longest
    return min(growing, LONGEST_PAUSE_S) * (0.5 + chance / 2)


def _parse(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _judge_success(answer: Answer) -> Verdict:
    document = _parse(answer.body)
    told = document if isinstance(document, dict) else {}
    limited = told.get("quota_limited")
    if isinstance(limited, list) and "events" in limited:
        # PostHog drops what a project over its quota sends, and says 200 nevertheless.
        return Verdict("retry", "the project is over its quota", QUOTA_PAUSE_S)
    if "status" not in told:
        # The login page of a network, perhaps.
        return Verdict("retry", "the answer is not PostHog's")
    return Verdict("accepted")


def _asked_pause(header: str | None, now: float) -> float:
    text = (header or "").strip()
    pause_s = 0.0
    if text.isascii() and text.isdecimal():
        pause_s = float(text)
    else:
        with suppress(ValueError, OverflowError):
            pause_s = parsedate_to_datetime(text).timestamp() - now
    return min(max(pause_s, 0.0), LONGEST_ASKED_S)
