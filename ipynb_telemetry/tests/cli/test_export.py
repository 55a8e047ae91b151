"""export: the events of a real collector's file, in each format."""

from __future__ import annotations

import csv
import json
import logging
import os
import re
import sqlite3
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from ipynb_telemetry.answers.people import Statement, say
from ipynb_telemetry.catalog import PROPERTIES
from ipynb_telemetry.cli.eventtable import COLUMNS, to_row
from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.reading import StoredEvent

from ..support.commandline import CommandLine
from ..support.terminal import on_a_terminal

EVENT_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "events.md"
ENVELOPE = [
    *("uuid", "event", "distinct_id", "notebook", "timestamp", "received_at"),
    *("properties", "person"),
    "name",
]


def an_event(name: str, day: int, student: str = "JOHN_DOE", **properties: Any) -> dict[str, Any]:
    return {
        "event": name,
        "distinct_id": student,
        "timestamp": f"2026-03-{day:02}T10:00:00Z",
        "properties": {"notebook": "D1", "distinct_id": student, "seq": day, **properties},
    }


EVENTS = [
    an_event("test_failed", 3, "ANN_LEE", test="adds up", attempt=2, duration_ms=1.5,
             cell_id="q1", active_ms=61000,
             error={"name": "AssertionError", "value": "=1 + 2", "traceback": "-\ud800"}),
    an_event("cell_executed", 1, code='=HYPERLINK("http://x")\nä\0', output="-1", success=True,
             duration_ms=12, error=None, attempt="many", execution_count=10**30),
    an_event("hint_used", 2, notebook="D2", hint={"n": [1, "ü"]}, error="none"),
]  # fmt: skip


@pytest.fixture
def database(telemetry: CommandLine) -> Path:
    """Where the collector keeps its events when nothing is set, with three events."""
    path = telemetry.data / "ipynb_telemetry" / "events.sqlite3"
    fill(path, EVENTS)
    return path


def fill(path: Path, events: list[dict[str, Any]]) -> None:
    store = EventStore(str(path), logging.getLogger())
    store.append(check_events(events))
    store.close()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(keepends=True)))


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
    # What is of another type than its column is not lost.
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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--output", "class.xlsx"), "csv, jsonl or parquet, not .xlsx"),
        (("--format", "table"), "for --summary"),
        (("--summary", "--format", "table", "--output", "class.csv"), "give no --output"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    telemetry: CommandLine, database: Path, arguments: tuple[str, ...], words: str
) -> None:
    outcome = telemetry("export", *arguments)
    assert outcome.status == 2
    assert words in outcome.err
    assert os.listdir() == []
    assert telemetry("export", "--output", "class.xlsx", "--format", "csv").status == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--student", "Ann Lee"), "no such student: Ann Lee; there are ANN_LEE, JOHN_DOE"),
        (("--student", "JOHN_DOE", "--student", "\x1b"), "no such student: \\x1b; there are"),
        (("--notebook", "d2"), "no such notebook: d2; there are D2, D1"),
        (("--notebook", "' OR 1=1 --"), "no such notebook: ' OR 1=1 --; there are D1, D2"),
    ],
)
@pytest.mark.parametrize("more", [(), ("--summary",)])
def test_a_name_that_nobody_has_is_told_with_those_there_are(
    telemetry: CommandLine,
    database: Path,
    arguments: tuple[str, ...],
    words: str,
    more: tuple[str, ...],
) -> None:
    outcome = telemetry("export", *arguments, "--output", "a.csv", *more)
    assert outcome.status == 1
    assert words in outcome.err
    assert os.listdir() == []


def test_of_many_names_the_nearest_are_told(telemetry: CommandLine, database: Path) -> None:
    fill(database, [an_event("paste", 1, f"STUDENT_{n}") for n in range(30)])
    told = telemetry("export", "--student", "anne lee").err
    assert "there are ANN_LEE, JOHN_DOE, STUDENT_0, " in told
    assert told.endswith("and 24 more\n")


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


@pytest.mark.parametrize(
    ("arguments", "events"),
    [
        (["--student", "ANN_LEE"], ["test_failed"]),
        (["--student", "ANN_LEE", "--student", "JOHN_DOE", "--notebook", "D2"], ["hint_used"]),
        (["--since", "2026-03-02"], ["hint_used", "test_failed"]),
        (["--since", "2026-03-02T12:00:00.001+02:00"], ["test_failed"]),
        (["--since", "2027-01-01"], []),
    ],
)
def test_what_is_asked_for_and_no_more(
    telemetry: CommandLine, database: Path, arguments: list[str], events: list[str]
) -> None:
    outcome = telemetry("export", *arguments)
    assert outcome.status == 0
    assert [row["event"] for row in rows(outcome.out)] == events
    assert f"{len(events)} events" in telemetry("export", "--dry-run", *arguments).out


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


def test_it_reads_while_a_server_writes_and_changes_nothing(
    telemetry: CommandLine, database: Path
) -> None:
    before = database.read_bytes()
    writer = EventStore(str(database), logging.getLogger())
    try:
        writer.append(check_events([an_event("paste", 4)]))
        # The event is in the second file only yet.
        assert database.read_bytes() == before
        assert len(rows(telemetry("export").out)) == 4
        writer.append(check_events([an_event("paste", 5)]))
        assert len(rows(telemetry("export").out)) == 5
        assert database.read_bytes() == before
    finally:
        writer.close()
    assert len(rows(telemetry("export").out)) == 5


def test_the_servers_own_settings_say_where_the_file_is(
    telemetry: CommandLine, database: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.sqlite3"
    fill(elsewhere, [an_event("paste", 1)])
    telemetry.config.mkdir(exist_ok=True)
    settings = telemetry.config / "jupyter_server_config.py"
    settings.write_text(f"c.IpynbTelemetryApp.database_path = {str(elsewhere)!r}")
    assert [row["event"] for row in rows(telemetry("export").out)] == ["paste"]
    assert len(rows(telemetry("export", "--database", database).out)) == 3
    settings.write_text('c.IpynbTelemetryApp.database_path = ":memory:"')
    assert "in memory" in telemetry("export").err


def test_what_cannot_be_exported_is_said_and_no_file_is_left(
    telemetry: CommandLine, database: Path
) -> None:
    Path("old.csv").write_text("old")

    def refuses(status: int, words: str, *arguments: str | Path) -> None:
        outcome = telemetry("export", *arguments)
        assert outcome.status == status
        assert words in outcome.err
        assert outcome.out == ""
        assert "Traceback" not in outcome.err

    refuses(1, "no collector's file", "--database", "gone", "--output", "old.csv")
    Path("text").write_text("not SQLite " * 100)
    refuses(1, "cannot be read", "--database", "text", "--output", "old.csv")
    sqlite3.connect("other").close()
    Path("other").touch()
    refuses(1, "cannot be read", "--database", "other", "--output", "old.csv")
    refuses(2, "no day and no time", "--since", "yesterday", "--output", "old.csv")
    refuses(2, "the collector's own file", "--output", database, "--format", "csv")
    refuses(1, "cannot be written", "--output", "gone/events.csv")
    refuses(1, "cannot be written", "--output", ".")
    assert Path("old.csv").read_text() == "old"
    assert sorted(os.listdir()) == ["old.csv", "other", "text"]
    assert telemetry("export", "--json").status == 2


def test_a_failure_in_the_middle_leaves_what_was_there(
    telemetry: CommandLine, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("events.csv").write_text("yesterday's")

    def fail(event: StoredEvent, person: str, name: str) -> dict[str, Any]:
        return {} if event.event == "hint_used" else to_row(event, person, name)

    monkeypatch.setattr("ipynb_telemetry.cli.commands.export.to_row", fail)
    with pytest.raises(KeyError):
        telemetry("export", "--output", "events.csv")
    assert Path("events.csv").read_text() == "yesterday's"
    assert os.listdir() == ["events.csv"]


def test_memory_does_not_grow_with_the_events(telemetry: CommandLine, database: Path) -> None:
    # In processes of their own. Linux counts the peak of the process that started another one
    # among `ru_maxrss`; VmHWM, in KiB too, is of the started process alone.
    def peak_kib(name: str) -> int:
        code = (
            "import re, resource; from pathlib import Path;"
            "from ipynb_telemetry.cli.main import main;"
            f"assert main(['export', '--output', {name!r}]) == 0;"
            "status = Path('/proc/self/status');"
            "linux = status.exists() and re.search(r'VmHWM:\\s*(\\d+)', status.read_text());"
            "print(linux[1] if linux else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        return int(ran.stdout.split()[-1])

    few = peak_kib("few.csv")
    code = "x" * 5000
    for _ in range(10):
        fill(database, [an_event("cell_executed", 1, code=code) for _ in range(1000)])
    many = peak_kib("many.csv")
    assert Path("many.csv").stat().st_size > 50_000_000
    assert many - few < 10_000


def test_a_reader_that_goes_away_is_no_error(telemetry: CommandLine, database: Path) -> None:
    fill(database, [an_event("cell_executed", 1, code="x" * 10_000) for _ in range(200)])
    command = [sys.executable, "-m", "ipynb_telemetry", "export"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


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
