import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.relay.forwarder import STORE_PAUSE_S, Relay, wait_for_event
from ipynb_telemetry.relay.queue import LEASE_S, Claim, RelayQueue
from ipynb_telemetry.relay.rules import Answer
from ipynb_telemetry.relay.watch import SettingsWatch
from ipynb_telemetry.relay.wire import WaitingEvent, write_event
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.settings.inforce import InForce
from ipynb_telemetry.store.database import StoreUnavailableError
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.queues import status_of

NOW = 1_772_359_200.0  # 2026-03-01T10:00:00Z
POSTHOG = Destination("https://eu.i.posthog.com", "phc_key")
ACCEPTED = Answer(200, "200 OK", body=b'{"status":1}')


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    store = EventStore(str(tmp_path / "events.sqlite3"), logging.getLogger("ipynb_telemetry"))
    yield store
    store.close()


@pytest.fixture
def queue(store: EventStore) -> RelayQueue:
    return RelayQueue(store.database)


def events(count: int, **fields: Any) -> list[Event]:
    return check_events(
        [
            {
                "event": "paste",
                "distinct_id": "JOHN_DOE",
                **fields,
                "properties": {"seq": seq, **fields.get("properties", {})},
            }
            for seq in range(count)
        ]
    )


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
        self.before_settling: Callable[[], None] = lambda: None
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


def test_all_that_waits_is_sent_oldest_first_in_batches(queue: RelayQueue) -> None:
    queue.add(events(450))
    course = Course(queue, answers())
    course.forward()
    assert [len(batch) for batch in course.batches] == [200, 200, 50]
    assert seqs(course.accepted) == list(range(450))
    assert course.pauses == []


def test_what_fails_is_tried_again_as_it_was_with_growing_pauses(queue: RelayQueue) -> None:
    queue.add(events(3, timestamp="2026-03-01T09:00:00Z"))
    failures = [
        Answer(None, "connection refused"),
        *(Answer(status, "why") for status in (408, 429, 500, 502, 503, 404, 302)),
        Answer(200, "200 OK", body=b"<html>Log in</html>"),
        Answer(200, "200 OK", body=b'{"login":"/hub"}'),
    ]
    course = Course(queue, answers(*failures))
    course.forward()
    assert course.pauses == [1, 2, 4, 8, 16, 32, 64, 120, 120, 120]
    assert len(course.batches) == 11
    assert all(batch == course.batches[0] for batch in course.batches)
    assert course.accepted[0]["timestamp"] == "2026-03-01T09:00:00.000Z"
    assert course.sent_at[:3] == [
        "2026-03-01T10:00:00.000Z",
        "2026-03-01T10:00:01.000Z",
        "2026-03-01T10:00:03.000Z",
    ]


def test_a_slow_network_gets_smaller_batches_until_they_get_through(queue: RelayQueue) -> None:
    queue.add(events(450))
    late = Answer(None, "timed out", is_late=True)
    course = Course(queue, lambda batch: ACCEPTED if len(batch) <= 30 else late)
    course.forward()
    assert [len(batch) for batch in course.batches[:5]] == [200, 100, 50, 25, 50]
    assert seqs(course.accepted) == list(range(450))


def test_pauses_that_are_asked_for_are_made(queue: RelayQueue) -> None:
    queue.add(events(1))
    quota = Answer(200, "200 OK", body=b'{"status":1,"quota_limited":["events"]}')
    course = Course(
        queue,
        answers(
            Answer(503, "why", "30"),
            Answer(429, "why", "Sun, 01 Mar 2026 10:05:30 GMT"),
            Answer(429, "why", "86400"),
            quota,
        ),
    )
    course.forward()
    assert course.pauses == [30, 300, 3600, 60]
    assert len(course.accepted) == 1


def test_a_poisoned_event_is_set_aside_and_all_others_arrive(queue: RelayQueue) -> None:
    queue.add(events(500))
    poison = 287
    course = Course(
        queue,
        lambda batch: Answer(400, "400 Bad Request") if poison in seqs(batch) else ACCEPTED,
    )
    course.forward()
    assert seqs(course.accepted) == [seq for seq in range(500) if seq != poison]
    assert status_of(queue, NOW)["set_aside"] == 1
    assert len(course.batches) < 30
    assert course.pauses == []


def test_a_place_that_refuses_every_event_is_asked_with_growing_pauses(queue: RelayQueue) -> None:
    queue.add(events(20))
    course = Course(queue, lambda batch: Answer(400, "400 Bad Request"))
    problems: list[str | None] = []
    course.during_pause = lambda: problems.append(status_of(queue, course.now)["problem"])
    course.forward()
    assert course.pauses[:9] == [1, 2, 4, 8, 16, 32, 64, 120, 120]
    assert len(course.pauses) == 15
    assert set(problems) == {"400 Bad Request"}


def test_a_batch_that_is_too_large_is_halved_and_an_event_cut(queue: RelayQueue) -> None:
    queue.add(events(10))
    queue.add(events(1, properties={"seq": 10, "code": "x" * 50_000}))
    queue.add(events(1, properties={"seq": 11, "code": "y" * 3000}))
    course = Course(
        queue,
        lambda batch: ACCEPTED if len(json.dumps(batch)) < 4000 else Answer(413, "413"),
    )
    course.forward()
    assert seqs(course.accepted) == list(range(12))
    cut, after = course.accepted[10:]
    assert cut["properties"]["truncated"] is True
    assert 1000 < len(cut["properties"]["code"]) < 4000
    assert after["properties"]["code"] == "y" * 3000  # what was cut for another is not for it
    assert status_of(queue, NOW)["set_aside"] == 0


def test_an_event_that_cannot_be_cut_any_more_keeps_the_others_from_nothing(
    queue: RelayQueue,
) -> None:
    queue.add(events(3))
    course = Course(queue, lambda batch: Answer(413, "413 Large") if 1 in seqs(batch) else ACCEPTED)
    course.forward()
    assert seqs(course.accepted) == [0, 2]
    assert status_of(queue, NOW)["set_aside"] == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_tried_every_two_minutes_until_it_is_corrected(
    queue: RelayQueue, status: int
) -> None:
    corrected = POSTHOG._replace(api_key="phc_right")
    queue.add(events(2))
    course = Course(
        queue,
        lambda batch: (
            ACCEPTED if course.destinations[-1] == corrected else Answer(status, "refused")
        ),
    )

    def correct() -> None:
        if len(course.pauses) == 3:
            queue.add(events(1))
            course.watch.destination = corrected

    course.during_pause = correct
    course.forward()
    assert course.pauses == [120, 120, 120]
    assert course.destinations == [POSTHOG] * 3 + [corrected]
    assert len(course.accepted) == 3


def test_what_comes_while_a_batch_is_sent_is_sent_too(queue: RelayQueue) -> None:
    first, late = events(2)
    queue.add([first])
    course = Course(queue, answers())
    course.before_settling = lambda: queue.add([late])
    course.forward()
    assert [event["uuid"] for event in course.accepted] == [first.uuid, late.uuid]


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
