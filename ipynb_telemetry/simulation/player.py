"""Plays a lesson: each event is sent when it is due, at the speed that is asked for."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .session import Played

AT_ONCE = math.inf
_TICK_S = 0.25  # between two looks at what is due
_BATCH = 200  # events in a request, where all are due at once


def begins_ms(minutes: float, speed: float, now_ms: int) -> int:
    """Give the beginning of a lesson that ends when its playing does.

    So no event is of the future: at a speed of 1 the lesson begins now, and the faster it is
    played, the longer ago it began.

    Args:
        minutes: how long the lesson takes.
        speed: how many times as fast it is played.
        now_ms: the present time, in milliseconds since 1970.
    """
    lesson_ms = minutes * 60_000
    return now_ms + round(lesson_ms / speed - lesson_ms)


def play(
    events: Sequence[Played],
    speed: float,
    send: Callable[[list[dict[str, Any]]], None],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Played]:
    """Send the events when they arrive, each student's by requests of their own.

    Args:
        events: in the order of their arrival.
        speed: how many times as fast as they happened; `AT_ONCE`: as fast as they are taken.
        send: sends a batch.
        clock: gives the time in seconds.
        sleep: waits for some seconds.

    Yields:
        Each event that was sent.
    """
    if speed == AT_ONCE:
        for first in range(0, len(events), _BATCH):
            batch = events[first : first + _BATCH]
            send([each.event for each in batch])
            yield from batch
        return
    begun = clock()
    sent = 0
    while sent < len(events):
        at_ms = (clock() - begun) * 1000 * speed
        due = sent
        pages: dict[str, list[Played]] = {}
        while due < len(events) and events[due].arrives_ms <= at_ms:
            session = events[due].event["properties"]["session_id"]
            pages.setdefault(session, []).append(events[due])
            due += 1
        for batch in pages.values():
            send([each.event for each in batch])
            yield from batch
        sent = due
        if sent < len(events):
            wait_s = (events[sent].arrives_ms - at_ms) / 1000 / speed
            sleep(max(_TICK_S, wait_s))
