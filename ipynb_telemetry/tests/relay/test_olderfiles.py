"""Files of older versions, which go on with all that they hold."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from ipynb_telemetry.relay.queue import Kept, RelayQueue
from ipynb_telemetry.relay.rules import Pace
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.migrations import MIGRATIONS
from ipynb_telemetry.tests.support.queues import (
    ACCEPTED,
    NOW,
    POSTHOG,
    claim,
    counts,
    events,
    status_of,
    uuids,
)
from ipynb_telemetry.tests.support.storedevents import page


def test_a_file_of_the_first_version_goes_on_with_all_it_holds(
    path: Path, store: EventStore, queue: RelayQueue
) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            """CREATE TABLE events (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE,
                event TEXT NOT NULL, distinct_id TEXT NOT NULL, notebook TEXT,
                timestamp TEXT NOT NULL, properties TEXT NOT NULL, received_at TEXT NOT NULL);
            INSERT INTO events VALUES (1, 'u', 'paste', 'ANN', NULL, '2026', '{"seq":1}', '2026');
            PRAGMA user_version = 1;"""
        )
    queue.add(events(1))
    assert [event["distinct_id"] for event in page(store).events] == ["ANN", "JOHN_DOE"][::-1]
    assert [event.distinct_id for event in claim(queue).events] == ["JOHN_DOE"]


def test_a_file_of_the_second_version_goes_on_with_what_waits(
    path: Path, store: EventStore, queue: RelayQueue
) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in (*MIGRATIONS[0], *MIGRATIONS[1]):
            connection.execute(statement)
        connection.executescript(
            f"""INSERT INTO events VALUES (1, 'u', 'paste', 'ANN', NULL, '2026', '{{}}', '2026'),
                (2, 'v', 'paste', 'ANN', NULL, '2026', '{{}}', '2026'),
                (3, 'w', 'paste', 'ANN', NULL, '2026', '{{}}', '2026');
            INSERT INTO relay_queue VALUES (1, 'delivered', NULL, NULL), (2, 'waiting', NULL, 999),
                (3, 'set_aside', '400 Bad Request', NULL);
            INSERT INTO relay_destination VALUES
                (1, '{POSTHOG.host}', '{POSTHOG.api_key}', 7, 3, {NOW + 60}, '503', 0, {NOW});
            PRAGMA user_version = 2;"""
        )
    assert counts(queue) == (1, 1)
    assert status_of(queue, NOW)["last_contact"] == "2026-03-01T10:00:00.000Z"
    # Its pause does not say when it was made.
    sent = claim(queue)
    assert queue.kept() == Kept(True, True, POSTHOG)
    assert sent.pace == Pace(7, 3, 0, "503")
    assert [(event.uuid, event.max_bytes) for event in sent.events] == [("v", 999)]


def test_a_file_of_the_third_version_goes_on_to_its_destination(
    path: Path, queue: RelayQueue
) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in (statement for entry in MIGRATIONS[:3] for statement in entry):
            connection.execute(statement)
        rows: list[Any] = [
            (1, "delivered", None, None),
            (2, "waiting", None, 999),
            (3, "set_aside", "400 Bad Request", None),
        ]
        connection.executemany(
            "INSERT INTO events VALUES (?, ?, 'paste', 'ANN', NULL, '2026', '{}', '2026')",
            ((row[0], f"uuid{row[0]}") for row in rows),
        )
        connection.executemany("INSERT INTO relay_queue VALUES (?, ?, ?, ?)", rows)
        connection.execute(
            "INSERT INTO relay_destination VALUES (1, ?, ?, 7, 3, ?, '503 Down', 0, ?, ?)",
            (*POSTHOG[:2], NOW + 60, NOW, NOW),
        )
        connection.execute("PRAGMA user_version = 3")
    # Of what the host said of itself only the status is kept.
    assert status_of(queue, NOW) == {
        "waiting": 1,
        "set_aside": 1,
        "refusals": [{"reason": "400", "count": 1}],
        "problem": "503",
        "last_contact": "2026-03-01T10:00:00.000Z",
        "next_attempt": "2026-03-01T10:01:00.000Z",
    }
    queue.move(POSTHOG)
    assert queue.claim(NOW) == 60
    sent = claim(queue, NOW + 60)
    assert sent.pace == Pace(7, 3, NOW + 60, "503")
    assert [(event.uuid, event.max_bytes) for event in sent.events] == [("uuid2", 999)]


def a_file_of_the_fourth_version(path: Path) -> None:
    """Make a file with events for two destinations in all states, and one for none."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in (statement for entry in MIGRATIONS[:4] for statement in entry):
            connection.execute(statement)
        rows: list[Any] = [
            (1, "delivered", None, None, 1),
            (2, "delivered", None, None, 2),
            (3, "waiting", None, 999, 1),
            (4, "waiting", None, None, 2),
            (5, "set_aside", "400 Bad Request: said <the host>", None, 1),
            (6, "set_aside", "413", 800, 2),
        ]
        connection.executemany(
            "INSERT INTO events VALUES (?, ?, 'paste', 'ANN', 'D1', '2026', '{}', '2026')",
            ((row, f"uuid{row}") for row in range(1, 8)),
        )
        connection.executemany("INSERT INTO relay_queue VALUES (?, ?, ?, ?, ?)", rows)
        connection.executemany(
            "INSERT INTO relay_destinations VALUES (?, ?, ?, ?, 1, 0, 50, 3, ?, ?, ?, 0, ?)",
            [
                (1, "https://us.i.posthog.com", "phc_other", 1, 0, None, NOW, NOW),
                (2, *POSTHOG[:2], 2, NOW + 60, "401 Unauthorized: said <the host>", NOW, NOW),
            ],
        )
        connection.execute("PRAGMA user_version = 4")


def test_a_file_of_the_fourth_version_keeps_all_and_sends_it_to_one_destination(
    path: Path, store: EventStore, queue: RelayQueue
) -> None:
    a_file_of_the_fourth_version(path)
    assert queue.kept() == Kept(True, True, POSTHOG)
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(
            "SELECT event_id, state, reason, max_bytes FROM relay_queue ORDER BY 1"
        ).fetchall() == [
            (1, "delivered", None, None),
            (2, "delivered", None, None),
            (3, "waiting", None, 999),
            (4, "waiting", None, None),
            (5, "set_aside", "400", None),
            (6, "set_aside", "413", 800),
        ]
    assert len(page(store).events) == 7
    assert status_of(queue, NOW) == {
        "waiting": 2,
        "set_aside": 2,
        "refusals": [{"reason": "400", "count": 1}, {"reason": "413", "count": 1}],
        "problem": "401",
        "last_contact": "2026-03-01T10:00:00.000Z",
        "next_attempt": "2026-03-01T10:01:00.000Z",
    }
    queue.move(POSTHOG)
    sent = claim(queue, NOW + 60)
    assert uuids(sent) == ["uuid3", "uuid4"]
    queue.settle(sent, ACCEPTED, NOW + 60, 1)
    assert counts(queue) == (0, 2)
    # A deleted event is still forgotten with its place in the queue.
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM events WHERE id = 5")
    assert counts(queue) == (0, 1)


def test_what_an_older_version_set_aside_is_tried_at_another_destination(
    path: Path, queue: RelayQueue
) -> None:
    a_file_of_the_fourth_version(path)
    queue.move(POSTHOG._replace(api_key="phc_new"))
    assert uuids(claim(queue)) == ["uuid3", "uuid4", "uuid5", "uuid6"]
