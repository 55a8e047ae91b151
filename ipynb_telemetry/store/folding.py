"""The journal into the file, soon after events came: a copy of the file alone then holds them."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from .database import MEMORY

PAUSE_S = 3


class Folding:
    """Folds a store's journal in, on a connection and in a thread that hold up no event.

    SQLite itself does so when the journal has grown large, or when the last connection closes. Its
    methods must be called on the event loop.
    """

    def __init__(self, path: str) -> None:
        """Do nothing yet; `path` is the store's file."""
        self._path = path
        self._is_wanted = False
        self._task: asyncio.Task[None] | None = None

    def soon(self) -> None:
        """Fold the journal in after `PAUSE_S`; what comes meanwhile goes along."""
        self._is_wanted = self._path != MEMORY
        if self._is_wanted and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Begin no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        while self._is_wanted:
            await asyncio.sleep(PAUSE_S)
            self._is_wanted = False
            if not await asyncio.to_thread(fold, self._path):
                self._is_wanted = True


def fold(path: str) -> bool:
    """Copy what the journal holds into the file, as far as nobody reads an older state of it.

    Returns:
        Whether there is nothing left to do, or nothing that could be done.
    """
    try:
        with closing(
            sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=rw", uri=True, timeout=0)
        ) as connection:
            _, pages, folded = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    except sqlite3.Error:
        return True  # the writer meets what is wrong, and says it
    return bool(pages == folded)
