"""Events that a store has had for so many days go by themselves, at the start and daily.

What counts is the store's own clock: when an event came. A session goes as a whole when its first
event is that old, since one without its beginning would seem to have lost events. So nothing is
kept longer than is said.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import groupby
from logging import Logger, LoggerAdapter
from operator import itemgetter
from pathlib import Path
from typing import Any

from .database import MEMORY, Database, StoreUnavailableError, transaction
from .event import epoch_to_utc
from .removal import Part, remove_events
from .scrubbing import damaged_copies, empty_journal

DAY_S = 86_400
_CHUNK = 1000  # events, of those that are looked at in a row

# A session whose facts are not folded yet has no times.
_PAIRS = """
SELECT DISTINCT student, notebook FROM session_audit
WHERE is_stale = 0 AND first_received_ms BETWEEN 1 AND ?
"""
_OF_PAIR = """
SELECT id, uuid FROM events WHERE distinct_id = ?1 AND +notebook = ?2
    AND (received_at < ?3 OR id IN (
        SELECT f.id FROM session_audit s JOIN facts f ON f.session = s.id
        WHERE s.student = ?1 AND s.notebook = ?2
            AND s.is_stale = 0 AND s.first_received_ms BETWEEN 1 AND ?4))
ORDER BY id
"""
_IN_A_ROW = """
SELECT distinct_id, notebook, id, uuid, received_at FROM events WHERE id > ? ORDER BY id LIMIT ?
"""


class Retention:
    """Deletes what is too old. Its methods must be called on the event loop."""

    def __init__(
        self,
        database: Database,
        off_loop: Callable[..., Awaitable[Any]],
        days: int,
        log: Logger | LoggerAdapter[Any],
    ) -> None:
        """Do nothing yet.

        Args:
            database: of the store.
            off_loop: runs a function in the store's thread.
            days: how long events are kept; 0: for ever.
            log: told what was deleted.
        """
        self._database = database
        self._off_loop = off_loop
        self._days = days
        self._log = log
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Delete what is too old now, and from now on daily."""
        if self._days and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Stop for good; what is left goes after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def delete_old(self, now_s: float) -> int:
        """Delete what is too old, in transactions that hold up no event for long.

        Args:
            now_s: the present time, in seconds since 1970.

        Returns:
            How many events were deleted.

        Raises:
            StoreUnavailableError: the store cannot be used; what is deleted is gone.
        """
        if not self._database.is_there:
            return 0
        until_s = now_s - self._days * DAY_S
        deleted = 0
        for student, notebook in await self._read(_PAIRS, int(until_s * 1000)):
            utc, until_ms = epoch_to_utc(until_s), int(until_s * 1000)
            events = await self._read(_OF_PAIR, student, notebook, utc, until_ms)
            deleted += await self._remove([Part(student, notebook, events)])
        deleted += await self._delete_in_a_row(epoch_to_utc(until_s))
        await self._off_loop(
            self._database.use, lambda made: _forget_looks_and_claims(made, until_s)
        )
        if self._database.path != MEMORY:
            await asyncio.to_thread(_delete_copies, Path(self._database.path), until_s)
            if deleted:
                await self._off_loop(empty_journal, self._database, 0)
        return deleted

    async def _delete_in_a_row(self, until: str) -> int:
        """Delete what is no session's: ids are in the order in which events came.

        A row of events that came later ends the search. Should the store's clock have been ahead
        then, what is behind them goes with them.
        """
        deleted = last = 0
        while True:
            rows = await self._read(_IN_A_ROW, last, _CHUNK)
            old = sorted((row for row in rows if row[4] < until), key=_pair)
            if not old:
                return deleted
            last = rows[-1][2]
            deleted += await self._remove(
                [
                    Part(student, notebook, [(row[2], row[3]) for row in group])
                    for (student, notebook), group in groupby(old, itemgetter(0, 1))
                ]
            )

    async def _remove(self, parts: list[Part]) -> int:
        removed = 0
        steps = remove_events(self._database, parts, rests=False)
        while (step := await self._off_loop(next, steps, None)) is not None:
            removed += step
        return removed

    async def _read(self, query: str, *values: Any) -> list[Any]:
        def read(connection: sqlite3.Connection) -> list[Any]:
            return connection.execute(query, values).fetchall()

        found: list[Any] = await self._off_loop(self._database.use, read)
        return found

    async def _run(self) -> None:
        while True:
            try:
                deleted = await self.delete_old(time.time())
                if deleted:
                    self._log.info(
                        "Deleted %d events that came more than %d days ago.", deleted, self._days
                    )
            except StoreUnavailableError:
                pass  # who stores next meets it, too
            except Exception:  # noqa: BLE001 - a fault of ours: events are stored all the same
                self._log.warning("Old events could not be deleted.", exc_info=True)
            await asyncio.sleep(DAY_S)


def _pair(row: tuple[str, str | None, int, str, str]) -> tuple[str, bool, str, int]:
    student, notebook, number, *_ = row
    return student, notebook is not None, notebook or "", number


def _forget_looks_and_claims(connection: sqlite3.Connection, until_s: float) -> None:
    with transaction(connection):
        until_ms = int(until_s * 1000)
        connection.execute("DELETE FROM access_log WHERE last_ms < ?", (until_ms,))
        connection.execute(
            "DELETE FROM session_claim WHERE at_ms < ?"
            " AND session NOT IN (SELECT session FROM session_audit)",
            (until_ms,),
        )


def _delete_copies(path: Path, until_s: float) -> None:
    for copy in damaged_copies(path):
        with suppress(OSError):
            if copy.stat().st_mtime < until_s:
                copy.unlink()
