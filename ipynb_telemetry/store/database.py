"""One SQLite file, which several servers may share: opened, migrated, replaced when damaged."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from logging import Logger, LoggerAdapter
from pathlib import Path
from typing import Any, TypeVar

from .journal import check_journal
from .migrations import MIGRATIONS

MEMORY = ":memory:"

T = TypeVar("T")

# SQLite's settings for each connection. An event touches a page of every index: the pages are kept
# in memory, and copied from the journal into the file when the journal has reached its size, not
# with every batch.
_JOURNAL_BYTES = 16 * 1024 * 1024
_SETTINGS = (
    "synchronous = FULL",  # what was committed survives a power cut
    "cache_size = -16384",  # KiB at most
    f"wal_autocheckpoint = {_JOURNAL_BYTES // 4096}",  # pages
    "secure_delete = ON",  # what is deleted is overwritten
    f"journal_size_limit = {_JOURNAL_BYTES}",  # after a transaction that was larger, too
)


class StoreUnavailableError(Exception):
    """The store cannot be used now: disk full, read-only, locked. Nothing was stored."""


class Database:
    """A SQLite file in WAL mode.

    The file is opened with the first use, so that a bad disk cannot keep a server from starting,
    and again after a failure, so that a disk that recovers is used again.
    """

    def __init__(self, path: str, log: Logger | LoggerAdapter[Any], busy_timeout_s: float) -> None:
        """Open nothing yet.

        Args:
            path: the file, or `:memory:`; an attribute, too.
            log: told of failures.
            busy_timeout_s: how long to wait while another server writes, in seconds.
        """
        self.path = path
        self._log = log
        self._busy_timeout_s = busy_timeout_s
        self._connection: sqlite3.Connection | None = None
        self._file_id: tuple[int, int] | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is a file, or the memory is in use."""
        return self._connection is not None if self.path == MEMORY else os.path.exists(self.path)

    @property
    def is_new(self) -> bool:
        """Whether the next use would make the file; false also where making it would fail."""
        if self.path == MEMORY:
            return self._connection is None
        with suppress(OSError):
            return self._current_file() is None
        return False

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def use(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the open database; on a fresh one if the file proves to be damaged.

        Raises:
            StoreUnavailableError: the work failed; a transaction that it had begun was rolled back.
        """
        try:
            try:
                return work(self._open())
            except sqlite3.DatabaseError as error:
                # This class alone means damage: its subclasses stand for a full disk, a lock, ...
                if type(error) is not sqlite3.DatabaseError or self.path == MEMORY:
                    raise
                self._set_aside(error)
                return work(self._open())
        except (sqlite3.Error, OSError) as error:
            if self.path != MEMORY:
                self.close()
            raise self.unavailable(error) from error

    def unavailable(self, error: Exception) -> StoreUnavailableError:
        """Log why the store cannot be used, and give the error to raise, which names no path."""
        self._log.warning("The event store cannot be used: %s", error)
        return StoreUnavailableError("The event store cannot be used at the moment.")

    def _open(self) -> sqlite3.Connection:
        # A file that was deleted or set aside would still swallow every event, and lose it.
        if self._connection is not None and self._file_id != self._current_file():
            self.close()
        if self._connection is None:
            if self.path != MEMORY:
                Path(self.path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                # SQLite gives its journal files the permissions of the database.
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            self._file_id = self._current_file()
        if self.path != MEMORY:
            check_journal(self.path)
        if self._connection is None:
            connection = sqlite3.connect(
                self.path, timeout=self._busy_timeout_s, isolation_level=None
            )
            try:
                _switch_to_wal(connection, self._busy_timeout_s)
                for setting in _SETTINGS:
                    connection.execute(f"PRAGMA {setting}")
                migrate(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _current_file(self) -> tuple[int, int] | None:
        if self.path == MEMORY:
            return None
        with suppress(FileNotFoundError):
            status = os.stat(self.path)
            return status.st_dev, status.st_ino
        return None

    def _set_aside(self, error: sqlite3.DatabaseError) -> None:
        # Closed, an emptied file gets from its journal what that holds.
        self.close()
        if self._file_id != self._current_file():
            return  # another server has already begun a new file
        path = Path(self.path)
        aside = path.with_name(
            f"{path.stem}.damaged-{datetime.now(timezone.utc):%Y%m%dT%H%M%S.%fZ}{path.suffix}"
        )
        for suffix in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                os.replace(f"{path}{suffix}", f"{aside}{suffix}")
        self._log.warning(
            "The event store was damaged (%s). It is kept as %s; a new one is begun.", error, aside
        )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what is written inside, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # some failures make SQLite roll back by itself
            connection.execute("ROLLBACK")
        raise


@contextmanager
def unsynced(connection: sqlite3.Connection) -> Iterator[None]:
    """Let the commits inside not wait for the disk: work that can be done again.

    A power cut may take back the latest of them, and leaves the file sound. A later commit that
    does wait, as that of events, waits for these too.
    """
    connection.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        connection.execute("PRAGMA synchronous = FULL")


def _switch_to_wal(connection: sqlite3.Connection, patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # SQLite's busy timeout does not cover two servers that begin one file at once.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to this version, or make them.

    Raises:
        sqlite3.OperationalError: the tables are of a newer version.
    """

    def version() -> int:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])

    if version() == len(MIGRATIONS):
        return
    with transaction(connection):
        # The version is read again: another server may have migrated while this one waited.
        if version() > len(MIGRATIONS):
            raise sqlite3.OperationalError("it was written by a newer version of this extension")
        for statements in MIGRATIONS[version() :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
