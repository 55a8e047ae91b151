"""export: which events of a real collector's file, and what may go wrong."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.cli.eventtable import to_row
from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.reading import StoredEvent

from ..support.commandline import CommandLine
from ..support.exported import an_event, fill, rows


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
