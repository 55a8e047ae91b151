import logging
import os
import resource
import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.store.database import StoreUnavailableError
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore, Page, Query

LOG = logging.getLogger("ipynb_telemetry")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "for" / "events.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[EventStore]:
    store = EventStore(str(path), LOG)
    yield store
    store.close()


def events(count: int, **fields: Any) -> list[Event]:
    """`count` events a millisecond apart; `seq` counts them from 0."""
    return check_events(
        [
            {
                "event": "paste",
                "distinct_id": "JOHN_DOE",
                "timestamp": f"2026-03-01T10:00:{seq // 1000:02}.{seq % 1000:03}Z",
                **fields,
                "properties": {"seq": seq, **fields.get("properties", {})},
            }
            for seq in range(count)
        ]
    )


def seqs(page: Page) -> list[int]:
    return [event["properties"]["seq"] for event in page.events]


def count(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


def test_what_was_stored_comes_back_newest_first(store: EventStore) -> None:
    first, second = events(2, properties={"notebook": "D1"})
    assert store.append([first, second]) == 2
    newest, oldest = store.page(Query()).events
    received_at = newest.pop("received_at")
    assert received_at > "2026"
    assert newest == {
        "uuid": second.uuid,
        "event": "paste",
        "distinct_id": "JOHN_DOE",
        "timestamp": "2026-03-01T10:00:00.001Z",
        "properties": {"seq": 1, "notebook": "D1"},
    }
    assert oldest["uuid"] == first.uuid


def test_a_repeat_is_stored_once_also_within_a_batch(store: EventStore) -> None:
    batch = events(3)
    assert store.append([*batch, batch[0]]) == 3
    changed = batch[1]._replace(event="blur")
    assert store.append([changed, *events(1)]) == 1
    stored = store.page(Query()).events
    assert len(stored) == 4
    assert {event["event"] for event in stored} == {"paste"}


def test_the_memory_store_keeps_events_and_makes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = EventStore(":memory:", LOG)
    store.append(events(2))
    assert seqs(store.page(Query())) == [1, 0]
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_its_owners_alone_and_in_wal_mode(store: EventStore, path: Path) -> None:
    store.append(events(1))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == [path.name, f"{path.name}-shm", f"{path.name}-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA user_version").fetchone() == (4,)


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


def test_reading_makes_no_file(store: EventStore, path: Path) -> None:
    assert store.page(Query()) == Page([], None)
    assert not path.exists()
    store.append(events(1))
    assert len(store.page(Query()).events) == 1


def test_closing_leaves_one_file_and_the_store_opens_again(store: EventStore, path: Path) -> None:
    store.append(events(1))
    store.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    store.append(events(1))
    assert len(store.page(Query()).events) == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(student="ANN_LEE"), [3, 2]),
        (Query(notebook="D2"), [3, 1]),
        (Query(type="blur"), [2, 1]),
        (Query(student="ANN_LEE", notebook="D2", type="paste"), [3]),
        (Query(since="2026-03-01T10:00:00.002Z"), [3, 2]),
        (Query(since="2026-03-01T10:00:00.003Z", student="JOHN_DOE"), []),
        (Query(student="' OR 1=1 --"), []),
        (Query(type="paste' OR 'a'='a"), []),
    ],
)
def test_filters_narrow(store: EventStore, query: Query, expected: list[int]) -> None:
    batch = events(4)
    for seq, (student, notebook, name) in enumerate(
        [
            ("JOHN_DOE", "D1", "paste"),
            ("JOHN_DOE", "D2", "blur"),
            ("ANN_LEE", "D1", "blur"),
            ("ANN_LEE", "D2", "paste"),
        ]
    ):
        batch[seq] = batch[seq]._replace(distinct_id=student, notebook=notebook, event=name)
    store.append(batch)
    assert seqs(store.page(query)) == expected


def test_pages_neither_repeat_nor_miss_while_events_arrive(store: EventStore) -> None:
    # All at one moment, so that only the order of insertion is left to tell them apart.
    store.append(events(7, timestamp="2026-03-01T10:00:00Z"))
    page, walked = store.page(Query(limit=3)), []
    while page.next:
        walked += seqs(page)
        store.append(events(1, timestamp="2026-03-02T10:00:00Z"))
        page = store.page(Query(limit=3, after=page.next))
    assert walked + seqs(page) == [6, 5, 4, 3, 2, 1, 0]


def test_a_last_page_that_is_full_names_no_next(store: EventStore) -> None:
    store.append(events(3))
    assert store.page(Query(limit=3)).next is None
    assert store.page(Query(limit=2)).next is not None


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (Query(), "events_by_time"),
        (Query(since="2026-03-01"), "events_by_time"),
        (Query(student="A"), "events_by_student"),
        (Query(notebook="D1", since="2026-03-01"), "events_by_notebook"),
        (Query(type="paste"), "events_by_type"),
    ],
)
@pytest.mark.parametrize("after", [None, ("2026-03-01", 7)])
def test_an_index_serves_every_filter(
    store: EventStore, query: Query, index: str, after: Any
) -> None:
    asked: list[str] = []
    store.database.use(lambda connection: connection.set_trace_callback(asked.append))
    store.page(query._replace(after=after))
    plan = store.database.use(
        lambda connection: connection.execute(f"EXPLAIN QUERY PLAN {asked[-1]}").fetchall()
    )
    steps = [row[3] for row in plan]
    assert len(steps) == 1, steps  # neither a sort nor a second look-up
    assert f"USING INDEX {index}" in steps[0]


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


@pytest.mark.parametrize("place", ["file", ":memory:"])
def test_a_failing_row_takes_the_whole_batch_with_it(place: str, path: Path) -> None:
    store = EventStore(str(path) if place == "file" else place, LOG)
    batch = events(3)
    with pytest.raises(StoreUnavailableError):
        store.append([*batch[:2], batch[2]._replace(event=None)])  # type: ignore[arg-type]
    assert store.page(Query()).events == []
    assert store.append(batch) == 3
    store.close()


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
    page = 4096
    whole = path.read_bytes()
    path.write_bytes(whole[:page] + b"\xee" * (len(whole) - page))
    assert store.append(events(2)) == 2
    assert seqs(store.page(Query())) == [1, 0]
    assert len(damaged(path)) == 1


def test_two_servers_set_a_damaged_file_aside_once(path: Path) -> None:
    stores = [EventStore(str(path), LOG) for _ in range(2)]
    for store in stores:
        store.append(events(200))
    # Both have it open, and overwriting keeps the file the same one.
    with sqlite3.connect(path) as connection:
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
            path.rename(path.with_name("events.damaged-there.sqlite3"))
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
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE events (everything_different)")
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreUnavailableError):
        store.append(events(1))
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (99,)
    assert count(path) == 0
    assert damaged(path) == []
