import logging
import os
import resource
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ipynb_telemetry.store.database import StoreUnavailableError
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.migrations import MIGRATIONS
from ipynb_telemetry.tests.support.storedevents import events, page, seqs

LOG = logging.getLogger("ipynb_telemetry")


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection, connection:
        return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


def test_the_file_is_its_owners_alone_and_in_wal_mode(store: EventStore, path: Path) -> None:
    store.append(events(1))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == [path.name, f"{path.name}-shm", f"{path.name}-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_a_commit_waits_for_the_disk(store: EventStore) -> None:
    (level,) = store.database.use(lambda made: made.execute("PRAGMA synchronous").fetchone())
    assert level == 2


def test_the_journal_does_not_grow_without_end(store: EventStore, path: Path) -> None:
    journal = path.with_name(f"{path.name}-wal")
    megabyte = {"properties": {"code": "x" * 2**20}}
    for _ in range(30):
        store.append(events(2, **megabyte))
        assert journal.stat().st_size < 20 * 2**20
    store.append(events(30, **megabyte))
    store.append(events(1))
    assert journal.stat().st_size <= 16 * 2**20


def test_two_servers_begin_and_write_one_file_at_the_same_time(tmp_path: Path) -> None:
    shared = events(10)

    def write(path: Path, start: threading.Barrier) -> int:
        store = EventStore(str(path), LOG)
        start.wait()
        stored = sum(store.append([*events(5), shared[turn]]) for turn in range(10))
        store.close()
        return stored

    with ThreadPoolExecutor(2) as threads:
        for attempt in range(20):  # beginning the file is the delicate moment
            path, start = tmp_path / str(attempt) / "events.sqlite3", threading.Barrier(2)
            counts = list(threads.map(write, [path] * 2, [start] * 2))
            assert sum(counts) == count(path) == 2 * 10 * 5 + len(shared)


def test_a_lock_held_too_long_makes_the_store_unavailable_for_now(path: Path) -> None:
    store = EventStore(str(path), LOG, busy_timeout_s=0)
    store.append(events(1))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError):
        store.append(events(1))
    other.execute("ROLLBACK")
    other.close()
    assert store.append(events(1)) == 1
    store.close()
    assert count(path) == 2


def test_a_full_disk_stores_nothing_of_the_batch_and_is_used_again(
    store: EventStore, path: Path
) -> None:
    store.append(events(1))
    batch = events(500, properties={"code": "x" * 1000})
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, usual[1]))
    try:
        with pytest.raises(StoreUnavailableError):
            store.append(batch)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert count(path) == 1
    assert store.append(batch) == 500
    assert count(path) == 501


def test_an_unusable_path_is_unavailable_until_it_is_usable(tmp_path: Path) -> None:
    obstacle = tmp_path / "obstacle"
    obstacle.touch()
    store = EventStore(str(obstacle / "events.sqlite3"), LOG)
    with pytest.raises(StoreUnavailableError) as refusal:
        store.append(events(1))
    assert str(tmp_path) not in str(refusal.value)
    obstacle.unlink()
    assert store.append(events(1)) == 1
    store.close()


def damaged(path: Path) -> list[Path]:
    return sorted(path.parent.glob("events.damaged-*.sqlite3"))


def test_a_file_that_is_no_database_is_set_aside(
    store: EventStore, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"my thesis " * 1000)
    assert store.append(events(2)) == 2
    assert count(path) == 2
    (aside,) = damaged(path)
    assert aside.read_bytes() == b"my thesis " * 1000
    assert aside.name in caplog.text


def test_a_database_that_gets_damaged_in_use_is_set_aside(store: EventStore, path: Path) -> None:
    store.append(events(200))
    store.close()
    intact = 4096
    whole = path.read_bytes()
    path.write_bytes(whole[:intact] + b"\xee" * (len(whole) - intact))
    assert store.append(events(2)) == 2
    assert seqs(page(store)) == [1, 0]
    assert len(damaged(path)) == 1


def test_two_servers_set_a_damaged_file_aside_once(path: Path) -> None:
    stores = [EventStore(str(path), LOG) for _ in range(2)]
    for store in stores:
        store.append(events(200))
    # Both have it open, and overwriting keeps the file the same one.
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xee" * (os.path.getsize(path) - 4096))
    for store in stores:
        store.append(events(2))
    assert count(path) == 4
    assert len(damaged(path)) == 1
    for store in stores:
        store.close()


def test_a_file_another_server_has_just_replaced_is_not_set_aside(path: Path) -> None:
    here, there = (EventStore(str(path), LOG) for _ in range(2))
    here.append(events(1))

    def find_damage_second(connection: sqlite3.Connection) -> int:
        if not damaged(path):
            for suffix in ("-wal", "-shm", ""):
                path.with_name(f"{path.name}{suffix}").rename(
                    path.with_name(f"events.damaged-there.sqlite3{suffix}")
                )
            there.append(events(3))
            raise sqlite3.DatabaseError("database disk image is malformed")
        return len(connection.execute("SELECT id FROM events").fetchall())

    assert here.database.use(find_damage_second) == 3
    assert len(damaged(path)) == 1
    here.close()
    there.close()


def test_a_file_deleted_in_use_is_begun_again(store: EventStore, path: Path) -> None:
    store.append(events(1))
    for file in path.parent.iterdir():
        file.unlink()
    store.append(events(2))
    assert count(path) == 2


def test_a_file_of_a_newer_version_is_left_alone(store: EventStore, path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE events (everything_different)")
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreUnavailableError):
        store.append(events(1))
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (99,)
    assert count(path) == 0
    assert damaged(path) == []
