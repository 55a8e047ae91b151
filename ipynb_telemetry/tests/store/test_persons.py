"""Whose sessions are: aliases that are set, taken back and outlived, and the rows that follow."""

from __future__ import annotations

import random
import sqlite3
from contextlib import suppress
from typing import Any

import pytest

from ipynb_telemetry.answers.people import Statement, say
from ipynb_telemetry.store.aliases import ALL, AliasError, Aliases, read_changes
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.erasure import erase, find_student
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.removal import Part, remove_events
from ipynb_telemetry.tests.support.aggregates import begin_again, build, ran, random_class, rows_of

OTHER = "0c1d2e3f-6e1b-4f0e-9b67-0d4b9f6d8f11"


def state(store: EventStore, student: str, *sessions: str, person: str) -> int:
    """Say that sessions under a name are of a person."""

    def write(connection: sqlite3.Connection) -> int:
        with transaction(connection):
            return say(connection, Statement(student, sessions, person), "staff", 1)

    return store.database.use(write)


def undo(store: EventStore, change: int) -> None:
    def write(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            say(connection, change, "other staff", 2)

    store.database.use(write)


def persons(store: EventStore) -> set[tuple[str, str]]:
    return {(row["student"], row["person"]) for row in rows_of(store)["session_audit"]}


def runs(store: EventStore) -> dict[str, int]:
    return {row["student"]: row["runs"] for row in rows_of(store)["item_state"]}


def test_two_names_of_one_person_have_one_row_and_two_again_when_that_is_taken_back(
    store: EventStore,
) -> None:
    store.append([ran(1, student="ANN_LEE"), ran(1, 5, student="ANN_LE", session_id=OTHER)])
    before = rows_of(store)
    change = state(store, "ANN_LE", person="ANN_LEE")
    assert persons(store) == {("ANN_LEE", "ANN_LEE"), ("ANN_LE", "ANN_LEE")}
    assert runs(store) == {"ANN_LEE": 2}
    # What comes later under the old name is of the person, too.
    store.append([ran(2, 9, student="ANN_LE", session_id=OTHER)])
    store.append([ran(1, 9, student="ANN_LE", notebook="D2")])
    assert [row["runs"] for row in rows_of(store)["item_state"]] == [3, 1]
    undo(store, change)
    assert persons(store) == {("ANN_LEE", "ANN_LEE"), ("ANN_LE", "ANN_LE")}
    with pytest.raises(AliasError):
        undo(store, change)
    kept = [row for row in rows_of(store)["item_state"] if row["student"] == "ANN_LEE"]
    assert kept == [row for row in before["item_state"] if row["student"] == "ANN_LEE"]


def test_sessions_are_split_off(store: EventStore) -> None:
    store.append([ran(1, student="ANN_LEE"), ran(1, 5, student="ANN_LEE", session_id=OTHER)])
    assert runs(store) == {"ANN_LEE": 2}
    state(store, "ANN_LEE", OTHER, person="ANN_LEE (2)")
    assert runs(store) == {"ANN_LEE": 1, "ANN_LEE (2)": 1}
    # The second one is found to be somebody whom another name is known of.
    state(store, "ANN_LEE (2)", person="ANA_LEE")
    assert runs(store) == {"ANN_LEE": 1, "ANA_LEE": 1}


def test_what_contradicts_is_refused(store: EventStore) -> None:
    store.append([ran(1, student=student) for student in "ABC"])
    state(store, "A", person="B")
    state(store, "B", person="C")
    for student, sessions, person in (
        ("A", (), "C"),  # is somebody else's already
        ("C", (), "A"),  # a circle
        ("C", (), "C"),
        ("C", (OTHER,), "D"),  # no such session
        ("NOBODY", (), "C"),
    ):
        with pytest.raises(AliasError):
            state(store, student, *sessions, person=person)
    assert persons(store) == {("A", "C"), ("B", "C"), ("C", "C")}
    said = store.database.use(read_changes)
    assert [(each.student, each.person) for each in said] == [("B", "C"), ("A", "B")]


def test_a_circle_in_the_file_has_an_end() -> None:
    aliases = Aliases([("A", ALL, "B"), ("B", ALL, "A")])
    assert {aliases.of("A"), aliases.of("B")} <= {"A", "B"}


@pytest.mark.parametrize("seed", range(8))
def test_rows_are_those_of_a_store_that_is_built_anew(store: EventStore, seed: int) -> None:
    chance = random.Random(seed)
    events = random_class(chance, sessions=9, length=30)
    middle = len(events) // 2
    store.append(events[:middle])
    build(store)
    said: list[int] = []
    sessions = [row["session"] for row in rows_of(store)["session_audit"]]
    for number in range(40):
        student, person = chance.sample(["S0", "S1", "S2", "S3"], 2)
        which = chance.sample(sessions, chance.randrange(3))
        if number % 3 == 2 and said:
            undo(store, said.pop(chance.randrange(len(said))))
        with suppress(AliasError):
            said.append(state(store, student, *which, person=person))
    assert any(student != person for student, person in persons(store))
    chance.shuffle(events)
    for at in range(0, len(events), 29):
        store.append(events[at : at + 29])
    build(store)
    check_built(store)
    gone = [event for event in events if chance.random() < 0.1]
    ids = dict(store.database.use(lambda made: made.execute("SELECT uuid, id FROM events")))
    list(
        remove_events(
            store.database,
            [
                Part(event.distinct_id, event.notebook, [(ids[event.uuid], event.uuid)])
                for event in gone
            ],
        )
    )
    build(store)
    check_built(store)
    list(erase(store.database, "S1"))
    assert not any(store.database.use(lambda made: find_student(made, "S1"))._replace(mentions=0))
    build(store)
    check_built(store)


def check_built(store: EventStore) -> None:
    left: dict[str, Any] = rows_of(store)
    begin_again(store)
    assert rows_of(store) == left
