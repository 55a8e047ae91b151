"""A relay whose time passes only in its pauses."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from ipynb_telemetry.relay.forwarder import Relay
from ipynb_telemetry.relay.queue import RelayQueue
from ipynb_telemetry.relay.rules import Answer
from ipynb_telemetry.relay.watch import SettingsWatch
from ipynb_telemetry.relay.wire import WaitingEvent, write_event
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.settings.inforce import InForce
from ipynb_telemetry.tests.support.queues import ACCEPTED, NOW, POSTHOG


class FixedWatch(SettingsWatch):
    """Settings that lead where a test says."""

    def __init__(self) -> None:
        super().__init__(lambda: InForce(self.destination))
        self.destination: Destination | None = POSTHOG

    async def look(self, known: Destination | None) -> InForce:
        return InForce(self.destination)


class Course:
    """A relay whose time passes only in its pauses, and what it sends."""

    def __init__(self, queue: RelayQueue, answer: Callable[[list[dict[str, Any]]], Answer]) -> None:
        self.queue = queue
        self.answer = answer
        self.watch = FixedWatch()
        self.now = NOW
        self.pauses: list[float] = []
        self.during_pause: Callable[[], None] = lambda: None
        self.before_settling: Callable[[], object] = lambda: None
        self.destinations: list[Destination] = []
        self.sent_at: list[str] = []
        self.batches: list[list[dict[str, Any]]] = []
        self.accepted: list[dict[str, Any]] = []
        self._others: set[asyncio.Task[Any]] = set()

    def forward(self) -> None:
        """Run the relay until nothing waits, which ends its task."""

        async def run() -> None:
            relay = Relay(
                self.queue,
                self._off_loop,
                self.watch,
                send=self._send,
                clock=lambda: self.now,
                chance=lambda: 1,
                rest=self._rest,
            )
            self._others = asyncio.all_tasks()
            relay.wake()
            await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})

        asyncio.run(run())
        assert self.queue.claim(self.now) is None

    async def _off_loop(self, work: Callable[..., Any], *args: Any) -> Any:
        if work == self.queue.settle:
            self.before_settling()
        return work(*args)

    def _send(
        self, destination: Destination, batch: Sequence[WaitingEvent], sent_at: str
    ) -> Answer:
        self.destinations.append(destination)
        self.sent_at.append(sent_at)
        self.batches.append([json.loads(write_event(event)) for event in batch])
        answer = self.answer(self.batches[-1])
        if answer is ACCEPTED:
            self.accepted += self.batches[-1]
        return answer

    async def _rest(self, woken: asyncio.Event, timeout_s: float | None) -> None:
        if timeout_s == 0:
            return
        if asyncio.all_tasks() - self._others - {asyncio.current_task()}:
            await woken.wait()  # while an attempt is under way no time passes
        elif timeout_s:
            self.pauses.append(timeout_s)
            self.during_pause()
            self.now += timeout_s


def seqs(batch: Sequence[dict[str, Any]]) -> list[int]:
    return [event["properties"]["seq"] for event in batch]


def answers(*some: Answer) -> Callable[[Any], Answer]:
    """Give these answers in turn, and accept what comes after."""
    rest = iter(some)
    return lambda batch: next(rest, ACCEPTED)
