"""Who takes a pause is told as such, and never as somebody who is stuck or gone."""

import json
from typing import Any

from ipynb_telemetry.answers.pauses import read_pauses
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.aggregates import build

UNTIL = "2026-03-01T10:20:00.000Z"
UNTIL_MS = 1_772_360_400_000


def event(student: str, session: str, seq: int, name: str, second: int, **told: Any) -> Event:
    properties = {"session_id": session, "seq": seq, "notebook": "D1", **told}
    timestamp = f"2026-03-01T10:05:{second:02}.000Z"
    uuid = f"00000000-0000-4000-8000-{abs(hash((student, session, seq))) % 10**12:012}"
    return Event(uuid, name, student, "D1", timestamp, json.dumps(properties))


def pause(student: str, session: str, second: int, until: str | None = UNTIL) -> list[Event]:
    return [
        event(student, session, 1, "session_started", second - 1),
        event(student, session, 2, "recording_paused", second, kind="open", until=until),
        event(student, session, 3, "session_ended", second, duration_ms=1000),
    ]


def told(store: EventStore) -> list[dict[str, Any]]:
    build(store)
    return store.database.use(lambda connection: read_pauses(connection, 0))


def test_a_pause_is_told_with_its_end(store: EventStore) -> None:
    store.append(pause("ANN_LEE", "a", 1) + pause("JOHN_DOE", "b", 2, None))
    assert told(store) == [
        {"student": "ANN_LEE", "until_ms": UNTIL_MS},
        {"student": "JOHN_DOE", "until_ms": None},
    ]


def test_all_notebooks_pause_at_once(store: EventStore) -> None:
    store.append(pause("ANN_LEE", "a", 1) + pause("ANN_LEE", "b", 2))
    assert [each["student"] for each in told(store)] == ["ANN_LEE"]


def test_whoever_does_anything_afterwards_takes_no_pause(store: EventStore) -> None:
    store.append(
        [
            *pause("ANN_LEE", "a", 1),
            event("ANN_LEE", "b", 1, "session_started", 5),
            event("ANN_LEE", "b", 2, "recording_resumed", 5),
        ]
    )
    assert told(store) == []


def test_an_end_that_is_none_ends_nothing(store: EventStore) -> None:
    store.append(pause("ANN_LEE", "a", 1, "soon"))
    assert told(store) == [{"student": "ANN_LEE", "until_ms": None}]
