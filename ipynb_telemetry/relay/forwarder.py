"""The relay: a background task that forwards events to PostHog, batch by batch."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from ..store.database import StoreUnavailableError
from ..store.event import epoch_to_utc
from .destinations import LEASE_S
from .queue import Claim, Outbox
from .rules import Answer
from .transport import post_batch

# Until a store that cannot be used, or a thread that cannot be had, is asked for again.
STORE_PAUSE_S = 30
RENEW_S = LEASE_S / 3

T = TypeVar("T")


async def wait_for_event(event: asyncio.Event, timeout_s: float | None) -> None:
    """Wait until the event is set, or for so many seconds; None: without end."""
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(event.wait(), timeout_s)


class Relay:
    """Forwards what waits in an outbox. There is a task for it only while something waits.

    Each attempt has a task of its own: a destination that does not answer holds up no other one.
    All its methods must be called on the event loop.
    """

    def __init__(
        self,
        outbox: Outbox,
        off_loop: Callable[..., Awaitable[Any]],
        *,
        send: Callable[..., Answer] = post_batch,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
        rest: Callable[[asyncio.Event, float | None], Awaitable[None]] = wait_for_event,
    ) -> None:
        """Do nothing yet.

        Args:
            outbox: what is to be forwarded.
            off_loop: runs a function with arguments in the store's thread.
            send: sends one batch; it may block, and never raises.
            clock: the time, in seconds since 1970.
            chance: 0 to 1.
            rest: waits for an event, for so many seconds at most.
        """
        self._outbox = outbox
        self._off_loop = off_loop
        self._send = send
        self._clock = clock
        self._chance = chance
        self._rest = rest
        self._task: asyncio.Task[None] | None = None
        self._attempts: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._is_stopped = False

    def wake(self) -> None:
        """Look at once whether there is something to forward, if there is a store at all."""
        self._woken.set()
        is_idle = self._task is None or self._task.done()
        if is_idle and not self._is_stopped and self._outbox.may_hold_events:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Stop for good, also in the middle of a pause or a request; what waits stays."""
        self._is_stopped = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        for attempt in self._attempts:
            attempt.cancel()
        await asyncio.gather(*self._attempts, return_exceptions=True)

    async def _run(self) -> None:
        # Before Python 3.12 a wait that ends in the moment of the cancellation swallows it.
        while not self._is_stopped:
            self._woken.clear()
            pause_s = await self._round()
            if pause_s is None and not self._attempts and not self._woken.is_set():
                return
            await self._rest(self._woken, pause_s)

    async def _round(self) -> float | None:
        """Begin at most one attempt; give the seconds until the next round, None if nothing waits.

        One that is under way ends the pause with its end.
        """
        try:
            claim: Claim | float | None = await self._off_loop(self._outbox.claim, self._clock())
        except (StoreUnavailableError, RuntimeError):
            # A RuntimeError: the machine gives this process no more threads.
            return STORE_PAUSE_S
        if not isinstance(claim, Claim):
            return claim
        attempt = asyncio.get_running_loop().create_task(self._deliver(claim))
        self._attempts.add(attempt)
        attempt.add_done_callback(self._end)
        return 0

    def _end(self, attempt: asyncio.Task[None]) -> None:
        self._attempts.discard(attempt)
        self._woken.set()

    async def _deliver(self, claim: Claim) -> None:
        # What fails here is claimed again when its lease is over. A RuntimeError: as above.
        with suppress(StoreUnavailableError, RuntimeError):
            answer = await self._attempt(claim)
            await self._off_loop(self._outbox.settle, claim, answer, self._clock(), self._chance())

    async def _attempt(self, claim: Claim) -> Answer:
        sent_at = epoch_to_utc(self._clock())
        answer = _in_thread(lambda: self._send(claim.destination, claim.events, sent_at))
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
            await self._off_loop(self._outbox.hold, claim, until)


def _in_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    """Run `work` in a thread of its own that a process that ends does not wait for.

    The threads of an executor would keep a stopped server alive as long as a request hangs.
    """
    result: Future[T] = Future()
    result.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            result.set_exception(error)

    threading.Thread(target=run, name="ipynb_telemetry_relay", daemon=True).start()
    return asyncio.wrap_future(result)
