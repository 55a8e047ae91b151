"""A class of which events have codes: names, groups and staff are those of the roster."""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.answers.codesecret import secret_file
from ipynb_telemetry.answers.people import Statement, say
from ipynb_telemetry.answers.pseudonyms import THERE, ids_of, read_class, read_shown
from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.answers.studentcodes import code_of
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.asked import Story, ask, expect

SECRET = bytes(range(32))
ANN, JOHN, KIM, TESS = (code_of(SECRET, each) for each in ("s-1", "s-2", "s-3", "t-1"))
MEMBERS = (
    Member("s-1", "Ann Lee", "A"),
    Member("s-2", "John Doe", "B"),
    Member("s-3", "Ann Lee", "B"),
    Member("t-1", "Tess", "", is_staff=True),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    path = tmp_path / "events.sqlite3"
    secret_file(path).write_text(f"{SECRET.hex()}\n")
    store = EventStore(str(path), logging.getLogger("ipynb_telemetry"))
    expect(store, *MEMBERS)
    yield store
    store.close()


def known(store: EventStore) -> list[tuple[Any, ...]]:
    return [tuple(each.values()) for each in ask(store, "overview")["students"]]


def test_whoever_came_under_a_code_is_called_as_in_the_roster(store: EventStore) -> None:
    Story(store, ANN).run()
    Story(store, TESS).run()
    Story(store, code_of(bytes(32), "s-2")).run()
    overview = ask(store, "overview")
    assert known(store) == [
        (ANN, "Ann Lee", "A", False, True),
        ("s-2", "John Doe", "B", False, True),
        ("s-3", "Ann Lee", "B", False, True),
        (TESS, "Tess", "", True, True),
        (code_of(bytes(32), "s-2"), "", "", False, False),
    ]
    assert overview["notebooks"][0]["students"] == 2, "staff counts nowhere"
    rows = [each["student"] for each in ask(store, "students")["rows"]]
    assert rows == [ANN, "s-2", "s-3", code_of(bytes(32), "s-2")]
    assert [each["student"] for each in ask(store, "students", group="A")["rows"]] == [ANN]


def test_what_came_under_both_ids_has_one_name_and_can_be_merged(store: EventStore) -> None:
    Story(store, ANN).run()
    Story(store, "s-1").run().run()
    assert ("s-1", "Ann Lee", "A", False, False) in known(store)
    assert len(ask(store, "students", group="A")["rows"]) == 2

    def merge(connection: Any) -> None:
        with transaction(connection):
            say(connection, Statement(ANN, (), "s-1"), "staff", 1)

    store.database.use(merge)
    (row,) = ask(store, "students", group="A")["rows"]
    assert (row["student"], row["runs"]) == ("s-1", 3)
    assert known(store)[0] == ("s-1", "Ann Lee", "A", False, True)
    assert len(known(store)) == 4


def test_who_was_merged_with_somebody_else_is_no_absent_student(store: EventStore) -> None:
    Story(store, ANN).run()
    Story(store, JOHN).run()

    def merge(connection: Any) -> None:
        with transaction(connection):
            say(connection, Statement(ANN, (), JOHN), "staff", 1)

    store.database.use(merge)
    assert [each["student"] for each in ask(store, "students")["rows"]] == [JOHN, "s-3"]


def test_names_are_told_apart_by_the_id(store: EventStore) -> None:
    assert store.database.use(read_shown) == {
        ANN: "Ann Lee (s-1)",
        JOHN: "John Doe",
        KIM: "Ann Lee (s-3)",
        TESS: "Tess",
    }


@pytest.mark.parametrize(
    ("named", "ids"),
    [
        ("s-2", [["s-2", JOHN]]),
        (JOHN, [["s-2", JOHN]]),
        (" john  DOE", [["s-2", JOHN]]),
        ("Ann Lee", [["s-1", ANN], ["s-3", KIM]]),
        ("KIM_LIM", [["KIM_LIM"]]),
        ("", [[""]]),
    ],
)
def test_a_student_is_found_by_id_code_and_name(
    store: EventStore, named: str, ids: list[list[str]]
) -> None:
    assert store.database.use(lambda connection: ids_of(connection, named)) == ids


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        ("Ann  Lee", "Ann Lee", "Ann Lee"),
        ("Zoe\u0308 Roe", "Zo\u00eb Roe", "zo\u00eb roe"),
        ("Zoe\u0308 Roe", "ZO\u00cb ROE", "Zoe\u0308  Roe"),
    ],
)
def test_two_whose_names_read_alike_are_two(
    store: EventStore, one: str, other: str, named: str
) -> None:
    expect(store, Member("n-1", one), Member("n-2", other))
    codes = [code_of(SECRET, each) for each in ("n-1", "n-2")]
    found = store.database.use(lambda connection: ids_of(connection, named))
    assert found == [["n-1", codes[0]], ["n-2", codes[1]]]
    shown = store.database.use(read_shown)
    assert [shown[code] for code in codes] == [f"{one} (n-1)", f"{other} (n-2)"]


def test_without_the_secret_nobody_is_called_anything(store: EventStore) -> None:
    Story(store, ANN).run()
    path = secret_file(Path(store.database.path))
    for content in ("", "no secret"):
        path.write_text(content)
        assert (ANN, "", "", False, False) in known(store)
    path.unlink()
    assert (ANN, "", "", False, False) in known(store)
    assert store.database.use(lambda connection: ids_of(connection, "John Doe")) == [["s-2"]]


def test_whose_a_code_is_is_written_down_nowhere(store: EventStore) -> None:
    Story(store, ANN).run()
    assert "Ann Lee" in json.dumps(ask(store, "overview"))
    ask(store, "needs", until_ms=2**50)
    tables = store.database.use(
        lambda connection: [
            row
            for (table,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table'"
            ).fetchall()
            for row in connection.execute(f"SELECT * FROM {table}")
        ]
    )
    assert [row for row in tables if ANN in row]
    assert not [row for row in tables if ANN in row and {"s-1", "Ann Lee"} & {*row}]
    assert SECRET.hex() not in str(tables)


def test_the_join_costs_students_and_no_events(store: EventStore) -> None:
    members = [Member(f"n-{number}", f"Name {number}") for number in range(5000)]
    expect(store, *members)
    codes = [code_of(SECRET, member.id) for member in members]
    rows = [(code, "D1", str(n), 0, 0, code) for n in range(4) for code in codes]
    store.database.use(
        lambda connection: connection.executemany(
            "INSERT INTO session_audit (student, notebook, session, simulated, rev, person)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            rows,
        )
    )
    tables: set[str] = set()

    def allow(action: int, table: str | None, *_: Any) -> int:
        if action == sqlite3.SQLITE_READ and table:
            tables.add(table)
        return sqlite3.SQLITE_OK

    def read(connection: sqlite3.Connection) -> Any:
        connection.set_authorizer(allow)
        try:
            return read_class(connection), connection.execute(
                f"EXPLAIN QUERY PLAN {THERE.format('(?)')}", ("",)
            ).fetchall()
        finally:
            connection.set_authorizer(None)

    begin = time.perf_counter()
    roster, plan = store.database.use(read)
    assert time.perf_counter() - begin < 2
    assert [member.id for member in roster] == codes
    assert tables >= {"roster", "session_audit"}
    assert not tables & {"events", "facts", "cell_state", "item_state"}
    assert not [row for row in plan if row[3].startswith("SCAN session_audit")]
