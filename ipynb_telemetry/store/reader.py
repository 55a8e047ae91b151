"""Reading in a server: in threads of its own, so that a long read holds up no event."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

from .database import MEMORY, Database, migrate
from .migrations import MIGRATIONS
from .reading import DamagedFileError, EventFileError, Snapshot, moment, open_events

INTERRUPT_EVERY_S = 0.05

T = TypeVar("T")


class Reader:
    """Reads a server's store beside the writer, each time on a read-only connection of its own.

    SQLite's journal lets readers and the writer work at once, and the store's thread has nothing
    to do with the read. Reads wait for one another: those that take seconds for those that do, too,
    and the others for the others alone.

    Events in memory are the exception. They are read in the store's thread, on the writer's
    connection: two connections to one memory (SQLite's shared cache) lock whole tables against each
    other, without waiting, so that a long read would not hold up an event but refuse it.
    """

    def __init__(self, database: Database, writing: Executor) -> None:
        """Open nothing yet.

        Args:
            database: of the store.
            writing: the one thread that the database lives in.
        """
        self._database = database
        self._writing = writing
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="ipynb_telemetry_reading")
        self._reading_long = ThreadPoolExecutor(1, thread_name_prefix="ipynb_telemetry_replaying")
        self._open: set[sqlite3.Connection] = set()
        self._is_stopped = False

    async def read(self, work: Callable[[Snapshot], T], *, is_long: bool = False) -> T:
        """Run `work` on the events as they are now, off the event loop.

        Reading makes no file: where there is none, there are no events.

        Args:
            work: takes what it needs from the snapshot, which is closed afterwards. An error that
                is not SQLite's is raised here as it is.
            is_long: whether it may take seconds; other reads do not wait for it, then.

        Raises:
            StoreUnavailableError: the store cannot be read at the moment.
        """
        loop = asyncio.get_running_loop()
        if self._database.path == MEMORY:
            return await loop.run_in_executor(self._writing, self._read_as_writer, work)
        try:
            thread = self._reading_long if is_long else self._reading
            return await loop.run_in_executor(thread, self._read, work)
        except _OtherVersionError:
            # The writer alone may migrate the file, and refuses one of a newer version.
            await loop.run_in_executor(self._writing, self._database.use, lambda _: None)
            return await self.read(work, is_long=is_long)
        except DamagedFileError:
            # The writer meets the damage where the reader has met it, sets the file aside and
            # begins a new one.
            return await loop.run_in_executor(self._writing, self._read_as_writer, work)

    async def stop(self) -> None:
        """End the reads that go on, and begin no other."""
        self._is_stopped = True
        waiting = set()
        for thread in (self._reading, self._reading_long):
            waiting.add(asyncio.wrap_future(thread.submit(lambda: None)))
            thread.shutdown(wait=False)
        while waiting:
            for connection in tuple(self._open):
                with suppress(sqlite3.ProgrammingError):  # closed in this moment
                    connection.interrupt()
            # Again, since an interrupt between two statements of a read is lost.
            _, waiting = await asyncio.wait(waiting, timeout=INTERRUPT_EVERY_S)

    def _read(self, work: Callable[[Snapshot], T]) -> T:
        if self._database.is_new:
            return _read_nothing(work)
        try:
            with open_events(Path(self._database.path)) as snapshot:
                if snapshot.version != len(MIGRATIONS):
                    raise _OtherVersionError
                self._open.add(snapshot.connection)
                try:
                    if self._is_stopped:
                        raise sqlite3.OperationalError("the server stops")
                    return work(snapshot)
                finally:
                    self._open.discard(snapshot.connection)
        except DamagedFileError:
            raise
        except EventFileError as error:
            raise self._database.unavailable(error) from error

    def _read_as_writer(self, work: Callable[[Snapshot], T]) -> T:
        if self._database.is_new:
            return _read_nothing(work)

        def read(connection: sqlite3.Connection) -> T:
            with moment(connection) as snapshot:
                return work(snapshot)

        return self._database.use(read)


class _OtherVersionError(Exception):
    """The tables are of another version of this extension."""


def _read_nothing(work: Callable[[Snapshot], T]) -> T:
    """Run `work` on what a store holds that was never written to."""
    with closing(sqlite3.connect(MEMORY, isolation_level=None)) as connection:
        migrate(connection)
        return work(Snapshot(connection))
