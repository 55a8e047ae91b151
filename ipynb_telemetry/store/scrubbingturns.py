"""Turns in which a store's file is written anew for who asked to be erased.

Nothing is stored meanwhile. So those who ask at the same time share a turn, and a turn has a rest
after it that is much longer: nobody keeps a class from storing by asking again and again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from .database import Database
from .scrubbing import scrub

REST = 4
"""How much longer than a turn the rest after it is."""
PATIENCE_S = 15.0
"""Who would have to wait longer hears that the file was not written anew; the next turn does it."""


class ScrubbingTurns:
    """Scrubs a store. Its methods must be called on the event loop."""

    def __init__(
        self,
        database: Database,
        off_loop: Callable[..., Awaitable[Any]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Do nothing yet.

        Args:
            database: the store, in a file.
            off_loop: runs a function in the store's thread.
            clock: in seconds.
        """
        self._database = database
        self._off_loop = off_loop
        self._clock = clock
        self._last: asyncio.Task[bool] | None = None
        self._next: asyncio.Task[bool] | None = None
        self._rested_at = clock()

    async def scrub(self) -> bool:
        """Leave nothing of what was deleted up to now; see `scrubbing.scrub`.

        Returns:
            Whether nothing is left.

        Raises:
            StoreUnavailableError: the store cannot be used.
        """
        if self._next is None:
            self._next = asyncio.get_running_loop().create_task(self._take_turn(self._last))
        # Who is gone takes no turn from the others.
        return await asyncio.shield(self._next)

    async def _take_turn(self, before: asyncio.Task[bool] | None) -> bool:
        if before is not None:
            await asyncio.wait({before})
        wait_s = self._rested_at - self._clock()
        if 0 < wait_s <= PATIENCE_S:
            await asyncio.sleep(wait_s)
        # Who asks from now on may have deleted something after this turn's beginning.
        self._last, self._next = self._next, None
        if wait_s > PATIENCE_S:
            return False
        begun = self._clock()
        try:
            return bool(await self._off_loop(scrub, self._database))
        finally:
            ended = self._clock()
            self._rested_at = ended + REST * (ended - begun)
