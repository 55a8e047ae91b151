"""The rules of forwarding, without any IO: what an answer means, and when and how to go on.

The kernel side has the rules, since it can import nothing of the package; a relay also cuts events
that are too large.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, cast

from ..kernel.answer import _Answer as Answer
from ..kernel.answer import _judge as judge
from ..kernel.answer import _Meaning as Verdict
from ..kernel.pace import _back_off as back_off
from ..kernel.pace import _Pace as Pace
from ..kernel.pace import _settle
from .wire import WaitingEvent, halve

__all__ = ["Answer", "Outcome", "Pace", "Verdict", "back_off", "judge", "settle"]


class Outcome(NamedTuple):
    """The changes that an attempt brings.

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
    is_lone = len(events) == 1 and verdict.kind == "too_large"
    max_bytes = halve(events[0]) if is_lone else None
    outcome = _settle(pace, len(events), max_bytes is not None, verdict, now, chance)
    state = cast("Literal['waiting', 'delivered', 'set_aside']", outcome.state)
    return Outcome(outcome.pace, state, outcome.reason, max_bytes)
