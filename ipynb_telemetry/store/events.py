"""The event store: events in, pages of events out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from logging import Logger, LoggerAdapter
from typing import Any, NamedTuple

from ..store.event import Event, now_utc
from .database import Database, transaction


class Position(NamedTuple):
    """Where a page ended: the last event's timestamp and row id."""

    timestamp: str
    id: int


class Query(NamedTuple):
    """Which events; None does not narrow.

    Attributes:
        student: distinct_id.
        notebook: notebook id.
        type: event name.
        since: earliest timestamp, included, as `to_utc` writes it.
        after: only events older than this position.
        limit: most events on the page.
    """

    student: str | None = None
    notebook: str | None = None
    type: str | None = None
    since: str | None = None
    after: Position | None = None
    limit: int = 100


class Page(NamedTuple):
    """Events newest first, and where the next page goes on (None: there is none)."""

    events: list[dict[str, Any]]
    next: Position | None


def insert_events(connection: sqlite3.Connection, events: Sequence[Event]) -> int:
    """Insert events within a transaction, but for those whose uuid is there; count the new."""
    received_at = now_utc()
    before = connection.total_changes
    connection.executemany(
        "INSERT INTO events"
        " (uuid, event, distinct_id, notebook, timestamp, properties, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uuid) DO NOTHING",
        ((*event, received_at) for event in events),
    )
    return connection.total_changes - before


class EventStore:
    """Keeps events in a database file. It blocks: every call must come from one thread."""

    def __init__(
        self, path: str, log: Logger | LoggerAdapter[Any], busy_timeout_s: float = 5.0
    ) -> None:
        """Open nothing yet; see `Database` for the arguments."""
        self.database = Database(path, log, busy_timeout_s)

    def append(self, events: Sequence[Event]) -> int:
        """Store all of these events, or none. One whose uuid is there already is left out.

        Returns:
            How many were new.

        Raises:
            StoreUnavailableError: nothing was stored.
        """

        def insert(connection: sqlite3.Connection) -> int:
            with transaction(connection):
                return insert_events(connection, events)

        return self.database.use(insert)

    def page(self, query: Query) -> Page:
        """Read one page of events: by timestamp, of equal ones the last stored first.

        Reading makes no file: where there is none, there are no events.

        Raises:
            StoreUnavailableError: the store cannot be read.
        """
        if self.database.is_new:
            return Page([], None)
        narrow: list[tuple[str, Sequence[Any]]] = [
            (clause, (value,))
            for clause, value in (
                ("distinct_id = ?", query.student),
                ("notebook = ?", query.notebook),
                ("event = ?", query.type),
                ("timestamp >= ?", query.since),
            )
            if value is not None
        ]
        if query.after is not None:
            narrow.append(("(timestamp, id) < (?, ?)", query.after))
        where = f"WHERE {' AND '.join(clause for clause, _ in narrow)}" if narrow else ""
        values = [value for _, some in narrow for value in some]

        def select(connection: sqlite3.Connection) -> list[Any]:
            return connection.execute(
                "SELECT id, uuid, event, distinct_id, timestamp, properties, received_at"
                f" FROM events {where} ORDER BY timestamp DESC, id DESC LIMIT ?",
                (*values, query.limit + 1),
            ).fetchall()

        rows = self.database.use(select)
        shown = rows[: query.limit]
        return Page(
            [
                {
                    "uuid": uuid,
                    "event": event,
                    "distinct_id": distinct_id,
                    "timestamp": timestamp,
                    "properties": json.loads(properties),
                    "received_at": received_at,
                }
                for _, uuid, event, distinct_id, timestamp, properties, received_at in shown
            ],
            Position(shown[-1][4], shown[-1][0]) if len(rows) > len(shown) else None,
        )

    def close(self) -> None:
        """Close the file. The store may be used again."""
        self.database.close()
