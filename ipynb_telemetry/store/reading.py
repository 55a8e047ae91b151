"""Reading the stored events: which ones, in pages or one by one.

Whatever reads events, in the server or from the command line, does it here. `reader` has the thread
in which a server reads.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

BUSY_TIMEOUT_S = 5


class Selection(NamedTuple):
    """Which events; a field that is empty or None does not narrow.

    Attributes:
        students: distinct_ids.
        notebooks: notebook ids.
        types: event names.
        since: earliest timestamp, included, as `to_utc` writes it.
        owner: whose sessions, by the verifier of `sessionclaims`.
    """

    students: Sequence[str] = ()
    notebooks: Sequence[str] = ()
    types: Sequence[str] = ()
    since: str | None = None
    owner: str | None = None


# By facts and, of events whose facts are still to be made, by what they say.
_OWNED = """id IN (
    SELECT f.id FROM session_claim c
        CROSS JOIN session_audit s ON s.session = c.session
        CROSS JOIN facts f ON f.session = s.id
        WHERE c.verifier = ?
    UNION SELECT e.id FROM facts_due d CROSS JOIN events e ON e.id BETWEEN d.first_id AND d.last_id
        WHERE json_extract(CASE WHEN json_valid(e.properties) THEN e.properties ELSE '{}' END,
            '$.session_id') IN (SELECT session FROM session_claim WHERE verifier = ?))"""


class StoredEvent(NamedTuple):
    """An event as the collector keeps it; `properties` is a JSON object, as text."""

    uuid: str
    event: str
    distinct_id: str
    notebook: str | None
    timestamp: str
    received_at: str
    properties: str


class Position(NamedTuple):
    """Where a page ended: the last event's timestamp and row id."""

    timestamp: str
    id: int


class Page(NamedTuple):
    """Events newest first, and where the next page goes on (None: there is none)."""

    events: list[dict[str, Any]]
    next: Position | None


class EventFileError(Exception):
    """The file cannot be read, and why, in a sentence."""


class DamagedFileError(EventFileError):
    """The file is no SQLite database, or a damaged one."""


class Snapshot:
    """The stored events of one moment, whatever is stored meanwhile."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read through a connection within a transaction."""
        self.connection = connection

    @property
    def version(self) -> int:
        """How many of the store's migrations the tables have seen."""
        return int(self.connection.execute("PRAGMA user_version").fetchone()[0])

    def count(self, selection: Selection) -> int:
        """Count the events."""
        where, values = conditions(selection)
        return int(
            self.connection.execute(f"SELECT count(*) FROM events {where}", values).fetchone()[0]
        )

    def students(self, selection: Selection | None = None) -> list[tuple[str | None, str]]:
        """Give who is there: each pair of notebook and distinct_id once, in order."""
        where, values = conditions(selection or Selection())
        return self.connection.execute(
            f"SELECT DISTINCT notebook, distinct_id FROM events {where} ORDER BY 1, 2", values
        ).fetchall()

    def events(self, selection: Selection) -> Iterator[StoredEvent]:
        """Give the events one by one, oldest first; an index has them in that order."""
        where, values = conditions(selection)
        columns = ", ".join(StoredEvent._fields)
        rows = self.connection.execute(
            f"SELECT {columns} FROM events {where} ORDER BY timestamp, id", values
        )
        return (StoredEvent(*row) for row in rows)

    def page(self, selection: Selection, after: Position | None = None, limit: int = 100) -> Page:
        """Give one page of events: by timestamp, of equal ones the last stored first.

        Args:
            selection: which events.
            after: only events older than this position.
            limit: most events on the page.
        """
        where, values = conditions(selection, after)
        rows = self.connection.execute(
            "SELECT id, uuid, event, distinct_id, timestamp, properties, received_at"
            f" FROM events {where} ORDER BY timestamp DESC, id DESC LIMIT ?",
            (*values, limit + 1),
        ).fetchall()
        shown = rows[:limit]
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


@contextmanager
def open_events(path: Path) -> Iterator[Snapshot]:
    """Open the collector's file for reading; a server that stores into it is not held up.

    Raises:
        EventFileError: the file is not there, or not the collector's, or cannot be read now; also
            when that shows while the events are being read.
    """
    if not path.is_file():
        raise EventFileError(f"There is no collector's file {path}.")
    # SQLite keeps what was written last in a second file, which a reader may have to make anew
    # where nobody has the first one open. Where the reader may not make the second file, and there
    # is none, nothing is missed.
    uri = f"{path.resolve().as_uri()}?mode=ro"
    if not os.access(path.parent, os.W_OK) and not os.path.exists(f"{path}-wal"):
        uri += "&immutable=1"
    try:
        with closing(
            sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA query_only = ON")
            with moment(connection) as snapshot:
                yield snapshot
    except sqlite3.Error as error:
        # This class alone means damage: its subclasses stand for a lock, a lack of memory, ...
        kind = DamagedFileError if type(error) is sqlite3.DatabaseError else EventFileError
        raise kind(f"{path} cannot be read as the collector's file: {error}.") from error


@contextmanager
def moment(connection: sqlite3.Connection) -> Iterator[Snapshot]:
    """Give the events of one moment, read through a connection that is in no transaction."""
    connection.execute("BEGIN")
    try:
        yield Snapshot(connection)
    finally:
        with suppress(sqlite3.Error):  # what went wrong inside is what counts
            connection.execute("ROLLBACK")


def conditions(selection: Selection, after: Position | None = None) -> tuple[str, list[Any]]:
    """Give the WHERE of a query on `events`, empty where all are meant, and its values."""
    clauses: list[str] = []
    values: list[Any] = []
    for column, wanted in (
        ("distinct_id", selection.students),
        ("notebook", selection.notebooks),
        ("event", selection.types),
    ):
        if wanted:
            clauses.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            values += wanted
    if selection.since is not None:
        clauses.append("timestamp >= ?")
        values.append(selection.since)
    if selection.owner is not None:
        clauses.append(_OWNED)
        values += [selection.owner] * 2
    if after is not None:
        clauses.append("(timestamp, id) < (?, ?)")
        values += after
    return f"WHERE {' AND '.join(clauses)}" if clauses else "", values
