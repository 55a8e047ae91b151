# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""How sending goes on after an answer, for kernels and for the relay in the Jupyter server.

The rules have a twin, src/delivery/sending/verdict.ts; the cases in
conformance/rules/deliveries.json hold both.
"""

from __future__ import annotations

from typing import NamedTuple

from .answer import _Meaning

_MAX_BATCH_COUNT = 200  # events
_FIRST_PAUSE_S = 1
_LONGEST_S = 120
_REFUSALS_AT_ONCE = 5  # events refused in a row, after which the place is asked with pauses


class _Pace(NamedTuple):
    """How sending to a destination goes.

    Attributes:
        max_count: the most events of the next batch.
        failures: in a row, events set aside included.
        not_before: when the next attempt may be made, in seconds of the clock that `_settle` is
            given.
        problem: why nothing is taken, or None.
    """

    max_count: int = _MAX_BATCH_COUNT
    failures: int = 0
    not_before: float = 0
    problem: str | None = None


class _Outcome(NamedTuple):
    """The changes that an attempt brings.

    Attributes:
        pace: from now on.
        state: of the batch's events from now on: `waiting`, `delivered` or `set_aside`.
        reason: why they are set aside.
    """

    pace: _Pace
    state: str = "waiting"
    reason: str | None = None


def _settle(
    pace: _Pace, count: int, is_cut: bool, verdict: _Meaning, now: float, chance: float
) -> _Outcome:
    """Tell how to go on after an attempt.

    Args:
        pace: until now.
        count: of the events in the batch.
        is_cut: whether the batch's only event, which was too large, is shorter from now on.
        verdict: on the batch.
        now: in seconds.
        chance: 0 to 1, for the length of a pause.
    """
    if verdict.kind == "accepted":
        return _Outcome(_Pace(min(pace.max_count * 2, _MAX_BATCH_COUNT)), "delivered")
    if verdict.kind in ("too_large", "rejected"):
        if count > 1:  # halve until the event that is not wanted stands alone
            return _Outcome(_Pace(count // 2))
        if is_cut:
            return _Outcome(_Pace(pace.max_count, pace.failures))
        return _set_aside(pace, verdict, now, chance)
    if verdict.kind == "unauthorized":
        not_before = now + _LONGEST_S
        return _Outcome(pace._replace(not_before=not_before, problem=verdict.reason))
    failures = pace.failures + 1
    pause_s = max(verdict.after_s, _back_off(failures, chance))
    max_count = max(1, count // 2) if verdict.is_slow else pace.max_count
    return _Outcome(_Pace(max_count, failures, now + pause_s, verdict.reason))


def _set_aside(pace: _Pace, verdict: _Meaning, now: float, chance: float) -> _Outcome:
    """Set the batch's only event aside; a place that refuses many in a row may be wrong."""
    failures = pace.failures + 1
    refused = _Pace(pace.max_count, failures)
    if failures >= _REFUSALS_AT_ONCE:
        not_before = now + _back_off(failures - _REFUSALS_AT_ONCE + 1, chance)
        refused = refused._replace(not_before=not_before, problem=verdict.reason)
    return _Outcome(refused, "set_aside", verdict.reason)


def _back_off(failures: int, chance: float) -> float:
    """Give the pause after so many failures in a row, in seconds.

    `chance`, 0 to 1, makes it half to all of an exponentially growing one, so that the kernels
    and servers of a class do not return all at once.
    """
    growing = _FIRST_PAUSE_S * 2.0 ** min(failures - 1, 10)  # 2 ** 10 s are beyond the longest
    return min(growing, _LONGEST_S) * (0.5 + chance / 2)
