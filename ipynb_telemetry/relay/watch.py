"""Looks at the settings for as long as the relay keeps something, and says when they lead on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from ..settings.destination import Destination
from ..settings.inforce import InForce
from .switchover import Switchover
from .thread import in_thread

LOOK_S = 1


class SettingsWatch:
    """Tells where to send by the settings of this server.

    Nobody tells a server extension that the settings were saved, so their file is looked at every
    `LOOK_S`, off the event loop, from a call of `look` until one of `rest`. All methods must be
    called on the event loop.
    """

    def __init__(self, read: Callable[[], InForce]) -> None:
        """Look at nothing yet; `read` reads the settings: it may block, and never raises."""
        self._read = read
        # Called when the settings have come to lead elsewhere, unless `look` said so.
        self.changed: Callable[[], None] = lambda: None
        self._switchover: Switchover | None = None
        self._task: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    @property
    def in_force(self) -> InForce | None:
        """Where the latest look led; None: the settings are being edited, or nobody looks."""
        return self._switchover.in_force if self._switchover and self._task else None

    async def look(self, known: Destination | None) -> InForce | None:
        """Give what counts now, and go on looking; None: the settings are being edited.

        Args:
            known: where the store's events went before this process.

        Raises:
            RuntimeError: the machine gives this process no more threads.
        """
        self._switchover = self._switchover or Switchover(known)
        await self._follow(self._switchover)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._go_on(self._switchover))
        return self._switchover.in_force

    def rest(self) -> None:
        """Look no more until `look` is called again."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def stop(self) -> None:
        """Look no more, and leave no task behind."""
        task = self._task
        self.rest()
        if task is not None:
            await asyncio.wait({task})

    async def _go_on(self, switchover: Switchover) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            before = switchover.in_force
            with suppress(RuntimeError):
                await self._follow(switchover)
            if switchover.in_force not in (None, before):
                self.changed()

    async def _follow(self, switchover: Switchover) -> None:
        async with self._turn:
            read = await in_thread(self._read)
            switchover.follow(read, time.monotonic(), time.time())
