import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.relay.forwarder import STORE_PAUSE_S, Relay, wait_for_event
from ipynb_telemetry.relay.queue import LEASE_S, Claim, RelayQueue
from ipynb_telemetry.relay.rules import Answer
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.store.database import StoreUnavailableError
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.queues import ACCEPTED, NOW, POSTHOG, events
from ipynb_telemetry.tests.support.relaycourse import Course, FixedWatch, answers


def test_a_store_that_fails_is_asked_again_later(queue: RelayQueue) -> None:
    queue.add(events(1))
    course = Course(queue, answers())
    failures = iter([StoreUnavailableError(), StoreUnavailableError()])

    def fail() -> None:
        for failure in failures:
            raise failure

    course.before_settling = fail
    course.forward()
    # The answer was not recorded: the same events go again, and their uuids make them one.
    assert course.pauses == [LEASE_S, LEASE_S]
    assert len({event["uuid"] for event in course.accepted}) == 1


def test_a_store_that_gives_nothing_is_asked_again_later(
    queue: RelayQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.add(events(1))
    claim = queue.claim
    course = Course(queue, answers())

    def fail(now: float) -> None:
        monkeypatch.setattr(queue, "claim", claim)
        raise StoreUnavailableError

    monkeypatch.setattr(queue, "claim", fail)
    course.forward()
    assert course.pauses == [STORE_PAUSE_S]
    assert len(course.accepted) == 1


def test_a_thread_that_cannot_be_had_is_asked_for_again_later(
    queue: RelayQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.add(events(1))
    course = Course(queue, answers())
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        monkeypatch.setattr(threading.Thread, "start", start)
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    course.forward()
    assert len(course.accepted) == 1
    assert course.pauses == [LEASE_S]


async def in_this_thread(work: Callable[..., Any], *args: Any) -> Any:
    return work(*args)


def never(*args: Any) -> Any:
    raise AssertionError("nothing was to be sent")


def test_without_a_store_nothing_is_started(store: EventStore, tmp_path: Path) -> None:
    async def run() -> None:
        relay = Relay(RelayQueue(store.database), in_this_thread, FixedWatch(), send=never)
        relay.wake()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await relay.stop()

    asyncio.run(run())
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_started_after_the_stop(queue: RelayQueue) -> None:
    queue.add(events(1))

    async def run() -> None:
        relay = Relay(queue, in_this_thread, FixedWatch(), send=never)
        await relay.stop()
        relay.wake()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())


def test_a_long_pause_ends_with_the_stop_and_with_another_destination(queue: RelayQueue) -> None:
    queue.add(events(1))
    unauthorized = Answer(401, "401 Unauthorized")
    asked: list[str] = []

    async def run() -> None:
        before = asyncio.all_tasks()
        resting = asyncio.Event()

        async def rest(woken: asyncio.Event, timeout_s: float | None) -> None:
            if timeout_s:
                resting.set()
            await wait_for_event(woken, timeout_s)

        def send(destination: Destination, *_: Any) -> Answer:
            asked.append(destination.api_key)
            return unauthorized

        watch = FixedWatch()
        relay = Relay(queue, in_this_thread, watch, send=send, rest=rest)
        relay.wake()
        await resting.wait()
        resting.clear()
        watch.destination = POSTHOG._replace(api_key="phc_other")
        watch.changed()
        await resting.wait()
        relay.wake()  # in the same turn of the loop
        await relay.stop()
        assert asyncio.all_tasks() == before

    asyncio.run(asyncio.wait_for(run(), 20))
    assert asked == ["phc_key", "phc_other"]


def test_a_hanging_request_is_left_behind_and_its_claim_given_up(queue: RelayQueue) -> None:
    queue.add(events(1))
    begun, released = threading.Event(), threading.Event()

    def hang(*_: Any) -> Answer:
        begun.set()
        released.wait(60)
        return ACCEPTED

    async def run() -> None:
        relay = Relay(queue, in_this_thread, FixedWatch(), send=hang)
        relay.wake()
        await asyncio.to_thread(begun.wait, 20)
        await relay.stop()

    try:
        asyncio.run(asyncio.wait_for(run(), 20))
        assert not released.is_set()
        (thread,) = (one for one in threading.enumerate() if one.name == "ipynb_telemetry_relay")
        assert thread.daemon  # or the process would wait for it
        assert isinstance(queue.claim(time.time()), Claim)
    finally:
        released.set()
        thread.join(20)


def test_a_claim_is_kept_for_as_long_as_its_request_takes(
    queue: RelayQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipynb_telemetry.relay.forwarder.RENEW_S", 0.001)
    queue.add(events(1))
    now = iter(range(0, 10**9, 5))
    kept, others = threading.Event(), []
    hold = queue.hold

    def watch(claim: Claim, until: float) -> None:
        hold(claim, until)
        others.append(queue.claim(until - 1))
        if len(others) == 5:
            kept.set()

    monkeypatch.setattr(queue, "hold", watch)

    def send(*_: Any) -> Answer:
        assert kept.wait(20)
        return ACCEPTED

    async def run() -> None:
        relay = Relay(queue, in_this_thread, FixedWatch(), send=send, clock=lambda: NOW + next(now))
        relay.wake()
        await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})

    asyncio.run(run())
    assert others[:5] == [1] * 5
    assert queue.claim(NOW * 2) is None
