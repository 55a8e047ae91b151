"""The thresholds of the answers, which a server's settings may change."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple


class ThresholdError(ValueError):
    """A threshold that is none, in words for who has set it."""


class Thresholds(NamedTuple):
    """When an answer says something of a student. Times are in minutes or seconds, as named.

    Attributes:
        recent_minutes: a student who did nothing for longer needs nobody *now*, and is quiet.
        same_error_runs: so many runs of an exercise in a row with the same folded error (S1).
        no_progress_minutes: active time in an exercise without a newly passed test (S2), at least;
            where enough classmates passed, three quarters of whom were faster is the bar.
        classmates: how many must have passed an exercise before their times count.
        wheel_spinning_fails: failed tests of an exercise without a pass (S3).
        peek_seconds: a solution that was open so long was read; a shorter look is a glance.
        gone_minutes: an open session that is silent for longer is over: the student has left.
        heard_minutes: how long a session is given before its missing events are told (S6).
        late_minutes: an event that comes later than that had waited (S6).
        seen_minutes: how long a signal that somebody has seen is hidden.
        too_few: students who tried an exercise; of fewer no statistics are given.
        discriminating: students who tried an exercise before its discrimination is given.
        copied_characters, copied_minutes: a paste from inside the page of so many characters, so
            soon after a solution was opened, is a copy of the solution when a pass follows.
    """

    recent_minutes: float = 10
    same_error_runs: float = 3
    no_progress_minutes: float = 5
    classmates: float = 8
    wheel_spinning_fails: float = 10
    peek_seconds: float = 10
    gone_minutes: float = 60
    heard_minutes: float = 2
    late_minutes: float = 2
    seen_minutes: float = 10
    too_few: float = 5
    discriminating: float = 10
    copied_characters: float = 20
    copied_minutes: float = 2


def read_thresholds(given: Mapping[str, Any]) -> Thresholds:
    """Put what settings say in place of the defaults.

    Raises:
        ThresholdError: a name is none, or a value is no positive number.
    """
    for name, value in given.items():
        if name not in Thresholds._fields:
            close = get_close_matches(str(name), Thresholds._fields, 1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise ThresholdError(f"{name} is no threshold of the class view{hint}")
        if type(value) not in (int, float) or not 0 < value < 1e6:
            raise ThresholdError(f"the threshold {name} must be a positive number, not {value!r}")
    return Thresholds(**given)
