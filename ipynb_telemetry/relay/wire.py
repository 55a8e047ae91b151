"""Stored events in, the JSON of a batch out: how much of it, and what is cut."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..settings.destination import Destination

# Of a batch as JSON, before compression. PostHog takes 20 MiB, and less than 1 MB of an event.
MAX_BATCH_BYTES = 5 * 1024 * 1024
MAX_EVENT_BYTES = 900 * 1024
_SHORTEST_CUT = 200  # characters: ids and names stay whole
_FRAME_BYTES = 300  # what is around the events of a batch, the key included


class WaitingEvent(NamedTuple):
    """An event that waits to be forwarded.

    Attributes:
        id: its row.
        uuid, event, distinct_id, timestamp: the same on every attempt.
        properties: a JSON object, as ASCII text.
        max_bytes: the most its JSON may have, where it can be cut to that.
    """

    id: int
    uuid: str
    event: str
    distinct_id: str
    timestamp: str
    properties: str
    max_bytes: int


def fitting(events: Iterable[WaitingEvent]) -> list[WaitingEvent]:
    """Take events from the beginning, as many as one batch holds, and at least one.

    Those left over are never looked at, but for the first.
    """
    batch: list[WaitingEvent] = []
    room = MAX_BATCH_BYTES - _FRAME_BYTES
    for event in events:
        room -= min(len(_write(event, event.properties)), event.max_bytes) + 1
        if room < 0 and batch:
            break
        batch.append(event)
    return batch


def write_batch(
    destination: Destination,
    events: Sequence[WaitingEvent],
    sent_at: str,
    is_historical: bool = False,
) -> bytes:
    """Write the body of one attempt.

    Args:
        destination: whose key the batch has.
        events: at least one.
        sent_at: the time of the attempt.
        is_historical: whether PostHog is to take the events as a migration of old ones.
    """
    told: dict[str, Any] = {"api_key": destination.api_key, "sent_at": sent_at}
    if is_historical:
        told["historical_migration"] = True
    frame = json.dumps(told)
    return f'{frame[:-1]},"batch":[{",".join(map(write_event, events))}]}}'.encode()


def write_event(event: WaitingEvent) -> str:
    """Write an event as ASCII JSON; an event that is too large with its longest texts cut.

    What has been cut says `truncated`. An event that is large for other reasons stays so.
    """
    whole = _write(event, event.properties)
    if len(whole) <= event.max_bytes:
        return whole
    properties = {**json.loads(event.properties), "truncated": True}

    def cut(length: int) -> str:
        return _write(event, json.dumps(_cut(properties, length), separators=(",", ":")))

    lengths = range(_SHORTEST_CUT, max(event.max_bytes, _SHORTEST_CUT) + 1)
    too_long = bisect_right(lengths, event.max_bytes, key=lambda length: len(cut(length)))
    return cut(lengths[max(too_long - 1, 0)])


def halve(event: WaitingEvent) -> int | None:
    """Give the `max_bytes` for a next attempt, or None: there is nothing left to cut."""
    size = len(write_event(event))
    halved = event._replace(max_bytes=size // 2)
    return halved.max_bytes if len(write_event(halved)) < size else None


def _write(event: WaitingEvent, properties: str) -> str:
    envelope = json.dumps(
        {
            "uuid": event.uuid,
            "event": event.event,
            "distinct_id": event.distinct_id,
            "timestamp": event.timestamp,
        }
    )
    return f'{envelope[:-1]},"properties":{properties}}}'


def _cut(value: Any, length: int) -> Any:
    if isinstance(value, str):
        return value[:length]
    if isinstance(value, list):
        return [_cut(item, length) for item in value]
    if isinstance(value, dict):
        return {key: _cut(item, length) for key, item in value.items()}
    return value
