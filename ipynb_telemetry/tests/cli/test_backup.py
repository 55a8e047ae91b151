"""`jupyter telemetry backup`: a whole copy, beside a server that stores."""

import logging
import os
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from ipynb_telemetry.answers.codesecret import secret_file
from ipynb_telemetry.cli.main import VERBS
from ipynb_telemetry.store.events import EventStore

from ..support.aggregates import ran
from ..support.classprocess import ClassProcess
from ..support.commandline import CommandLine
from ..support.storedevents import events, raw_event


@pytest.fixture
def store(store: EventStore) -> EventStore:
    store.append([ran(seq) for seq in range(1, 5)])
    return store


def count(path: Path) -> int:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


def test_the_output_in_the_reference_is_what_is_said(
    telemetry: CommandLine, store: EventStore
) -> None:
    outcome = telemetry("backup", "events-backup.sqlite3")
    assert outcome.out == VERBS["backup"].OUTPUT.partition("\n")[2]
    copy = Path("events-backup.sqlite3")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [*Path().iterdir()] == [copy], "one file, and nothing half done beside it"
    assert count(copy) == 4
    reused = EventStore(str(copy), logging.getLogger("ipynb_telemetry"))
    assert reused.append([ran(5)]) == 1
    reused.close()


def test_nothing_is_overwritten_unasked(telemetry: CommandLine, store: EventStore) -> None:
    copy = Path("copy.sqlite3")
    copy.write_text("mine")
    outcome = telemetry("backup", copy)
    assert (outcome.status, "--force" in outcome.err) == (1, True)
    assert copy.read_text() == "mine"
    assert telemetry("backup", copy, "--force", "--dry-run").out.endswith("would be replaced\n")
    assert copy.read_text() == "mine"
    assert telemetry("backup", copy, "--force").status == 0
    assert count(copy) == 4
    own = store.database.path
    for wrong in (own, f"{own}-wal"):
        assert telemetry("backup", wrong, "--force").status == 2
    assert len(os.listdir(".")) == 1


def test_the_secret_of_codes_is_in_no_copy(telemetry: CommandLine, store: EventStore) -> None:
    path = Path(store.database.path)
    Path("class.csv").write_text("id,name\nANN_LEE,Ann Lee\n")
    telemetry("roster", "class.csv")
    (made,) = telemetry("codes", "--json").document["codes"]
    secret = secret_file(path).read_text().strip()
    outcome = telemetry("backup", "copy.sqlite3")
    assert f"is not in the copy: keep {secret_file(path)} where no events are" in outcome.err
    copied = Path("copy.sqlite3").read_bytes()
    assert b"Ann Lee" in copied
    for hidden in (secret.encode(), bytes.fromhex(secret), made["code"].encode()):
        assert hidden not in copied


def test_a_place_that_cannot_be_written_is_said(telemetry: CommandLine, store: EventStore) -> None:
    outcome = telemetry("backup", "no/such/folder.sqlite3")
    assert (outcome.status, "cannot be written" in outcome.err) == (1, True)


def test_no_store_makes_no_copy(telemetry: CommandLine) -> None:
    assert telemetry("backup", "copy.sqlite3").status == 1
    assert os.listdir(".") == []


def test_a_writer_is_not_held_up_and_the_copy_is_of_one_moment(
    telemetry: CommandLine, store: EventStore
) -> None:
    store.append(events(2000, properties={"code": "x" * 2000}))
    done = threading.Event()
    stored = [2004]

    def go_on() -> None:
        busy = EventStore(store.database.path, logging.getLogger("ipynb_telemetry"))
        while not done.is_set():
            stored[0] += busy.append(events(10))
        busy.close()

    writing = threading.Thread(target=go_on)
    writing.start()
    for number in range(5):
        before = stored[0]
        document = telemetry("backup", f"{number}.sqlite3", "--json").document
        after = stored[0] + 10
        assert before <= document["events"] <= after
        assert count(Path(f"{number}.sqlite3")) == document["events"]
    done.set()
    writing.join()


def test_a_collector_that_runs_is_copied(telemetry: CommandLine, tmp_path: Path) -> None:
    running = ClassProcess(tmp_path)
    try:
        assert running.post([raw_event(number % 60) for number in range(300)]) == 200
        telemetry("backup", "cs1.sqlite3", "--database", running.database)
        assert count(Path("cs1.sqlite3")) == 300
    finally:
        running.kill()
