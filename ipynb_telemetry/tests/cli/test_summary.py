"""export --summary: who has done what, in each format."""

from __future__ import annotations

import csv
import json
import sqlite3
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from ipynb_telemetry.cli.main import VERBS
from ipynb_telemetry.cli.summary import COLUMNS

from ..support.commandline import CommandLine
from ..support.exported import fill

PARSE = "2 parse"


def an_event(name: str, student: str, minute: int, **properties: Any) -> dict[str, Any]:
    return {
        "event": name,
        "distinct_id": student,
        "timestamp": f"2026-03-01T10:{minute:02}:00.500Z",
        "properties": {"notebook": "D1", **properties},
    }


def failed(student: str, minute: int, name: str, value: str) -> dict[str, Any]:
    error = {"name": name, "value": value, "traceback": ""}
    return an_event("test_failed", student, minute, test=PARSE, error=error)


CLASS = [
    failed("ANN_LEE", 3, "AssertionError", "1 is not 2"),
    failed("ANN_LEE", 5, "NameError", "name 'x' is not defined"),
    failed("JOHN_DOE", 4, "AssertionError", "3 is not 4"),
    an_event("test_passed", "JOHN_DOE", 9, test=PARSE, error=None),
    an_event("solution_peek", "JOHN_DOE", 8, summary="Solution 2: partition", peek=2),
    an_event("solution_peek", "JOHN_DOE", 7, summary="Solution 2: partition", peek=1),
    an_event("solution_peek", "JOHN_DOE", 1, summary="Solution 1", peek=1),
    # The run of the cell has the error again; it is none of the test's.
    an_event("cell_executed", "ANN_LEE", 5, success=False),
    an_event("session_started", "KIM_LIM", 2),
]


@pytest.fixture
def database(path: Path) -> Path:
    fill(path, CLASS)
    return path


def test_each_student_has_a_row_for_each_test(telemetry: CommandLine, database: Path) -> None:
    outcome = telemetry("export", "--summary", "--output", "class.csv")
    assert outcome.status == 0, outcome.err
    assert "3 rows written to class.csv" in outcome.out
    text = Path("class.csv").read_text(encoding="utf-8-sig")
    ann, john, kim = csv.DictReader(text.splitlines())
    assert list(ann) == list(COLUMNS)
    assert ann == {
        "student": "ANN_LEE",
        "notebook": "D1",
        "test": PARSE,
        "state": "failing",
        "tries": "2",
        "failures": "2",
        "first_seen": "2026-03-01 10:03:00",
        "passed_at": "",
        "first_peek": "",
        "last_error": "NameError: name 'x' is not defined",
        "last_seen": "2026-03-01 10:05:00",
        "group": "",
        "name": "",
    }
    assert (john["state"], john["tries"], john["failures"]) == ("passed", "2", "1")
    assert (john["first_peek"], john["passed_at"]) == ("2026-03-01 10:07:00", "2026-03-01 10:09:00")
    assert john["last_error"] == "AssertionError: 3 is not 4"
    assert (kim["student"], kim["state"], kim["tries"]) == ("KIM_LIM", "not tried", "0")
    assert kim["first_seen"] == ""


def test_the_order_of_arrival_does_not_count_and_tests_stand_as_they_were_met(
    telemetry: CommandLine, database: Path
) -> None:
    fill(database, [an_event("test_passed", "ANN_LEE", 1, test="10 first", error=None)])
    fill(database, [an_event("test_passed", "JOHN_DOE", 20, test=PARSE, error=None)])
    rows = telemetry("export", "--summary", "--json").document["summary"]
    assert [row["test"] for row in rows] == ["10 first"] * 3 + [PARSE] * 3
    john = rows[4]
    assert (john["tries"], john["passed_at"]) == (3, "2026-03-01T10:09:00.500Z")


def test_each_format_says_the_same(telemetry: CommandLine, database: Path) -> None:
    telemetry("export", "--summary", "--output", "class.parquet")
    table = pyarrow.parquet.read_table("class.parquet")
    assert table.column_names == list(COLUMNS)
    rows = table.to_pylist()
    assert rows[0]["tries"] == 2
    assert rows[0]["first_seen"] == datetime(2026, 3, 1, 10, 3, 0, 500_000, tzinfo=timezone.utc)
    lines = telemetry("export", "--summary", "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["state"] for line in lines] == [row["state"] for row in rows]
    document = telemetry("export", "--summary", "--json").document
    assert document["summary"] == [json.loads(line) for line in lines]
    assert document["rows"] == 3
    assert telemetry("export", "--summary").out.startswith('"student","notebook"')


def test_the_table_is_that_of_the_reference(telemetry: CommandLine, database: Path) -> None:
    output = VERBS["export"].OUTPUT.partition("\n")[2]
    assert telemetry("export", "--summary", "--format", "table").out == output


@pytest.mark.parametrize(
    ("test", "solution", "is_of_one"),
    [
        ("2 parse a requirement", "Solution 2: partition", True),
        ("ex2-test", "Solution 2", True),
        ("test_d1_exercise_3", "Solution 3", True),
        ("test_d1_exercise_3", "Solution 1", False),
        ("D1 parse", "Solution 1", False),
        ("q1_2", "Solution 1.2", True),
        ("q1_2", "Solution 1", False),
        ("parse", "Solution", False),
        ("12 parse", "Solution 1", False),
    ],
)
def test_a_solution_is_of_the_test_with_its_number(
    telemetry: CommandLine, test: str, solution: str, is_of_one: bool
) -> None:
    events = [
        an_event("test_passed", "ANN_LEE", 2, test=test, error=None),
        an_event("solution_peek", "ANN_LEE", 1, summary=solution, peek=1),
    ]
    fill(telemetry.data / "ipynb_telemetry" / "events.sqlite3", events)
    (row,) = telemetry("export", "--summary", "--json").document["summary"]
    assert (row["first_peek"] is not None) is is_of_one


def test_odd_values_take_no_summary_down(
    telemetry: CommandLine, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a collector has stored them that looked at no property.
    monkeypatch.setattr(
        "ipynb_telemetry.collector.validation.fitting", lambda _, properties, warn: properties
    )
    odd = [
        an_event("test_failed", "ANN_LEE", 30, test=PARSE, error="none", attempt=10**30),
        an_event("test_failed", "ANN_LEE", 31, test=PARSE, error={"name": 2**53 + 1}),
        an_event("test_failed", "ANN_LEE", 32, test=["a"], error=None),
        an_event("test_passed", "ANN_LEE", 33, error=None),
        an_event("test_passed", "ANN_LEE", 34, test="=\ud800;+1", error=None, duration_ms=2**63),
        an_event("solution_peek", "ANN_LEE", 35, summary=2),
        an_event("solution_peek", "ANN_LEE", 36, summary="2_" * 50),
    ]
    fill(database, odd)
    for name in ("class.csv", "class.parquet", "class.jsonl"):
        outcome = telemetry("export", "--summary", "--output", name)
        assert outcome.status == 0, outcome.err
    rows = list(csv.DictReader(Path("class.csv").read_text("utf-8-sig").splitlines()))
    assert [row["test"] for row in rows] == [PARSE] * 3 + ["'=?;'+1"] * 3
    assert rows[0]["tries"] == "4"
    assert rows[0]["last_error"] == str(2**53 + 1)


def test_simulated_students_are_left_out_unless_they_are_named(
    telemetry: CommandLine, database: Path
) -> None:
    real = telemetry("export", "--summary", "--format", "csv")
    fill(database, [failed("ANN_LEE~7", 3, "KeyError", "'x'"), an_event("paste", "IDA_WU~7", 1)])
    outcome = telemetry("export", "--summary", "--format", "csv")
    assert outcome.out == real.out
    assert outcome.err == "note: 2 simulated students are left out\n"
    named = telemetry("export", "--summary", "--format", "csv", "--student", "ANN_LEE~7")
    assert [row["student"] for row in csv.DictReader(named.out.splitlines())] == ["ANN_LEE~7"]


def test_a_selection_narrows_the_class_too(telemetry: CommandLine, database: Path) -> None:
    def students(*arguments: str) -> list[str]:
        rows = telemetry("export", "--summary", "--json", *arguments).document["summary"]
        return [row["student"] for row in rows]

    fill(database, [an_event("paste", "ANN_LEE", 1, notebook="D2")])
    assert students("--student", "ANN_LEE") == ["ANN_LEE"]
    assert students("--since", "2026-03-01T10:04:00Z") == ["ANN_LEE", "JOHN_DOE"]
    outcome = telemetry("export", "--summary", "--notebook", "D2")
    assert outcome.status == 0
    assert "no test was run in D2" in outcome.err


def test_a_test_of_no_notebook_is_told_as_well(telemetry: CommandLine, database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("UPDATE events SET notebook = NULL WHERE distinct_id = 'ANN_LEE'")
    connection.commit()
    connection.close()
    rows = telemetry("export", "--summary", "--json").document["summary"]
    assert [(row["student"], row["notebook"]) for row in rows] == [
        ("ANN_LEE", None),
        ("JOHN_DOE", "D1"),
        ("KIM_LIM", "D1"),
    ]


ROSTER = "id,group,staff\nANN_LEE,A,\nSAM_TEE,B,\nJOHN_DOE,,yes\n"


def test_a_roster_adds_who_is_missing_and_leaves_out_staff(
    telemetry: CommandLine, database: Path
) -> None:
    Path("roster.csv").write_text(ROSTER)
    outcome = telemetry("export", "--summary", "--roster", "roster.csv", "--output", "class.csv")
    assert outcome.status == 0, outcome.err
    rows = csv.DictReader(Path("class.csv").read_text(encoding="utf-8-sig").splitlines())
    assert [(row["student"], row["group"], row["state"]) for row in rows] == [
        ("ANN_LEE", "A", "failing"),
        ("KIM_LIM", "", "not tried"),
        ("SAM_TEE", "B", "not tried"),
    ]
    shown = telemetry("export", "--summary", "--roster", "roster.csv", "--format", "table")
    assert shown.out.splitlines()[0].split()[:3] == ["student", "group", "notebook"]
    assert shown.out.endswith("\n0 of 3 passed\n")
    one = telemetry(
        "export",
        "--summary",
        "--roster",
        "roster.csv",
        "--student",
        "ANN_LEE",
        "--json",
        "--dry-run",
    )
    assert one.document["rows"] == 1


def test_a_roster_that_cannot_be_used_is_refused(telemetry: CommandLine, database: Path) -> None:
    Path("roster.csv").write_text("name\nAnn Lee\n")
    outcome = telemetry("export", "--summary", "--roster", "roster.csv", "--output", "class.csv")
    assert outcome.status == 1
    assert "roster.csv has no column id" in outcome.err
    assert not Path("class.csv").exists()
    outcome = telemetry("export", "--roster", "roster.csv", "--output", "events.csv")
    assert outcome.status == 2
    assert "--roster is for --summary" in outcome.err
