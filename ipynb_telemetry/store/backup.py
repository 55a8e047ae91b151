"""A copy of a store as it is at one moment, while a server goes on storing."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from .reading import DamagedFileError, Selection, open_events


class Backup(NamedTuple):
    """A copy that was made.

    Attributes:
        events: in the copy.
        size: of the file, in bytes.
    """

    events: int
    size: int


def back_up(path: Path, target: Path, *, is_replaced: bool) -> Backup:
    """Copy a store into one file, which is there whole or not at all, readable by its owner only.

    Args:
        path: the store's file.
        target: the copy; its folder must be there.
        is_replaced: whether a file that is there already is replaced.

    Raises:
        EventFileError: the store cannot be read, or is damaged.
        FileExistsError: the copy is there, and not to be replaced.
        OSError: the copy cannot be written.
    """
    if not is_replaced and os.path.lexists(target):
        raise FileExistsError(f"{target} is there")
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:60]}.", dir=target.parent)
    os.close(descriptor)
    copy = Path(name)
    try:
        events = _copy(path, copy)
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        size = copy.stat().st_size
        _move(copy, target, is_replaced=is_replaced)
    except sqlite3.Error as error:
        raise OSError(f"{target} cannot be written: {error}") from error
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.unlink(f"{copy}{suffix}")
    return Backup(events, size)


def _copy(path: Path, copy: Path) -> int:
    with open_events(path) as snapshot, closing(sqlite3.connect(copy)) as target:
        events = snapshot.count(Selection())
        snapshot.connection.backup(target)
        # One file, which also a folder that is read only can hold.
        target.execute("PRAGMA journal_mode = DELETE")
        (state,) = target.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise DamagedFileError(f"{path} is damaged: {state}.")
        return events


def _move(copy: Path, target: Path, *, is_replaced: bool) -> None:
    if is_replaced:
        os.replace(copy, target)
        return
    try:
        os.link(copy, target)  # fails where somebody else has made the file meanwhile
    except FileExistsError:
        raise
    except OSError:  # not every file system has links
        if os.path.lexists(target):
            raise FileExistsError(f"{target} is there") from None
        os.rename(copy, target)
