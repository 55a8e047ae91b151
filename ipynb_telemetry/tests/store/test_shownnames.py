"""What students are called who may write their names in whatever letters."""

from __future__ import annotations

import sqlite3

import pytest

from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.store.erasure import erase
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.shownnames import read_names
from ipynb_telemetry.tests.support.aggregates import told
from ipynb_telemetry.tests.support.asked import ask, expect

LEILA = "\u0644\u064a\u0644\u0649"


def names(store: EventStore) -> dict[str, str]:
    return store.database.use(read_names)


def begin(store: EventStore, student: str, name: object, seq: int = 1) -> None:
    store.append([told("session_started", seq, seq, student=student, student_name=name)])


def test_the_class_is_told_names_and_ids(store: EventStore) -> None:
    begin(store, "STUDENT-7F3K2A", LEILA)
    begin(store, "STUDENT-0QZ81M", LEILA)
    begin(store, "SEAN-7F3K2A", "Sean")
    begin(store, "SEAN-7F3K2A", "Se\u00e1n", seq=2)
    expect(store, Member("STUDENT-0QZ81M", "Leila B."))
    known = [(each["student"], each["name"]) for each in ask(store, "overview")["students"]]
    assert known == [
        ("STUDENT-0QZ81M", "Leila B."),
        ("SEAN-7F3K2A", "Se\u00e1n"),
        ("STUDENT-7F3K2A", LEILA),
    ]


@pytest.mark.parametrize("name", [None, 5, "", "a\u202eb", "x" * 201, ["a"], "a\nb"])
def test_a_name_that_cannot_be_shown_is_none(store: EventStore, name: object) -> None:
    begin(store, "ANN-7F3K2A", name)
    assert names(store) == {}


def test_an_id_that_is_a_name_is_shown_as_it_is(store: EventStore) -> None:
    begin(store, "ANN_LEE", "John Doe")
    assert names(store) == {}


def test_other_events_name_nobody(store: EventStore) -> None:
    store.append([told("custom", 1, student="ANN-7F3K2A", student_name="Bob")])
    assert names(store) == {}


def test_a_name_goes_with_the_last_event(store: EventStore) -> None:
    begin(store, "ANN-7F3K2A", "Ann")
    store.append([told("blur", 2, 2, student="ANN-7F3K2A", reason="tab")])

    def delete(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM events WHERE event = 'session_started'")

    store.database.use(delete)
    assert names(store) == {"ANN-7F3K2A": "Ann"}
    list(erase(store.database, "ANN-7F3K2A"))
    assert names(store) == {}
