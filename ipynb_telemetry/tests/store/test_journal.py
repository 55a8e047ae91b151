import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.folding import fold
from ipynb_telemetry.tests.support.serverprocess import PATIENCE_S, Server
from ipynb_telemetry.tests.support.storedevents import events, page, raw_event

from .conftest import LOG


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


def aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("events.damaged-*.sqlite3"))


def abandon(path: Path, number: int) -> None:
    """Leave the file as a killed server leaves it: what was stored is in the journal."""
    store = EventStore(str(path.parent / "other" / path.name), LOG)
    store.append(events(number))
    for file in (path.parent / "other").iterdir():
        shutil.copy(file, path.parent)
    store.close()


def test_a_copy_of_the_file_holds_what_was_acknowledged(
    start: Callable[[], Server], tmp_path: Path
) -> None:
    server = start()
    batch = [raw_event(number % 60) for number in range(300)]
    assert server.fetch("ipynb-telemetry/batch/", batch) == {"status": 1}
    file = tmp_path / "data" / "ipynb_telemetry" / "events.sqlite3"
    copy = tmp_path / "copy.sqlite3"
    deadline, copied = time.monotonic() + PATIENCE_S, 0
    while copied < 300:
        assert time.monotonic() < deadline
        shutil.copy(file, copy)
        with suppress(sqlite3.Error):
            copied = count(copy)
    assert server.process.poll() is None


def test_a_journal_is_folded_in_beside_the_writer_and_a_reader(
    store: EventStore, path: Path
) -> None:
    store.append(events(10))
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM events").fetchone() == (10,)
        store.append(events(10))
        assert not fold(str(path))  # the reader's moment is before
        reader.execute("ROLLBACK")
    assert fold(str(path))
    assert fold(str(path.with_name("none.sqlite3")))
    shutil.copy(path, path.with_name("copy.sqlite3"))
    assert count(path.with_name("copy.sqlite3")) == 20


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("what", ["emptied", "zeros", "text", "short"])
def test_what_a_journal_held_does_not_vanish_silently(
    what: str, is_open: bool, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = EventStore(str(path), LOG)
    if is_open:
        store.append(events(300))
    else:
        path.parent.mkdir(parents=True)
        abandon(path, 300)
    journal = path.with_name(f"{path.name}-wal")
    assert journal.stat().st_size > 0
    if what == "emptied":
        os.truncate(path, 0)
    else:
        with journal.open("r+b") as file:
            size = journal.stat().st_size
            file.truncate(7 if what == "short" else size)
            file.write((b"\0" if what == "zeros" else b"x") * (7 if what == "short" else size))
    assert store.append(events(2)) == 2
    assert len(page(store).events) == 2
    assert len(aside(path)) == 1
    assert "is kept as" in caplog.text
    store.close()


def test_an_emptied_file_gets_back_what_is_in_its_journal(store: EventStore, path: Path) -> None:
    store.append(events(300))
    os.truncate(path, 0)
    store.append(events(1))
    (kept,) = aside(path)
    assert count(kept) == 300
