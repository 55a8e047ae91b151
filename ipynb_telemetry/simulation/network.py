"""What the network makes of a student's events: late ones, some given up, some lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..kernel.delivery import _ENVELOPE
from .people import Part
from .session import Played

_AWAY = (0.35, 0.7)  # of the lesson: how long the network is away
_GIVEN_UP = 6  # events, of those that wait
_LOST = 3  # events that nobody knows of
_SOON_MS = 400  # a page gathers events so long before it sends them


def on_the_way(
    events: Sequence[Played], part: Part, lesson_ms: int, loss_uuid: str
) -> list[Played]:
    """Give the events of a session as they arrive.

    Args:
        events: in their order.
        part: what the student is in the class for.
        lesson_ms: how long the lesson takes.
        loss_uuid: of the event that tells of a loss, if there is one.
    """
    if part is Part.OFFLINE:
        return _late(events, lesson_ms, loss_uuid)
    if part is Part.HOLED:
        middle = len(events) // 2
        events = [*events[:middle], *events[middle + _LOST :]]
    return [each._replace(arrives_ms=each.at_ms + _SOON_MS) for each in events]


def _late(events: Sequence[Played], lesson_ms: int, loss_uuid: str) -> list[Played]:
    """Hold back what happens while the network is away; of that the oldest are given up."""
    begin, end = (round(share * lesson_ms) for share in _AWAY)
    held = [each for each in events if begin <= each.at_ms < end]
    given_up = held[: min(_GIVEN_UP, len(held) - 1)]
    arriving = [
        each._replace(arrives_ms=max(each.at_ms, end) if each in held else each.at_ms + _SOON_MS)
        for each in events
        if each not in given_up
    ]
    if given_up:
        arriving.append(
            _loss([each.event for each in given_up], given_up[-1].at_ms, end, loss_uuid)
        )
    return sorted(arriving, key=lambda each: (each.arrives_ms, each.at_ms))


def _loss(given_up: Sequence[dict[str, Any]], at_ms: int, arrives_ms: int, uuid: str) -> Played:
    """Tell of events that were given up: with the number of the last one, as a page does."""
    last = given_up[-1]["properties"]
    own = {*_ENVELOPE, "simulated"}
    properties = {
        "count": len(given_up),
        "reason": "storage",
        "first_seq": given_up[0]["properties"]["seq"],
        "last_seq": last["seq"],
        **{name: value for name, value in last.items() if name in own or name.startswith("$")},
    }
    event = {**given_up[-1], "uuid": uuid, "event": "events_dropped", "properties": properties}
    return Played(at_ms, arrives_ms, event)
