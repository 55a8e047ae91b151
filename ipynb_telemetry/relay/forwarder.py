"""The relay: a background task that forwards events, batch by batch."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from ..settings.destination import Destination
from ..store.database import StoreUnavailableError
from ..store.event import epoch_to_utc
from .queue import LEASE_S, Claim, RelayQueue
from .rules import Answer
from .thread import in_thread
from .transport import post_batch
from .watch import SettingsWatch

# Until a store that cannot be used, or a thread that cannot be had, is asked for again.
STORE_PAUSE_S = 30
RENEW_S = LEASE_S / 3


async def wait_for_event(event: asyncio.Event, timeout_s: float | None) -> None:
    """Wait until the event is set, or for so many seconds; None: without end."""
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(event.wait(), timeout_s)


class Relay:
    """Forwards what waits in a queue to where the server's settings say.

    There is a task for it only while something waits that may be sent. All its methods must be
    called on the event loop.
    """

    def __init__(
        self,
        queue: RelayQueue,
        off_loop: Callable[..., Awaitable[Any]],
        watch: SettingsWatch,
        *,
        send: Callable[..., Answer] = post_batch,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
        rest: Callable[[asyncio.Event, float | None], Awaitable[None]] = wait_for_event,
    ) -> None:
        """Do nothing yet.

        Args:
            queue: what is to be forwarded.
            off_loop: runs a function with arguments in the store's thread.
            watch: tells where to; from now on it wakes this relay.
            send: sends one batch; it may block, and never raises.
            clock: the time, in seconds since 1970.
            chance: 0 to 1.
            rest: waits for an event, for so many seconds at most.
        """
        self._queue = queue
        self._off_loop = off_loop
        self._watch = watch
        watch.changed = self.wake
        self._send = send
        self._clock = clock
        self._chance = chance
        self._rest = rest
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._is_stopped = False
        self._moved_to: Destination | None = None

    @property
    def hindrance(self) -> str | None:
        """Why the settings lead nowhere, as far as was looked; None: they do not hinder."""
        in_force = self._watch.in_force
        return in_force and in_force.problem

    def wake(self) -> None:
        """Look at once whether there is something to forward, if there is a store at all."""
        self._woken.set()
        is_idle = self._task is None or self._task.done()
        if is_idle and not self._is_stopped and self._queue.may_hold_events:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Stop for good, also in the middle of a pause or a request; what waits stays."""
        self._is_stopped = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        await self._watch.stop()

    async def _run(self) -> None:
        # Before Python 3.12 a wait that ends in the moment of the cancellation swallows it.
        while not self._is_stopped:
            self._woken.clear()
            pause_s = await self._round()
            if pause_s is None and not self._woken.is_set():
                return
            await self._rest(self._woken, pause_s)

    async def _round(self) -> float | None:
        """Send a batch at most; give the seconds until the next round, None: until a wake."""
        try:
            destination = await self._where()
            if destination is None:
                return None
            claim: Claim | float | None = await self._off_loop(self._queue.claim, self._clock())
        except (StoreUnavailableError, RuntimeError):
            # A RuntimeError: the machine gives this process no more threads.
            return STORE_PAUSE_S
        if not isinstance(claim, Claim):
            return claim
        # A batch whose sending fails here is claimed again when its lease is over. A RuntimeError
        # has the cause named above.
        with suppress(StoreUnavailableError, RuntimeError):
            answer = await self._attempt(destination, claim)
            await self._off_loop(self._queue.settle, claim, answer, self._clock(), self._chance())
        return 0

    async def _where(self) -> Destination | None:
        """Tell where what is kept goes now; None: nothing is kept, or it has nowhere to go.

        Whatever is kept goes there, also what another destination refused.
        """
        kept = await self._off_loop(self._queue.kept)
        if not (kept.waiting or kept.set_aside):
            self._watch.rest()
            return None
        in_force = await self._watch.look(kept.destination)
        destination = in_force and in_force.destination
        if destination and destination != self._moved_to:
            await self._off_loop(self._queue.move, destination)
            self._moved_to = destination
        return destination

    async def _attempt(self, destination: Destination, claim: Claim) -> Answer:
        sent_at = epoch_to_utc(self._clock())
        answer = in_thread(lambda: self._send(destination, claim.events, sent_at))
        try:
            while not (await asyncio.wait({answer}, timeout=RENEW_S))[0]:
                await self._hold(claim, self._clock() + LEASE_S)
            return answer.result()
        except asyncio.CancelledError:
            await self._hold(claim, 0)
            raise
        finally:
            answer.cancel()

    async def _hold(self, claim: Claim, until: float) -> None:
        # A claim that cannot be kept costs a repeat at worst, which its uuid makes one.
        with suppress(StoreUnavailableError):
            await self._off_loop(self._queue.hold, claim, until)
