"""The background task: a server that is upgraded builds by itself, and says so in its log."""

import asyncio
import logging
import random
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.rebuilding import Rebuilding
from ipynb_telemetry.tests.store.test_building import is_built, old_store
from ipynb_telemetry.tests.support.aggregates import LOG, random_class, rows_of, told


async def off_loop(work: Any) -> Any:
    return work()


async def test_an_older_store_is_built_with_progress_in_the_log(
    path: Path, store: EventStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    old_store(path, random_class(random.Random(1)))
    rebuilding = Rebuilding(store.database, off_loop, LOG)
    rebuilding.start()
    while "Built what the answers read" not in caplog.text:
        await asyncio.sleep(0)
    assert "Building what the answers read: 240 events to read." in caplog.text
    assert is_built(store)
    assert rows_of(store)["item_state"]
    await rebuilding.stop()


async def test_a_store_that_is_not_there_is_not_made(path: Path, store: EventStore) -> None:
    rebuilding = Rebuilding(store.database, off_loop, LOG)
    rebuilding.start()
    await rebuilding.stop()
    assert not path.exists()


async def test_what_is_stopped_stays_due(path: Path, store: EventStore) -> None:
    old_store(path, random_class(random.Random(1)))
    slices = 0

    async def slowly(work: Any) -> Any:
        nonlocal slices
        slices += 1
        await asyncio.sleep(0)
        return work()

    rebuilding = Rebuilding(store.database, slowly, LOG)
    rebuilding.start()
    while slices < 2:
        await asyncio.sleep(0)
    await rebuilding.stop()
    rebuilding.soon()
    await asyncio.sleep(0)
    assert not is_built(store)


async def test_events_that_are_late_all_the_time_do_not_keep_the_thread(
    store: EventStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    late = iter(range(900, 1, -1))

    def come_late() -> None:
        store.append([told("cell_executed", next(late), cell_id="a", status="ok")])

    store.append(
        [told("cell_executed", seq, cell_id="a", status="ok") for seq in range(1000, 1020)]
    )
    come_late()
    slices = 0

    async def and_late_again(work: Any) -> Any:
        nonlocal slices
        slices += 1
        done = work()
        come_late()
        return done

    rebuilding = Rebuilding(store.database, and_late_again, LOG)
    rebuilding.start()
    for _ in range(100):
        await asyncio.sleep(0)
    await rebuilding.stop()
    assert slices == 1
    assert "Building" not in caplog.text
    assert not is_built(store)
