"""Stored events on to a PostHog by hand: in batches, in the order of their storing, and paced."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

from ..settings.destination import Destination
from ..store.event import epoch_to_utc
from .ledger import Ledger, Wanted
from .rules import Answer, Pace, judge, settle
from .transport import post_batch
from .wire import WaitingEvent, fitting

HISTORICAL_S = 48 * 3600
"""The age from which PostHog takes events as a historical migration, in seconds."""

PER_MINUTE = 10_000
"""The events a minute above which PostHog asks to be told before."""

# How long pauses may last until nothing was taken: where nobody has ever answered the address is
# probably wrong.
_PATIENCE_S = 180.0
_PATIENCE_WITH_SILENCE_S = 10.0


class ForwardError(Exception):
    """A destination takes no events, and why, in a sentence without its name."""


class Backfill:
    """Sends what a destination lacks, and keeps in its ledger how far that is."""

    def __init__(
        self,
        ledger: Ledger,
        destination: Destination,
        *,
        per_minute: int = PER_MINUTE,
        pausing: Callable[[float, str], None] = lambda pause_s, reason: None,
        send: Callable[..., Answer] = post_batch,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Send nothing yet.

        Args:
            ledger: of the destination.
            destination: where to.
            per_minute: most events a minute.
            pausing: told of each pause that the other end brings about, in seconds, and its cause.
            send: sends one batch.
            clock: the time, in seconds since 1970.
            chance: 0 to 1, for the length of a pause.
            sleep: waits for some seconds.
        """
        self._ledger = ledger
        self._destination = destination
        self._per_minute = per_minute
        self._pausing = pausing
        self._send = send
        self._clock = clock
        self._chance = chance
        self._sleep = sleep
        self._pace = Pace()
        self._paused_s = 0.0
        self._has_answered = False

    def run(self, wanted: Wanted, last_id: int) -> Iterator[int]:
        """Send the wanted events that the destination lacks, the historical ones first.

        Args:
            wanted: which events.
            last_id: the last row that counts.

        Yields:
            How many events each request has settled: they were taken, or refused for good.

        Raises:
            ForwardError: the destination takes no more.
            StoreUnavailableError: what was sent last cannot be recorded, and is sent again.
        """
        for state in ("historical", "recent"):
            after = 0
            cut: dict[int, int] = {}  # the `max_bytes` of an event that was too large
            while True:
                owed = self._ledger.owed(wanted, state, (after, last_id), self._pace.max_count)
                events = fitting(
                    each._replace(max_bytes=cut.get(each.id, each.max_bytes)) for each in owed
                )
                if not events:
                    break
                is_settled, max_bytes = self._attempt(events, state == "historical")
                if is_settled:
                    after = events[-1].id
                    yield len(events)
                elif max_bytes is not None:
                    cut = {events[0].id: max_bytes}

    def _attempt(self, events: list[WaitingEvent], is_historical: bool) -> tuple[bool, int | None]:
        """Send a batch; tell whether it is settled, and to what its only event is to be cut."""
        begun = self._clock()
        sent_at = epoch_to_utc(begun)
        answer = self._send(self._destination, events, sent_at, is_historical=is_historical)
        now = self._clock()
        verdict = judge(answer, now)
        self._has_answered = self._has_answered or answer.status is not None
        if verdict.kind == "unauthorized":
            raise ForwardError(f"refuses the key: {verdict.reason}")
        outcome = settle(self._pace, events, verdict, now, self._chance())
        self._pace = outcome.pace
        if outcome.state != "waiting":
            self._ledger.settle(events, outcome.reason)
        if outcome.state == "delivered":
            self._paused_s = 0.0
            share_s = len(events) * 60 / self._per_minute
            # A clock that was set back makes it no longer.
            self._sleep(min(share_s, max(0.0, share_s - (now - begun))))
        elif outcome.pace.not_before > now:
            self._pause(outcome.pace.not_before - now, verdict.reason)
        return outcome.state != "waiting", outcome.max_bytes

    def _pause(self, pause_s: float, reason: str) -> None:
        self._paused_s += pause_s
        patience_s = _PATIENCE_S if self._has_answered else _PATIENCE_WITH_SILENCE_S
        if self._paused_s > patience_s:
            raise ForwardError(f"takes no events: {reason}")
        self._pausing(pause_s, reason)
        self._sleep(pause_s)
