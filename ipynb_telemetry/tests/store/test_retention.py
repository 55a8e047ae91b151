"""Old events go by themselves, and what is left is as if they had never been."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.store import events as events_module
from ipynb_telemetry.store import removal
from ipynb_telemetry.store.event import Event, epoch_to_utc
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.retention import DAY_S, Retention
from ipynb_telemetry.tests.support.aggregates import (
    BEGIN,
    LOG,
    begin_again,
    build,
    random_class,
    rows_of,
    told,
)
from ipynb_telemetry.tests.support.classprocess import ClassProcess
from ipynb_telemetry.tests.support.serverprocess import PATIENCE_S

DAYS = 30


@pytest.fixture
def come(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Event], float], int]:
    """Store events that come so many days after the begin."""

    def append(events: list[Event], day: float) -> int:
        monkeypatch.setattr(
            events_module, "now_utc", lambda: epoch_to_utc(BEGIN + 9000 + day * DAY_S)
        )
        return store.append(events)

    return append


def delete_old(store: EventStore, day: float) -> int:
    """Do what the server does at the begin of a day."""

    async def here(work: Callable[..., Any], *args: Any) -> Any:
        return work(*args)

    async def run() -> int:
        retention = Retention(store.database, here, DAYS, LOG)
        return await retention.delete_old(BEGIN + 9000 + day * DAY_S)

    return asyncio.run(run())


@pytest.mark.parametrize("seed", range(4))
def test_what_is_left_is_a_store_without_what_was_old(
    store: EventStore,
    come: Any,
    tmp_path: Path,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if seed % 2:
        monkeypatch.setattr(removal, "SLICE_S", -1)  # an event in each transaction
    chance = random.Random(seed)
    old, young = random_class(chance), random_class(chance)
    for day, events in ((0, old), (20, young)):
        for at in range(0, len(events), 50):
            come(events[at : at + 50], day)
    build(store)
    assert delete_old(store, 29.9) == 0
    assert delete_old(store, 30.1) == len(old)
    build(store)
    left = rows_of(store)
    assert left["session_audit"]
    begin_again(store)
    assert rows_of(store) == left
    fresh = EventStore(str(tmp_path / "fresh.sqlite3"), LOG)
    for at in range(0, len(young), 50):
        fresh.append(young[at : at + 50])
    build(fresh)
    assert rows_of(fresh) == left
    fresh.close()
    assert delete_old(store, 50.1) == len(young)
    assert not any(rows_of(store).values())


def test_a_session_goes_as_a_whole(store: EventStore, come: Any) -> None:
    come([told("cell_executed", 1)], 0)
    come([told("cell_executed", 2, 5), told("cell_executed", 1, student="ANN_LEE")], 10)
    build(store)
    assert delete_old(store, 31) == 2
    (session,) = rows_of(store)["session_audit"]
    assert (session["student"], session["got"]) == ("ANN_LEE", 1)


def test_sessions_that_are_not_summed_up_yet_are_no_older(store: EventStore, come: Any) -> None:
    come([told("cell_executed", 1)], 10)
    store.database.use(
        lambda made: made.execute("UPDATE session_audit SET is_stale = 1, first_received_ms = 0")
    )
    assert delete_old(store, 31) == 0
    assert delete_old(store, 41) == 1


def test_events_of_no_session_go_by_themselves(store: EventStore, come: Any) -> None:
    def loose(number: int) -> list[Event]:
        return [
            told("tried", number)._replace(
                uuid=f"{number}-{each}", notebook=None, properties=json.dumps({"n": each})
            )
            for each in range(1500)
        ]

    come(loose(1), 0)
    come(loose(2), 20)
    assert delete_old(store, 31) == 1500
    assert delete_old(store, 51) == 1500


def test_looks_and_damaged_copies_go_too(store: EventStore, come: Any, path: Path) -> None:
    come([told("cell_executed", 1)], 20)

    def look(made: sqlite3.Connection) -> None:
        for day in (0, 20):
            made.execute(
                "INSERT INTO access_log (first_ms, last_ms, reader, student, notebook, cell)"
                " VALUES (?1, ?1, 'staff', 'JOHN_DOE', 'D1', '')",
                (int((BEGIN + 9000 + day * DAY_S) * 1000),),
            )

    store.database.use(look)
    for day in (0, 20):
        copy = path.with_name(f"events.damaged-{day}.sqlite3")
        copy.write_text("x")
        os.utime(copy, (BEGIN, BEGIN + 9000 + day * DAY_S))
    assert delete_old(store, 31) == 0
    looks = store.database.use(lambda made: made.execute("SELECT * FROM access_log").fetchall())
    assert len(looks) == 1
    assert [copy.name for copy in path.parent.glob("*damaged*")] == ["events.damaged-20.sqlite3"]


def test_a_class_collector_deletes_at_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cs1.sqlite3"
    store = EventStore(str(path), logging.getLogger("ipynb_telemetry"))
    for days in (40, 20):
        came = epoch_to_utc(time.time() - days * DAY_S)
        monkeypatch.setattr(events_module, "now_utc", lambda came=came: came)
        store.append(
            [
                event._replace(distinct_id=f"DAYS_{days}", uuid=f"{days}-{event.uuid}")
                for event in [told("cell_executed", seq) for seq in range(1, 400)]
            ]
        )
    store.close()
    running = ClassProcess(tmp_path, "--retention-days", "30")
    try:
        deadline = time.monotonic() + PATIENCE_S
        while "Deleted 399 events that came more than 30 days ago." not in running.log:
            assert time.monotonic() < deadline, running.log
        with closing(sqlite3.connect(path)) as connection:
            left = connection.execute("SELECT distinct_id, count(*) FROM events GROUP BY 1")
            assert left.fetchall() == [("DAYS_20", 399)]
    finally:
        running.kill()
