"""What was deleted out of a store's file and journal, so that their bytes have it no more.

SQLite overwrites what is deleted (`secure_delete`), but may leave a copy in the free part of a page
from which rows had moved before. Only a file that is written anew has no such rests.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from .database import Database

LARGEST_BYTES = 256 * 1024 * 1024
"""A larger file is not written anew without being asked: that takes seconds."""
_CHUNK = 1 << 20
_PATIENCE_S = 5.0
_PAUSE_S = 0.05
_ID_BYTES = 36
_ID = re.compile(rb"(?=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))")


def empty_journal(database: Database, patience_s: float = _PATIENCE_S) -> bool:
    """Copy the journal into the file and cut the journal to nothing.

    Args:
        database: the store, in a file.
        patience_s: how long to wait for who reads an older state, in seconds.

    Returns:
        Whether the journal is empty.

    Raises:
        StoreUnavailableError: the store cannot be used.
    """

    def empty(connection: sqlite3.Connection) -> bool:
        with suppress(sqlite3.OperationalError):  # another connection does the same
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        return False

    deadline = time.monotonic() + patience_s
    while not database.use(empty):
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE_S)
    return True


def scrub(database: Database, most_bytes: float = LARGEST_BYTES) -> bool:
    """Leave nothing of what was deleted in the bytes of the file and its journal.

    Who stores or reads while the file is written anew waits.

    Args:
        database: the store, in a file.
        most_bytes: how large the file may be to be written anew.

    Returns:
        Whether nothing is left; false where the file is larger, or in use all the time.

    Raises:
        StoreUnavailableError: the store cannot be used.
    """

    def vacuum(connection: sqlite3.Connection) -> bool:
        with suppress(sqlite3.OperationalError):
            connection.execute("VACUUM")
            return True
        return False

    empty_journal(database)
    is_written = os.path.getsize(database.path) <= most_bytes and database.use(vacuum)
    return empty_journal(database) and is_written


def damaged_copies(path: Path) -> list[Path]:
    """Give the damaged files that were set aside beside a store, with their journals."""
    return sorted(path.parent.glob(f"{path.stem}.damaged-*{path.suffix}*"))


def holds_session(path: Path, sessions: Collection[str]) -> bool:
    """Whether the bytes of a file have one of these sessions' ids, however many these are.

    Raises:
        OSError: the file cannot be read.
    """
    before = b""
    with suppress(FileNotFoundError), path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            part = before + chunk
            if any(found[1].decode() in sessions for found in _ID.finditer(part)):
                return True
            before = part[1 - _ID_BYTES :]
    return False


def holds(path: Path, student: str) -> bool:
    """Whether the bytes of a file have a student's id; false where there is no file.

    Raises:
        OSError: the file cannot be read.
    """
    needles = {student.encode("utf-8", "surrogatepass"), json.dumps(student)[1:-1].encode()}
    overlap = max(map(len, needles)) - 1
    before = b""
    with suppress(FileNotFoundError), path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            part = before + chunk
            if any(needle in part for needle in needles):
                return True
            before = part[-overlap:] if overlap else b""
    return False
