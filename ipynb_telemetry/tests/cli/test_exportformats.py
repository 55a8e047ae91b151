"""export: the events in each format."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from datetime import datetime, timezone
from pathlib import Path

import pyarrow.parquet
import pytest

from ipynb_telemetry.catalog import PROPERTIES
from ipynb_telemetry.cli.eventtable import COLUMNS

from ..support.commandline import CommandLine
from ..support.exported import EVENTS, an_event, fill, rows
from ..support.terminal import on_a_terminal

EVENT_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "events.md"
ENVELOPE = [
    *("uuid", "event", "distinct_id", "notebook", "timestamp", "received_at"),
    *("properties", "person"),
    "name",
]


def test_csv_has_a_row_for_each_event_oldest_first(telemetry: CommandLine, database: Path) -> None:
    outcome = telemetry("export", "--output", "events.csv")
    assert outcome.status == 0, outcome.err
    assert "3 events written to events.csv" in outcome.out
    text = Path("events.csv").read_bytes().decode()
    assert text.startswith('\ufeff"timestamp","student","notebook","event","test","attempt",')
    first, second, third = rows(text[1:])
    assert [row["event"] for row in (first, second, third)] == [
        "cell_executed",
        "hint_used",
        "test_failed",
    ]
    assert (first["student"], first["notebook"], first["seq"]) == ("JOHN_DOE", "D1", "1")
    # As a spreadsheet takes it for a time, in whatever language.
    assert first["timestamp"] == "2026-03-01 10:00:00"
    assert (first["success"], first["duration_ms"], first["error_name"]) == ("true", "12", "")
    # A value of another type than its column is not lost.
    assert (first["attempt"], first["execution_count"]) == ("", "")
    assert json.loads(first["other"]) == {"attempt": "many", "execution_count": 10**30}
    assert json.loads(second["other"]) == {"hint": {"n": [1, "ü"]}, "error": "none"}
    assert (third["error_name"], third["attempt"], third["other"]) == ("AssertionError", "2", "")
    assert (third["cell_id"], third["active_ms"], second["active_ms"]) == ("q1", "61000", "")


def test_csv_runs_nothing_in_a_spreadsheet(telemetry: CommandLine, database: Path) -> None:
    starts = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]  # noqa: RUF001
    fill(
        database,
        [an_event("cell_executed", 5, code=f"{start}1", cell_index=-1) for start in starts],
    )
    table = rows(telemetry("export").out)
    assert table[0]["code"] == '\'=HYPERLINK("http://x")\nä\ufffd'
    assert table[0]["output"] == "'-1"
    assert table[2]["error_value"] == "'=1 + 2"
    assert [row["code"] for row in table[3:]] == [f"'{start}1" for start in starts]
    # Numbers are numbers, and no text of a student's.
    assert {row["cell_index"] for row in table[3:]} == {"-1"}


def cells_of(text: str, separator: str) -> list[str]:
    """Split a table as a program does that has another separator, and so takes no quote for one."""
    return [cell.strip('"') for line in text.splitlines() for cell in line.split(separator)]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_csv_runs_nothing_where_another_separator_is_the_rule(
    telemetry: CommandLine, database: Path, separator: str
) -> None:
    code = f"x{separator}=1+1{separator}+2\n@cmd{separator} y"
    fill(database, [an_event("cell_executed", 5, code=code, output=separator)])
    text = telemetry("export").out
    starts = ("=", "+", "-", "@")
    assert [cell for cell in cells_of(text, separator) if cell.startswith(starts)] == []
    # Every cell is quoted, numbers too.
    assert len(next(csv.reader([text.splitlines()[0]]))) == len(COLUMNS)
    assert '"12","' in text


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminal")
@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_a_terminal_is_told_nothing_by_what_is_stored(
    telemetry: CommandLine, database: Path, name: str
) -> None:
    fill(database, [an_event("cell_executed", 5, code="\x1b]0;pwned\x07\x1b[2J\x9b2J")])
    told = on_a_terminal("export", "--format", name)
    assert "pwned" in told
    assert not {"\x1b", "\x07", "\x9b"} & {*told}


def test_a_hostile_notebook_id_and_student_are_texts_too(
    telemetry: CommandLine, database: Path
) -> None:
    fill(database, [an_event("=x", 9, "=cmd", notebook="@n", **{"=other": 1})])
    row = rows(telemetry("export", "--student", "=cmd").out)[0]
    assert [row["event"], row["student"], row["notebook"]] == ["'=x", "'=cmd", "'@n"]
    assert json.loads(row["other"]) == {"=other": 1}


def test_json_lines_are_the_events_as_they_are_kept(telemetry: CommandLine, database: Path) -> None:
    outcome = telemetry("export", "--format", "jsonl")
    events = [json.loads(line) for line in outcome.out.splitlines()]
    assert [list(event) for event in events] == [ENVELOPE] * 3
    by_name = {event["event"]: event for event in EVENTS}
    run = by_name["cell_executed"] = json.loads(json.dumps(by_name["cell_executed"]))
    apart = ("attempt", "execution_count")  # of another kind than the catalogue says
    run["properties"]["other"] = {name: run["properties"].pop(name) for name in apart}
    for event in events:
        assert event["properties"] == by_name[event["event"]]["properties"]
        assert event["distinct_id"] == by_name[event["event"]]["distinct_id"]


def test_parquet_has_the_same_table_with_types(telemetry: CommandLine, database: Path) -> None:
    outcome = telemetry("export", "--output", "events.parquet", "--json")
    assert outcome.document == {
        "ok": True,
        "database": str(database),
        "format": "parquet",
        "events": 3,
        "output": "events.parquet",
        "problems": [],
        "notes": [],
    }
    table = pyarrow.parquet.read_table("events.parquet")
    assert table.column_names == list(COLUMNS)
    first, _, third = table.to_pylist()
    assert first["code"] == "ä".join(['=HYPERLINK("http://x")\n', "\0"])
    assert (first["success"], first["duration_ms"], first["seq"]) == (True, 12.0, 1)
    assert third["error_traceback"] == "-?"
    assert first["timestamp"] == datetime(2026, 3, 1, 10, tzinfo=timezone.utc)
    assert Path("events.parquet").read_bytes()[:4] == b"PAR1"


def test_parquet_without_pyarrow_says_how_to_get_it(
    telemetry: CommandLine, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    outcome = telemetry("export", "--output", "events.parquet")
    assert outcome.status == 1
    assert 'pip install "ipynb-telemetry[parquet]"' in outcome.err
    assert os.listdir() == []
    assert telemetry("export", "--output", "events.csv").status == 0


def test_the_columns_have_every_property_of_every_event() -> None:
    table = (
        EVENT_PAGE.read_text(encoding="utf-8").partition("| Event | When |")[2].partition("\n\n")[0]
    )
    lines = [line.split("|") for line in table.splitlines() if line.startswith("| `")]
    assert len(lines) > 10
    # Names of values stand in brackets.
    names = {
        name for line in lines for name in re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", line[3]))
    }
    described = {
        n: schema for properties in PROPERTIES.values() for n, schema in properties.items()
    }
    assert names == described.keys()
    # An object has a column for each of its parts, and a list has none.
    objects = {
        name: schema["properties"] for name, schema in described.items() if "properties" in schema
    }
    parts = {f"{name}_{part}" for name, parts in objects.items() for part in parts}
    lists = {name for name, schema in described.items() if "items" in schema}
    assert parts >= {"error_name", "error_value", "error_traceback"}
    names = (names - objects.keys() - lists) | parts
    assert names <= set(COLUMNS), names - set(COLUMNS)
