"""export: the events of students whose names were merged or split."""

from __future__ import annotations

import json
import logging
import sqlite3
from pathlib import Path

from ipynb_telemetry.answers.people import Statement, say
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.events import EventStore

from ..support.commandline import CommandLine
from ..support.exported import an_event, fill, rows


def merge(path: Path, student: str, *sessions: str, person: str) -> None:
    store = EventStore(str(path), logging.getLogger())

    def write(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            say(connection, Statement(student, sessions, person), "staff", 1)

    store.database.use(write)
    store.close()


def test_names_of_one_person_are_exported_as_one(telemetry: CommandLine, database: Path) -> None:
    session = "7e1c2a52-6e1b-4f0e-9b67-0d4b9f6d8f11"
    fill(
        database,
        [
            an_event("test_passed", 4, "ANN_LE", test="adds up", error=None),
            an_event("test_passed", 5, "KIM_LIM", test="adds up", error=None, session_id=session),
            an_event("test_failed", 6, "KIM_LIM", test="adds up", error=None),
        ],
    )
    merge(database, "ANN_LE", person="ANN_LEE")
    merge(database, "KIM_LIM", session, person="KIM_LIM (2)")
    table = rows(telemetry("export").out)
    assert [(row["student"], row["sent_as"]) for row in table[2:]] == [
        ("ANN_LEE", "ANN_LEE"),
        ("ANN_LEE", "ANN_LE"),
        ("KIM_LIM (2)", "KIM_LIM"),
        ("KIM_LIM", "KIM_LIM"),
    ]
    for name in ("ANN_LEE", "ANN_LE"):
        named = rows(telemetry("export", "--student", name).out)
        assert [row["sent_as"] for row in named] == ["ANN_LEE", "ANN_LE"]
    (kim,) = rows(telemetry("export", "--student", "KIM_LIM").out)
    assert kim["event"] == "test_failed"
    outcome = telemetry("export", "--student", "KIM_LIM (2)", "--output", "kim.jsonl")
    assert "1 events written" in outcome.out
    (line,) = map(json.loads, Path("kim.jsonl").read_text().splitlines())
    assert (line["person"], line["distinct_id"]) == ("KIM_LIM (2)", "KIM_LIM")
    summary = telemetry("export", "--summary", "--json").document["summary"]
    assert [(row["student"], row["state"], row["tries"]) for row in summary] == [
        ("ANN_LEE", "passed", 2),
        ("JOHN_DOE", "not tried", 0),
        ("KIM_LIM", "failing", 1),
        ("KIM_LIM (2)", "passed", 1),
    ]


def test_a_file_of_a_version_without_persons_is_exported(
    telemetry: CommandLine, database: Path
) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("DROP TABLE person_alias")
    connection.close()
    assert {row["student"] for row in rows(telemetry("export").out)} == {"ANN_LEE", "JOHN_DOE"}
