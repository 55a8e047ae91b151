"""Simulated students are removed, and everybody else's rows stay as they are."""

from __future__ import annotations

import json
import random
import sqlite3
from typing import Any

import pytest

from ipynb_telemetry.store import removal
from ipynb_telemetry.store.aggregates import VERSION
from ipynb_telemetry.store.building import Builder
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.removal import remove_events
from ipynb_telemetry.store.simulated import find_expected, find_simulated
from ipynb_telemetry.store.simulatedremoval import remove_expected
from ipynb_telemetry.tests.support.aggregates import (
    LOG,
    begin_again,
    build,
    random_class,
    real,
    rows_of,
)

TABLES = (
    *("events", "facts", "session_audit", "cell_state", "error_group", "time_slot"),
    *("item_state", "facts_due", "seen_signal"),
)


def rehearsed(chance: random.Random, student: str | None = None) -> list[Event]:
    """A class of simulated students, in the same notebooks."""
    return [
        event._replace(
            distinct_id=student or f"{event.distinct_id}~7",
            properties=json.dumps({**json.loads(event.properties), "simulated": True}),
        )
        for event in random_class(chance, sessions=5)
    ]


def everything(store: EventStore) -> dict[str, list[Any]]:
    """All rows as they are, with ids and revs."""

    def read(connection: sqlite3.Connection) -> dict[str, list[Any]]:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in TABLES
        }

    return store.database.use(read)


def state(store: EventStore) -> tuple[int, int]:
    """The version of the facts, and the store's rev."""
    return store.database.use(
        lambda made: made.execute("SELECT version, rev FROM facts_state").fetchone()
    )


def remove(store: EventStore, notebook: str | None = None) -> int:
    return sum(remove_events(store.database, find_simulated(store.database, notebook)))


def mixed(chance: random.Random, *classes: list[Event]) -> list[list[Event]]:
    """Batches in which the events of several classes stand side by side."""
    events = [event for each in classes for event in each]
    chance.shuffle(events)
    return [events[at : at + 30] for at in range(0, len(events), 30)]


@pytest.mark.parametrize("seed", range(4))
def test_the_rows_of_real_students_are_untouched(store: EventStore, seed: int) -> None:
    chance = random.Random(seed)
    store.append(real(chance))
    before = everything(store)
    assert before["item_state"]
    rehearsal = rehearsed(chance)
    for batch in mixed(chance, rehearsal):
        store.append(batch)
    _, rev = state(store)
    assert remove(store) == len(rehearsal)
    assert everything(store) == before
    version, now = state(store)
    assert version == VERSION  # nothing is built again
    assert now > rev  # who looks for changes finds one


def test_what_an_instructor_has_seen_of_them_goes_with_them(store: EventStore) -> None:
    chance = random.Random(4)
    store.append([*real(chance), *rehearsed(chance)])
    there = {(row["student"], row["notebook"]) for row in rows_of(store)["session_audit"]}

    def see(made: sqlite3.Connection) -> None:
        made.executemany("INSERT INTO seen_signal VALUES (?, ?, '', 'S5', 'staff', 1)", there)

    store.database.use(see)
    remove(store)
    left = {row[:2] for row in everything(store)["seen_signal"]}
    assert left == {each for each in there if "~" not in each[0]}
    assert left < there


def test_who_was_expected_goes_with_the_last_event_of_the_class(store: EventStore) -> None:
    chance = random.Random(4)
    store.append([*real(chance), *rehearsed(chance), *rehearsed(chance, "OTHER~8")])
    roster = ["S1", "S1~7", "NEVER~7", "OTHER~8", "NEVER~9"]

    def expect(made: sqlite3.Connection) -> None:
        made.executemany(
            "INSERT INTO roster VALUES (?, ?, '', '', 0)",
            [(student, position) for position, student in enumerate(roster)],
        )

    store.database.use(expect)

    def clear(notebook: str | None) -> list[str]:
        found = find_simulated(store.database, notebook)
        expected = find_expected(store.database, found)
        sum(remove_events(store.database, found))
        remove_expected(store.database, expected)
        return [
            row[0]
            for row in store.database.use(
                lambda made: made.execute("SELECT student FROM roster ORDER BY position").fetchall()
            )
        ]

    assert clear("D1") == ["S1", "S1~7", "NEVER~7", "OTHER~8"], "of the class 9 nothing is there"
    _, rev = state(store)
    assert clear(None) == ["S1"]
    assert state(store)[1] > rev


def test_side_by_side_nothing_of_the_simulated_stays(store: EventStore) -> None:
    chance = random.Random(11)
    ours, theirs = real(chance), rehearsed(chance)
    for batch in mixed(chance, ours, theirs):
        store.append(batch)
    build(store)
    remove(store)
    left = rows_of(store)
    assert {row["student"] for row in left["session_audit"]} <= {"S0", "S1", "S2"}
    assert len(everything(store)["events"]) == len(ours)
    begin_again(store)
    assert rows_of(store) == left


def test_only_a_notebook_is_cleared(store: EventStore) -> None:
    chance = random.Random(5)
    events = rehearsed(chance)
    store.append(events)
    of_d1 = [event for event in events if event.notebook == "D1"]
    assert 0 < len(of_d1) < len(events)
    assert remove(store, "D1") == len(of_d1)
    assert {row[4] for row in everything(store)["events"]} == {"D2"}
    assert {row["notebook"] for row in rows_of(store)["item_state"]} == {"D2"}
    assert remove(store, "nowhere") == 0


def test_real_events_under_the_id_of_a_simulated_student_stay(store: EventStore) -> None:
    chance = random.Random(3)
    ours = [event._replace(distinct_id="S1~7") for event in real(chance)]
    other = EventStore(":memory:", LOG)
    for batch in mixed(random.Random(1), ours):
        other.append(batch)
    expected = len(rows_of(other)["facts"])
    other.close()
    for batch in mixed(chance, ours, rehearsed(chance, "S1~7")):
        store.append(batch)
    remove(store)
    assert rows_of(store)["session_audit"] == []  # not yet
    build(store)
    left = rows_of(store)
    assert len(left["facts"]) == expected > 0
    assert {row["student"] for row in left["item_state"]} == {"S1~7"}
    begin_again(store)
    assert rows_of(store) == left


def test_a_simulated_student_is_found_whose_facts_are_not_made_yet(store: EventStore) -> None:
    events = rehearsed(random.Random(2))
    store.append(events)
    store.database.use(lambda made: made.execute("UPDATE facts_state SET version = 0"))
    Builder(store.database, LOG).slice()  # the rows of another version go
    assert remove(store) == len(events)
    assert everything(store)["events"] == []


def test_one_without_a_mark_is_found_by_the_session(store: EventStore) -> None:
    events = rehearsed(random.Random(2), "S1")
    store.append(events)
    assert remove(store) == len(events)


def test_what_a_builder_has_read_does_not_come_back(store: EventStore) -> None:
    chance = random.Random(9)
    ours, theirs = real(chance), rehearsed(chance)
    for batch in mixed(chance, ours, theirs):
        store.append(batch)
    store.database.use(lambda made: made.execute("UPDATE facts_state SET version = 0"))
    builder = Builder(store.database, LOG)
    while (work := builder.slice()) is not None and work.what != "facts":
        pass
    builder.slice()  # has the facts of all events in memory
    remove(store)
    while builder.slice() is not None:
        pass
    left = rows_of(store)
    assert {row["student"] for row in left["session_audit"]} <= {"S0", "S1", "S2"}
    begin_again(store)
    assert rows_of(store) == left


def test_no_transaction_goes_on_when_its_time_is_over(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "SLICE_S", -1)
    store.append(rehearsed(random.Random(2)))
    found = find_simulated(store.database)
    assert {*remove_events(store.database, found)} == {1}
    assert [*everything(store).values()] == [[]] * len(TABLES)


def test_no_statement_goes_through_the_events_of_the_whole_class(store: EventStore) -> None:
    store.append(rehearsed(random.Random(2)))
    found = find_simulated(store.database)
    said: list[str] = []
    store.database.use(lambda made: made.set_trace_callback(said.append))
    assert sum(remove_events(store.database, found))
    store.database.use(lambda made: made.set_trace_callback(None))
    words = {text for text in said if "events" in text and not text.startswith("--")}
    assert words

    def plan(made: sqlite3.Connection) -> list[str]:
        return [row[3] for text in words for row in made.execute(f"EXPLAIN QUERY PLAN {text}")]

    of_events = [step for step in store.database.use(plan) if " events" in step]
    assert of_events
    allowed = ("events_by_student", "INTEGER PRIMARY KEY")
    assert [step for step in of_events if not any(way in step for way in allowed)] == []


def test_cut_off_in_the_middle_it_is_taken_up_again(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "SLICE_S", -1)
    events = rehearsed(random.Random(2))
    store.append(events)
    some = remove_events(store.database, find_simulated(store.database))
    assert [next(some), next(some)] == [1, 1]
    del some
    build(store)
    left = rows_of(store)
    begin_again(store)
    assert rows_of(store) == left
    assert remove(store) == len(events) - 2


def test_an_id_that_another_event_has_by_now_is_left_alone(store: EventStore) -> None:
    chance = random.Random(2)
    store.append(rehearsed(chance))
    found = find_simulated(store.database)
    remove(store)
    ours = real(chance)
    store.append(ours)
    assert sum(remove_events(store.database, found)) == 0
    assert len(everything(store)["events"]) == len(ours)
