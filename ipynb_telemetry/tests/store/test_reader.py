from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.store.database import StoreUnavailableError
from ipynb_telemetry.store.migrations import MIGRATIONS
from ipynb_telemetry.store.reading import Selection, Snapshot
from ipynb_telemetry.tests.support.storedevents import raw_event

EVERYTHING = Selection()
# Runs until `enough` says so, which is asked every some milliseconds.
ENDLESS = (
    "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers)"
    " SELECT n FROM numbers WHERE n % 10000 = 0 AND enough() LIMIT 1"
)


def slow(begun: threading.Event, enough: Callable[[], bool]) -> Callable[[Snapshot], int]:
    """A read that is busy in SQLite until it is enough, and then counts the events."""

    def read(snapshot: Snapshot) -> int:
        assert snapshot.count(EVERYTHING) == 1
        snapshot.connection.create_function("enough", 0, enough)
        begun.set()
        snapshot.connection.execute(ENDLESS).fetchone()
        return snapshot.count(EVERYTHING)

    return read


def count(path: str) -> int:
    """Count the events in the file, whatever the server is doing."""
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])
    finally:
        connection.close()


async def test_a_read_of_five_seconds_holds_up_no_event(
    post: Any, collector: IpynbTelemetryApp
) -> None:
    assert (await post([raw_event()]))[0] == 200
    begun, ends = threading.Event(), time.monotonic() + 5
    reading = asyncio.ensure_future(
        collector.reader.read(slow(begun, lambda: time.monotonic() > ends))
    )
    await asyncio.to_thread(begun.wait)
    for _ in range(20):
        assert (await post([raw_event(seq) for seq in range(50)]))[0] == 200
    assert count(collector.database_path) == 1001
    assert not reading.done()
    assert await reading == 1  # of the moment in which the read began
    assert time.monotonic() > ends
    assert await collector.reader.read(lambda snapshot: snapshot.count(EVERYTHING)) == 1001


async def test_a_read_of_seconds_holds_up_no_other(post: Any, collector: IpynbTelemetryApp) -> None:
    assert (await post([raw_event()]))[0] == 200
    begun, is_over = threading.Event(), threading.Event()
    reading = asyncio.ensure_future(
        collector.reader.read(slow(begun, is_over.is_set), is_long=True)
    )
    await asyncio.to_thread(begun.wait)
    other = collector.reader.read(lambda snapshot: snapshot.count(EVERYTHING))
    assert await asyncio.wait_for(other, 30) == 1
    assert not reading.done()
    is_over.set()
    assert await reading == 1


async def test_stopping_the_server_ends_a_read(post: Any, collector: IpynbTelemetryApp) -> None:
    assert (await post([raw_event()]))[0] == 200
    begun = threading.Event()
    reading = asyncio.ensure_future(collector.reader.read(slow(begun, lambda: False)))
    waiting = asyncio.ensure_future(collector.reader.read(lambda snapshot: snapshot.version))
    await asyncio.to_thread(begun.wait)
    begun.clear()
    long = asyncio.ensure_future(collector.reader.read(slow(begun, lambda: False), is_long=True))
    await asyncio.to_thread(begun.wait)
    await collector.stop_extension()
    for read in (reading, waiting, long):
        with pytest.raises(StoreUnavailableError):
            await read
    path = Path(collector.database_path)
    assert list(path.parent.iterdir()) == [path]  # the journal is folded in


async def test_a_reader_cannot_write(post: Any, collector: IpynbTelemetryApp) -> None:
    assert (await post([raw_event()]))[0] == 200
    with pytest.raises(StoreUnavailableError):
        await collector.reader.read(lambda read: read.connection.execute("DELETE FROM events"))
    assert count(collector.database_path) == 1


async def test_a_file_of_an_older_version_is_migrated_and_read(
    get: Any, collector: IpynbTelemetryApp
) -> None:
    path = Path(collector.database_path)
    path.parent.mkdir()
    made = sqlite3.connect(path)
    for statement in MIGRATIONS[0]:
        made.execute(statement)
    made.execute(
        "INSERT INTO events VALUES (1, 'u', 'paste', 'ANN', NULL, '2026-03-01', '{}', '2026')"
    )
    made.execute("PRAGMA user_version = 1")
    made.commit()
    made.close()
    _, answer = await get()
    assert [event["distinct_id"] for event in answer["events"]] == ["ANN"]
    version = await collector.reader.read(lambda snapshot: snapshot.version)
    assert version == len(MIGRATIONS)


async def test_a_file_of_a_newer_version_is_not_read(
    get: Any, collector: IpynbTelemetryApp
) -> None:
    path = Path(collector.database_path)
    path.parent.mkdir()
    made = sqlite3.connect(path)
    made.execute("CREATE TABLE events (everything_different)")
    made.execute("PRAGMA user_version = 99")
    made.close()
    assert (await get())[0] == 503


async def test_a_damaged_file_is_set_aside_when_it_is_read(
    get: Any, collector: IpynbTelemetryApp
) -> None:
    path = Path(collector.database_path)
    path.parent.mkdir()
    path.write_bytes(b"my thesis " * 1000)
    assert await get() == (200, {"events": [], "next": None})
    (aside,) = path.parent.glob("events.damaged-*.sqlite3")
    assert aside.read_bytes() == b"my thesis " * 1000


@pytest.fixture
def in_memory(jp_server_config: Any) -> None:
    jp_server_config["IpynbTelemetryApp"]["database_path"] = ":memory:"


async def test_events_in_memory_are_read_too(in_memory: None, post: Any, get: Any) -> None:
    assert await get() == (200, {"events": [], "next": None})
    assert (await post([raw_event(seq) for seq in range(3)]))[0] == 200
    _, answer = await get(limit=2)
    assert [event["properties"]["seq"] for event in answer["events"]] == [2, 1]
