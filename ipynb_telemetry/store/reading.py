"""The collector's file, read from outside of the server: never written, also while one runs."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

BUSY_TIMEOUT_S = 5


class Selection(NamedTuple):
    """Which events; what is empty or None does not narrow.

    Attributes:
        students: distinct_ids.
        notebooks: notebook ids.
        since: earliest timestamp, included, as `to_utc` writes it.
    """

    students: Sequence[str] = ()
    notebooks: Sequence[str] = ()
    since: str | None = None


class StoredEvent(NamedTuple):
    """An event as the collector keeps it; `properties` is a JSON object, as text."""

    uuid: str
    event: str
    distinct_id: str
    notebook: str | None
    timestamp: str
    received_at: str
    properties: str


class EventFileError(Exception):
    """The file cannot be read, and why, in a sentence."""


class EventFile:
    """An open file. All that is read of it is of one moment, whatever is stored meanwhile."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read through a connection within a transaction."""
        self._connection = connection

    def count(self, selection: Selection) -> int:
        """Count the events."""
        where, values = _narrow(selection)
        return int(
            self._connection.execute(f"SELECT count(*) FROM events {where}", values).fetchone()[0]
        )

    def events(self, selection: Selection) -> Iterator[StoredEvent]:
        """Give the events one by one, oldest first; an index has them in that order."""
        where, values = _narrow(selection)
        columns = ", ".join(StoredEvent._fields)
        rows = self._connection.execute(
            f"SELECT {columns} FROM events {where} ORDER BY timestamp, id", values
        )
        return (StoredEvent(*row) for row in rows)


@contextmanager
def open_events(path: Path) -> Iterator[EventFile]:
    """Open the collector's file for reading.

    Raises:
        EventFileError: it is not there, or not the collector's, or cannot be read now; also when
            that shows while it is being read.
    """
    if not path.is_file():
        raise EventFileError(f"There is no collector's file {path}.")
    # SQLite keeps what was written last in a second file, which a reader may have to make anew
    # where nobody has the first one open. Where it may not, and there is none, nothing is missed.
    uri = f"{path.resolve().as_uri()}?mode=ro"
    if not os.access(path.parent, os.W_OK) and not os.path.exists(f"{path}-wal"):
        uri += "&immutable=1"
    try:
        with closing(
            sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            yield EventFile(connection)
    except sqlite3.Error as error:
        raise EventFileError(f"{path} cannot be read as the collector's file: {error}.") from error


def _narrow(selection: Selection) -> tuple[str, list[Any]]:
    clauses, values = [], []
    for column, wanted in (
        ("distinct_id", selection.students),
        ("notebook", selection.notebooks),
    ):
        if wanted:
            clauses.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            values += wanted
    if selection.since is not None:
        clauses.append("timestamp >= ?")
        values.append(selection.since)
    return f"WHERE {' AND '.join(clauses)}" if clauses else "", values
