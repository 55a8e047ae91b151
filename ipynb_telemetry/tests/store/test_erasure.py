"""A student is erased, nobody else's rows change, and late events of the student stay out."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.store import removal
from ipynb_telemetry.store.erasure import ABOUT, ERASED, NAMING, erase, find_student
from ipynb_telemetry.store.event import Event, now_utc, to_utc
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.scrubbing import holds, scrub
from ipynb_telemetry.store.tombstones import tombstone_of
from ipynb_telemetry.tests.support.aggregates import (
    LOG,
    begin_again,
    build,
    random_class,
    rows_of,
    told,
)

STUDENT = "JANE_ROE"
CODE = "the_answer_of_jane = 6 * 7"


def taught(chance: random.Random) -> list[Event]:
    """A class in which a student, who was S1 before, has a name and code of their own."""
    found = []
    for event in random_class(chance, sessions=8, length=60):
        properties = json.loads(event.properties)
        if event.distinct_id == "S1":
            properties |= {"student_id": STUDENT, "code": CODE * chance.choice([1, 3, 90])}
            event = event._replace(distinct_id=STUDENT)
        found.append(event._replace(properties=json.dumps(properties)))
    return found


def say(store: EventStore) -> None:
    """Let others say something of the student, and the student of others."""

    def write(made: sqlite3.Connection) -> None:
        for name in (STUDENT, "S2"):
            made.execute("INSERT INTO roster VALUES (?, 1, ?, '', 0)", (name, f"Name of {name}"))
            made.execute("INSERT INTO seen_signal VALUES (?, 'D1', '', 'S5', 'staff', 1)", (name,))
            made.execute("INSERT INTO sender VALUES ('computer', ?, 1, 2)", (name,))
            for reader in ("staff", STUDENT):
                made.execute(
                    "INSERT INTO access_log (first_ms, last_ms, reader, student, notebook, cell)"
                    " VALUES (1, 2, ?, ?, 'D1', '')",
                    (reader, name),
                )
        made.execute("INSERT INTO relay_queue (event_id) SELECT id FROM events")

    store.database.use(write)


def rows(store: EventStore, table: str) -> list[Any]:
    return store.database.use(lambda made: made.execute(f"SELECT * FROM {table}").fetchall())


def forget(store: EventStore) -> int:
    return sum(erase(store.database, STUDENT))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_left_is_a_class_without_the_student(
    store: EventStore, path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seed % 2:
        monkeypatch.setattr(removal, "SLICE_S", -1)  # an event in each transaction
    chance = random.Random(seed)
    events = taught(chance)
    chance.shuffle(events)
    for at in range(0, len(events), 37):
        store.append(events[at : at + 37])
    build(store)
    say(store)
    own = [event for event in events if event.distinct_id == STUDENT]
    assert forget(store) == len(own) > 0
    assert not any(store.database.use(lambda made: find_student(made, STUDENT)))
    left = rows_of(store)
    assert left["item_state"]
    begin_again(store)
    assert rows_of(store) == left
    assert scrub(store.database)
    journal = path.with_name(f"{path.name}-wal")
    for file in (path, journal):
        for text in (STUDENT, CODE, f"Name of {STUDENT}"):
            assert not holds(file, text), (file.name, text)
    assert holds(path, "S2")


def test_what_was_said_of_others_stays(store: EventStore) -> None:
    store.append(taught(random.Random(1)))
    say(store)
    forget(store)
    assert [row[0] for row in rows(store, "roster")] == ["S2"]
    assert [row[0] for row in rows(store, "seen_signal")] == ["S2"]
    assert [row[1] for row in rows(store, "sender")] == ["S2"]
    assert [row[3:5] for row in rows(store, "access_log")] == [("staff", "S2"), (ERASED, "S2")]
    left = rows(store, "events")
    assert [row[0] for row in rows(store, "relay_queue")] == [row[0] for row in left]


def test_every_column_that_may_name_a_student_is_known(store: EventStore) -> None:
    names = {"student", "distinct_id", "reader", "seen_by", "person", "said_by", "undone_by"}

    def columns(made: sqlite3.Connection) -> set[tuple[str, str]]:
        tables = made.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {
            (table, row[1])
            for (table,) in tables
            for row in made.execute(f"PRAGMA table_info({table})")
        }

    known = {("events", "distinct_id"), ("session_audit", "person"), *NAMING, *ABOUT}
    # Rows of these go with the student's events, by a trigger.
    known |= {(table, "student") for table in ("session_audit", "item_state", "shown_name")}
    found = store.database.use(columns)
    assert {each for each in found if each[1] in names} == known
    tables = {table for table, _ in found} - {table for table, _ in known}
    # A new table comes here, or to those above, once somebody has thought of erasure.
    assert tables == {
        *("cell_state", "error_group", "facts", "facts_due", "facts_state", "time_slot"),
        *("forward_destination", "forwarded", "relay_destination", "relay_queue"),
        *("class_collector", "class_key", "instructor_key", "instructor_session"),
        *("outline_exercise", "outline_item", "roster_offer", "tombstone", "tombstone_salt"),
        *("session_claim", "session_tombstone"),
        *({"sqlite_sequence"} & tables),
    }


def test_an_erasure_that_was_ended_early_is_gone_on_with(store: EventStore) -> None:
    chance = random.Random(3)
    store.append(taught(chance))
    say(store)
    next(iter(erase(store.database, STUDENT)))
    build(store)
    forget(store)
    assert not any(store.database.use(lambda made: find_student(made, STUDENT)))


def at(seconds: float) -> str:
    """The time in so many seconds."""
    return to_utc((datetime.now(timezone.utc) + timedelta(seconds=seconds)).isoformat())


def test_late_events_are_dropped_and_later_ones_are_taken(store: EventStore) -> None:
    early = told("cell_executed", 1, student=STUDENT)._replace(timestamp=at(-50))
    store.append([early])
    forget(store)
    waiting = told("cell_executed", 2, student=STUDENT)._replace(timestamp=at(-40))
    other = told("cell_executed", 1, student="S2")._replace(timestamp=at(-40))
    assert store.append([early, waiting, other]) == 1
    later = told("cell_executed", 3, student=STUDENT)._replace(timestamp=at(60))
    assert store.append([later, waiting]) == 1
    assert [row[3] for row in rows(store, "events")] == ["S2", STUDENT]
    tombstone = store.database.use(lambda made: tombstone_of(made, STUDENT))
    assert tombstone is not None
    assert tombstone.refused == 3
    ((key, *_),) = rows(store, "tombstone")
    assert STUDENT.encode() not in key


@pytest.mark.parametrize(("ahead_s", "believed_s"), [(600, 600), (-600, 0), (900_000, 86_400)])
def test_a_clock_that_runs_ahead_is_allowed_for(
    store: EventStore, ahead_s: int, believed_s: int
) -> None:
    store.append([told("cell_executed", 1, student=STUDENT)._replace(timestamp=at(ahead_s))])
    forget(store)
    tombstone = store.database.use(lambda made: tombstone_of(made, STUDENT))
    assert tombstone is not None
    assert at(believed_s - 20) < tombstone.until < at(believed_s + 1)


def test_a_class_goes_on_storing_meanwhile(store: EventStore, path: Path) -> None:
    chance = random.Random(5)
    store.append(taught(chance))
    others = [event for event in taught(chance) if event.distinct_id != STUDENT]
    stored: list[int] = []

    def go_on() -> None:
        busy = EventStore(str(path), LOG)
        for event in others:
            late = event._replace(distinct_id=STUDENT, uuid=event.uuid[::-1], timestamp=early)
            stored.append(busy.append([event, late]))
        busy.close()

    early = now_utc()
    erasing = erase(store.database, STUDENT)
    next(erasing)  # the tombstone stands
    writing = threading.Thread(target=go_on)
    writing.start()
    list(erasing)
    writing.join()
    assert stored == [1] * len(others)
    assert not any(store.database.use(lambda made: find_student(made, STUDENT)))
    build(store)
    left = rows_of(store)
    begin_again(store)
    assert rows_of(store) == left


def test_a_large_file_is_not_written_anew_unasked(store: EventStore) -> None:
    store.append(taught(random.Random(1)))
    forget(store)
    assert not scrub(store.database, most_bytes=1)
    assert scrub(store.database)
