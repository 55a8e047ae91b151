"""`jupyter telemetry access`, and what the command line itself reads."""

import csv
import io
import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from ipynb_telemetry.cli.main import VERBS
from ipynb_telemetry.store.accesslog import Page, log_access, read_accesses
from ipynb_telemetry.store.aliases import save_alias
from ipynb_telemetry.store.events import EventStore

from ..support.aggregates import ran
from ..support.commandline import CommandLine

READER = "an account (command line)"


@pytest.fixture
def store(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> EventStore:
    monkeypatch.setattr("getpass.getuser", lambda: "an account")
    store.append([ran(1), ran(1, student="ANN_LEE")])
    return store


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def look(store: EventStore, page: Page, *minutes: int) -> None:
    begin = int(datetime(2026, 3, 1, 13, tzinfo=timezone.utc).timestamp() * 1000)

    def write(made: sqlite3.Connection) -> None:
        for minute in minutes:
            log_access(made, page, begin + minute * 60_000)

    store.database.use(write)


def pages(store: EventStore) -> list[Page]:
    return [visit.page for visit in store.database.use(read_accesses)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no tzset")
def test_the_output_in_the_reference_is_what_is_said(
    telemetry: CommandLine, store: EventStore, utc: None
) -> None:
    look(store, Page("teacher"), *range(0, 43, 6))
    look(store, Page("teacher", "JOHN_DOE", "D1"), 5)
    look(store, Page("teacher", "ANN_LEE", "D1"), 6)
    outcome = telemetry("access", "--student", "JOHN_DOE")
    assert outcome.out == VERBS["access"].OUTPUT.partition("\n")[2]
    assert len(telemetry("access", "--json").document["visits"]) == 3
    assert len(pages(store)) == 3, "reading the log is no reading of students"


def test_a_table_for_spreadsheets(telemetry: CommandLine, store: EventStore) -> None:
    look(store, Page("=teacher", "", "D1", "a"), 0)
    (row,) = csv.DictReader(io.StringIO(telemetry("access", "--csv").out))
    assert row["from"] == "2026-03-01 13:00:00"
    assert (row["reader"], row["what"], row["cell"]) == ("'=teacher", "cell", "a")


def test_what_the_command_line_reads_is_written_down(
    telemetry: CommandLine, store: EventStore, tmp_path: Path
) -> None:
    for _ in range(2):
        assert telemetry("answers", "needs").status == 0
    assert pages(store) == [Page(READER)]
    telemetry("export", "--student", "ANN_LEE", "--output", tmp_path / "ann.csv")
    telemetry("export", "--output", tmp_path / "all.csv")
    assert pages(store) == [Page(READER), Page(READER, "ANN_LEE")]
    telemetry("export", "--student", "JOHN_DOE", "--dry-run")
    telemetry("answers", "needs", "--dry-run")
    telemetry("roster")
    assert len(pages(store)) == 2


def test_a_log_that_cannot_be_written_is_said(
    telemetry: CommandLine, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipynb_telemetry.cli.collectorfile._PATIENCE_S", 0.1)

    def read() -> None:
        outcome = telemetry("answers", "needs")
        assert outcome.status == 0
        assert "the access log does not have this reading" in outcome.err

    def hold(made: object) -> None:
        made.execute("BEGIN IMMEDIATE")  # type: ignore[attr-defined]
        read()
        made.execute("ROLLBACK")  # type: ignore[attr-defined]

    store.database.use(hold)
    assert pages(store) == []


def test_a_page_that_stays_open_does_not_bring_an_erased_student_back(
    telemetry: CommandLine, store: EventStore
) -> None:
    page = Page("teacher", "JOHN_DOE")
    look(store, page, 0)
    assert telemetry("forget", "JOHN_DOE", "--yes").status == 0
    look(store, page, 30)
    assert pages(store) == []


def test_what_was_read_under_a_merged_name_is_the_person_s(
    telemetry: CommandLine, store: EventStore
) -> None:
    for student in ("JOHN_DOE", "ANN_LEE", "EVE_ROE"):
        look(store, Page("teacher", student), 0)
    store.database.use(
        lambda made: save_alias(made, "ANN_LEE", [], "JOHN_DOE", said_by="teacher", at_ms=1)
    )
    for named in ("JOHN_DOE", "ANN_LEE"):
        visits = telemetry("access", "--json", "--student", named).document["visits"]
        assert [visit["student"] for visit in visits] == ["JOHN_DOE", "ANN_LEE"]
