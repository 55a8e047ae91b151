"""Events to store, and a look at what is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.store.database import Database
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.reader import Reader
from ipynb_telemetry.store.reading import Page, Position, Selection, Snapshot

T = TypeVar("T")


class ThisThread(Executor):
    """Runs everything at once in the thread that asks for it: a store of that thread's own."""

    def submit(self, work: Callable[..., T], /, *args: Any, **options: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(work(*args, **options))
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            done.set_exception(error)
        return done


def raw_event(seq: int = 0, **fields: Any) -> dict[str, Any]:
    """Give an event as a page sends it."""
    return {
        "event": "tried",
        "distinct_id": "JOHN_DOE",
        "timestamp": f"2026-03-01T10:00:{seq:02}Z",
        "properties": {"seq": seq, "notebook": "D1"},
        **fields,
    }


def events(count: int, **fields: Any) -> list[Event]:
    """`count` events a millisecond apart; `seq` counts them from 0."""
    return check_events(
        [
            {
                "event": "tried",
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


def read(database: Database, work: Callable[[Snapshot], T]) -> T:
    """Read from a store that was used by this thread, as the server reads it."""

    async def run() -> T:
        reader = Reader(database, ThisThread())
        try:
            return await reader.read(work)
        finally:
            await reader.stop()

    return asyncio.run(run())


def page(
    store: EventStore,
    selection: Selection = Selection(),  # noqa: B008 - nobody can change it
    after: Position | None = None,
    limit: int = 100,
) -> Page:
    """Read a page of a store, as the server reads it."""
    return read(store.database, lambda snapshot: snapshot.page(selection, after, limit))
