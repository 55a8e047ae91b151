"""The building of facts and aggregates, in the background while events go on being stored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from logging import Logger, LoggerAdapter
from typing import Any

from .building import Builder, Work
from .database import MEMORY, Database, StoreUnavailableError
from .folding import fold

PAUSE_S = 1.0  # after events came, until it is looked whether something is due
# The pause is longer after long work, so that events which come late all the time do not take more
# than a fifth of the store's thread for folding.
_PAUSE_SHARE = 4
_LONGEST_PAUSE_S = 10.0
REPORT_S = 5.0  # between two lines in the log
# After so many slices the journal is copied into the file, which otherwise a commit has to do.
_FOLD_EVERY = 20
_DONE = Work("fold", 0)


class Rebuilding:
    """Has a builder work while something is due. Its methods must be called on the event loop."""

    def __init__(
        self,
        database: Database,
        off_loop: Callable[..., Awaitable[Any]],
        log: Logger | LoggerAdapter[Any],
    ) -> None:
        """Do nothing yet.

        Args:
            database: of the store.
            off_loop: runs a function in the store's thread.
            log: told of the progress.
        """
        self._database = database
        self._builder = Builder(database, log)
        self._off_loop = off_loop
        self._log = log
        self._task: asyncio.Task[None] | None = None
        self._is_wanted = False
        self._is_stopped = False

    def start(self) -> None:
        """Do what is due in a store that is there, at once."""
        self._wake(0)

    def soon(self) -> None:
        """Look after `PAUSE_S` whether something is due."""
        self._wake(PAUSE_S)

    async def stop(self) -> None:
        """Stop for good; what is due stays due."""
        self._is_stopped = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def _wake(self, pause_s: float) -> None:
        self._is_wanted = True
        is_idle = self._task is None or self._task.done()
        if is_idle and not self._is_stopped and self._database.is_there:
            self._task = asyncio.get_running_loop().create_task(self._run(pause_s))

    async def _run(self, pause_s: float) -> None:
        while self._is_wanted:
            await asyncio.sleep(pause_s)
            self._is_wanted = False
            begun = time.monotonic()
            try:
                await self._work()
            except StoreUnavailableError:
                pass  # who stores next meets it, too
            except Exception:  # noqa: BLE001 - a fault of ours: events are stored all the same
                self._log.warning("The answers are behind the events.", exc_info=True)
            took = time.monotonic() - begun
            pause_s = min(max(PAUSE_S, _PAUSE_SHARE * took), _LONGEST_PAUSE_S)

    async def _work(self) -> None:
        begun = told = time.monotonic()
        slices = 0
        is_told = False
        work: Work | None = await self._off_loop(self._builder.slice)
        while work is not None:
            slices += 1
            if slices % _FOLD_EVERY == 0 and self._database.path != MEMORY:
                await asyncio.to_thread(fold, self._database.path)
            # Nobody needs to know that some sessions had late events.
            is_news = slices == 1 and work.what != "fold"
            if is_news or time.monotonic() - told >= REPORT_S:
                told, is_told = time.monotonic(), True
                self._log.info("Building what the answers read: %s.", _words(work))
            if work == _DONE:
                break  # sessions that are late since then have their turn after the pause
            work = await self._off_loop(self._builder.slice)
        if is_told:
            self._log.info("Built what the answers read in %.1f s.", time.monotonic() - begun)


def _words(work: Work) -> str:
    return {
        "clear": f"{work.left:,} sessions of another version go",
        "facts": f"{work.left:,} events to read",
        "fold": f"{work.left:,} sessions to sum up",
    }[work.what]
