"""Names from several computers, and computers with several names."""

from __future__ import annotations

from typing import Any

from ipynb_telemetry.answers.members import save_members
from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.asked import Story, ask


def claims(store: EventStore, *pairs: tuple[str, str, int, int], **question: Any) -> Any:
    def write(connection: Any) -> None:
        with transaction(connection):
            connection.execute("DELETE FROM sender")
            connection.executemany("INSERT INTO sender VALUES (?, ?, ?, ?)", pairs)

    store.database.use(write)
    return ask(store, "claims", at_s=60, **question)


def told(result: Any) -> list[tuple[Any, ...]]:
    return [
        (row["claim"], row["students"], row["senders"], row["is_at_once"]) for row in result["rows"]
    ]


def test_a_name_from_a_computer_of_its_own_is_no_row(store: EventStore) -> None:
    found = claims(store, ("a", "ANN_LEE", 1, 9), ("b", "BOB_RAY", 2, 8))
    assert found == {"rows": [], "students": 2, "senders": 2}
    assert claims(store) == {"rows": [], "students": 0, "senders": 0}


def test_a_name_of_several_senders_and_a_sender_of_several_names_are_rows(
    store: EventStore,
) -> None:
    found = claims(
        store,
        ("a", "ANN_LEE", 1_000, 4_000),
        ("b", "ANN_LEE", 5_000, 9_000),
        ("b", "BOB_RAY", 2_000, 8_000),
        ("c", "CAL_POE", 3_000, 3_000),
    )
    # What was at once comes first.
    assert told(found) == [
        ("one_sender", ["ANN_LEE", "BOB_RAY"], 1, True),
        ("one_name", ["ANN_LEE"], 2, False),
    ]
    assert [(row["first_ms"], row["last_ms"]) for row in found["rows"]] == [
        (2_000, 9_000),
        (1_000, 9_000),
    ]
    assert (found["students"], found["senders"]) == (3, 3)
    # A sender tells a student by another student's other computer; nobody reads its id.
    assert not any("sender" in row for row in found["rows"])


def test_a_long_stay_overlaps_whatever_came_between(store: EventStore) -> None:
    pairs = [("a", "ANN_LEE", 1, 100), ("b", "ANN_LEE", 101, 102), ("c", "ANN_LEE", 150, 160)]
    assert told(claims(store, *pairs)) == [("one_name", ["ANN_LEE"], 3, False)]
    pairs[0] = ("a", "ANN_LEE", 1, 155)
    assert told(claims(store, *pairs)) == [("one_name", ["ANN_LEE"], 3, True)]


def test_staff_and_the_simulated_class_make_no_claim(store: EventStore) -> None:
    def change(connection: Any) -> None:
        with transaction(connection):
            save_members(
                connection,
                [Member("TEACHER_T", is_staff=True), Member("ANN_LEE", group="A")],
            )

    store.database.use(change)
    pairs = [
        ("a", "TEACHER_T", 1, 9),
        ("a", "ANN_LEE", 1, 9),
        ("a", "SIMULATED_01~7", 1, 9),
        ("b", "SIMULATED_01~7", 1, 9),
        ("b", "BOB_RAY", 1, 9),
        ("b", "CAL_POE", 1, 9),
    ]
    assert told(claims(store, *pairs)) == [("one_sender", ["BOB_RAY", "CAL_POE"], 1, True)]
    assert told(claims(store, *pairs, group="A")) == []
    assert told(claims(store, *pairs, is_simulated=True)) == []
    pairs.append(("b", "ANN_LEE", 1, 9))
    assert told(claims(store, *pairs, group="A")) == [
        ("one_name", ["ANN_LEE"], 2, True),
        ("one_sender", ["ANN_LEE", "BOB_RAY", "CAL_POE"], 1, True),
    ]


def test_with_an_event_it_is_forgotten_who_sent_as_that_student(store: EventStore) -> None:
    Story(store, "ANN_LEE").run()
    pairs = [("a", "ANN_LEE", 1, 2), ("b", "ANN_LEE", 3, 4), ("a", "BOB_RAY", 5, 6)]
    assert len(claims(store, *pairs)["rows"]) == 2
    store.database.use(lambda connection: connection.execute("DELETE FROM events"))
    assert ask(store, "claims", at_s=60) == {"rows": [], "students": 1, "senders": 1}
