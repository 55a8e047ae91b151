"""Facts and aggregates of stored events, slice by slice: after an upgrade, and whatever is due.

The slices are done in the store's thread, which between two of them stores what came meanwhile. So
an event waits for one slice at most, and no two threads write to the file. A slice does not wait
for the disk: what a power cut takes back is done again.

First the rows of another version go, a session at a time. Then the facts of the stored events are
made, a chunk at a time: extracted in the order of the events' arrival, which is that of the file,
and written in the order of the facts, session by session. At last each session is folded, the
latest first. A session is as it should be as soon as it is folded, and all are when nothing is due.
Sessions to which late events come are folded again in the same way, those that were known when the
folding began: a session that has late events all the time would otherwise be folded all the time.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from logging import Logger, LoggerAdapter
from typing import Any, NamedTuple

from .aggregates import VERSION
from .database import Database, transaction, unsynced
from .extraction import Extract, in_order, read_facts
from .projection import FAULTY, STALE, add_facts, begin, fold_again, mark, next_rev

SLICE_S = 0.035  # of work; with the commit less than 50 ms
_STEP = 250  # events, between two looks at the clock
# Events whose facts are in memory, 10 to 20 MB. The larger a chunk is, the more facts of a session
# are written together, and the fewer pages are written again and again.
_CHUNK = 20_000


class Work(NamedTuple):
    """The work that is left.

    Attributes:
        what: `clear`, `facts` or `fold`.
        left: how many sessions, events or sessions.
    """

    what: str
    left: int


class _Chunk:
    """The facts of a range of events on their way from one table to the other."""

    def __init__(self, first: int, last: int, builds: int) -> None:
        """Hold nothing yet."""
        self.first = first
        self.last = last
        self.builds = builds
        self.extracts: list[Extract] = []
        self.read_to = first - 1
        self.written = 0


class Builder:
    """Does the work that is due. Its methods block, and belong to the store's thread."""

    def __init__(self, database: Database, log: Logger | LoggerAdapter[Any]) -> None:
        """Do nothing yet."""
        self._database = database
        self._log = log
        self._chunk: _Chunk | None = None
        self._stale: list[int] = []

    def slice(self) -> Work | None:
        """Work for `SLICE_S`; gives what is left, None: nothing that this server can do.

        Nothing to fold is left (`Work("fold", 0)`) when all is done that was due as folding began.

        Raises:
            StoreUnavailableError: the store cannot be used; nothing of the slice was done.
        """
        try:
            return self._database.use(self._slice)
        except BaseException:
            self._chunk = None  # what was written of it is rolled back
            self._stale = []
            raise

    def _slice(self, connection: sqlite3.Connection) -> Work | None:
        until = time.perf_counter() + SLICE_S

        def has_time() -> bool:
            return time.perf_counter() < until

        if not _is_due(connection):
            self._chunk = None
            self._stale = []
            return None
        if self._chunk is not None and self._chunk.read_to < self._chunk.last:
            return self._read(connection, self._chunk, has_time)
        with unsynced(connection), transaction(connection):
            (version,) = connection.execute("SELECT version FROM facts_state").fetchone()
            if version > VERSION:  # a newer server has begun meanwhile
                return None
            (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()
            if version != VERSION and not begin(connection, version, last):
                return self._clear(connection, has_time)
            due = connection.execute("SELECT first_id, last_id FROM facts_due LIMIT 1").fetchone()
            if due is None:
                return self._fold(connection, has_time)
            first, last = due
            (builds,) = connection.execute("SELECT builds FROM facts_state").fetchone()
            chunk = self._chunk
            if chunk is None or chunk.builds != builds or chunk.first != first:
                # Read it in the next slice, outside of a transaction.
                self._chunk = _Chunk(first, min(last, first + _CHUNK - 1), builds)
                return Work("facts", last - first + 1)
            return self._write(connection, chunk, last, has_time)

    def _read(
        self, connection: sqlite3.Connection, chunk: _Chunk, has_time: Callable[[], bool]
    ) -> Work:
        while chunk.read_to < chunk.last:
            end = min(chunk.last, chunk.read_to + _STEP)
            chunk.extracts += read_facts(connection, chunk.read_to + 1, end)
            chunk.read_to = end
            if not has_time():
                break
        if chunk.read_to == chunk.last:
            chunk.extracts = in_order(chunk.extracts)
        (last,) = connection.execute("SELECT max(last_id) FROM facts_due").fetchone()
        return Work("facts", (last or chunk.last) - chunk.first + 1)

    def _write(
        self,
        connection: sqlite3.Connection,
        chunk: _Chunk,
        last: int,
        has_time: Callable[[], bool],
    ) -> Work:
        rev = next_rev(connection)
        written = chunk.written
        while written < len(chunk.extracts):
            end = written + _STEP
            added = add_facts(connection, chunk.extracts[written:end], rev)
            mark(connection, [session for session, _ in added], STALE)
            written = end
            if not has_time():
                break
        chunk.written = written
        if written < len(chunk.extracts):
            return Work("facts", last - chunk.first + 1)
        self._chunk = None
        connection.execute("DELETE FROM facts_due WHERE first_id = ?", (chunk.first,))
        if chunk.last < last:
            connection.execute("INSERT INTO facts_due VALUES (?, ?)", (chunk.last + 1, last))
        return Work("facts", last - chunk.last)

    def _fold(self, connection: sqlite3.Connection, has_time: Callable[[], bool]) -> Work:
        rev = next_rev(connection)
        if not self._stale:
            found = connection.execute(
                "SELECT id FROM session_audit WHERE is_stale = 1 ORDER BY id"
            )
            self._stale = [session for (session,) in found]
        while self._stale:
            self._fold_one(connection, self._stale.pop(), rev)
            if not has_time():
                break
        return Work("fold", len(self._stale))

    def _fold_one(self, connection: sqlite3.Connection, session: int, rev: int) -> None:
        connection.execute("SAVEPOINT one")
        try:
            fold_again(connection, session, rev)
        except sqlite3.Error:
            raise
        except Exception:  # noqa: BLE001 - a fault of ours: the others have their rows
            self._log.warning("A session is left out of the answers.", exc_info=True)
            connection.execute("ROLLBACK TO one")
            mark(connection, [session], FAULTY)
        connection.execute("RELEASE one")

    def _clear(self, connection: sqlite3.Connection, has_time: Callable[[], bool]) -> Work:
        connection.execute("UPDATE facts_state SET version = 0")
        sessions = connection.execute("SELECT id, person, notebook FROM session_audit").fetchall()
        left = len(sessions)
        for session, person, notebook in sessions:
            for table in ("facts", "cell_state", "error_group", "time_slot"):
                connection.execute(f"DELETE FROM {table} WHERE session = ?", (session,))
            connection.execute(
                "DELETE FROM item_state WHERE notebook = ? AND student = ?", (notebook, person)
            )
            connection.execute("DELETE FROM session_audit WHERE id = ?", (session,))
            left -= 1
            if not has_time():
                break
        return Work("clear", left)


def _is_due(connection: sqlite3.Connection) -> bool:
    """Whether there is something that this server can do, without writing."""
    version, is_due = connection.execute(
        "SELECT version, EXISTS (SELECT 1 FROM facts_due)"
        " OR EXISTS (SELECT 1 FROM session_audit WHERE is_stale = 1) FROM facts_state"
    ).fetchone()
    if version == VERSION:
        return bool(is_due)
    # A store without any event becomes of this version with the first one.
    is_empty = connection.execute(
        "SELECT NOT EXISTS (SELECT 1 FROM events) AND NOT EXISTS (SELECT 1 FROM session_audit)"
    ).fetchone()[0]
    return version < VERSION and not is_empty
