"""The event store: events in."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from logging import Logger, LoggerAdapter
from typing import Any

from ..store.event import Event, now_utc
from .database import Database, transaction
from .projection import project
from .shownnames import note_names
from .tombstones import without_erased


def insert_events(connection: sqlite3.Connection, events: Sequence[Event]) -> int:
    """Insert events within a transaction, but for those whose uuid is stored; count the others.

    Facts and aggregates of those that are new are written with them. An event that a student did
    before they were erased is dropped.
    """
    events = without_erased(connection, events)
    received_at = now_utc()
    (last,) = connection.execute("SELECT max(id) FROM events").fetchone()
    before = connection.total_changes
    connection.executemany(
        "INSERT INTO events"
        " (uuid, event, distinct_id, notebook, timestamp, properties, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uuid) DO NOTHING",
        ((*event, received_at) for event in events),
    )
    new = connection.total_changes - before
    if new:
        note_names(connection, events)
        project(connection, (last or 0) + 1)
    return new


class EventStore:
    """Keeps events in a database file. Its methods block, and belong to one thread."""

    def __init__(
        self, path: str, log: Logger | LoggerAdapter[Any], busy_timeout_s: float = 5.0
    ) -> None:
        """Open nothing yet; see `Database` for the arguments."""
        self.database = Database(path, log, busy_timeout_s)

    def append(self, events: Sequence[Event]) -> int:
        """Store all of these events, or none of them; without those whose uuid is stored already.

        What students did before they were erased is dropped as if stored already.

        Returns:
            How many were new.

        Raises:
            StoreUnavailableError: nothing was stored.
        """

        def insert(connection: sqlite3.Connection) -> int:
            with transaction(connection):
                return insert_events(connection, events)

        return self.database.use(insert)

    def close(self) -> None:
        """Close the file. The store may be used again."""
        self.database.close()
