import asyncio
import gc
import logging
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from ipynb_telemetry.collector.body import BodyError
from ipynb_telemetry.collector.intake import MAX_GROUP_BYTES, MAX_GROUP_EVENTS, Intake
from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.store.database import StoreUnavailableError
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.serverprocess import PATIENCE_S, Server


class Collector:
    """An intake whose thread can be kept busy, and what came of the requests."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.thread = ThreadPoolExecutor(1)
        self.store = EventStore(str(path), logging.getLogger("ipynb_telemetry"))
        self.intake = Intake(self.store, self.thread)
        self._statements: list[str] = []
        self.in_thread(
            lambda: self.store.database.use(
                lambda connection: connection.set_trace_callback(self._statements.append)
            )
        )

    def in_thread(self, work: Callable[[], Any]) -> Any:
        return self.thread.submit(work).result()

    async def add_together(self, *reads: Callable[[], list[Event]]) -> list[Any]:
        """Add what waits while the thread is busy; None or an exception for each of them."""
        free = threading.Event()
        self.thread.submit(free.wait)
        requests = [asyncio.ensure_future(self.intake.add(read)) for read in reads]
        await asyncio.sleep(0)  # all of them wait now
        free.set()
        return await asyncio.gather(*requests, return_exceptions=True)

    @property
    def transactions(self) -> int:
        return self._statements.count("COMMIT")

    @property
    def stored(self) -> int:
        """As others see it."""
        with closing(sqlite3.connect(self.path)) as connection:
            return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    collector = Collector(tmp_path / "events.sqlite3")
    yield collector
    collector.in_thread(collector.store.close)
    collector.thread.shutdown()


def events(count: int, **properties: Any) -> list[Event]:
    return check_events([{"event": "tried", "distinct_id": "A", "properties": properties}] * count)


def refuse() -> list[Event]:
    raise BodyError("The body is empty.")


async def test_requests_that_wait_together_share_a_transaction(collector: Collector) -> None:
    assert await collector.add_together(*[lambda: events(3)] * 5) == [None] * 5
    assert (collector.transactions, collector.stored) == (1, 15)


async def test_what_waits_while_another_request_is_read_joins_it(collector: Collector) -> None:
    loop = asyncio.get_running_loop()
    joined = threading.Event()

    def read() -> list[Event]:
        loop.call_soon_threadsafe(lambda: asyncio.ensure_future(second()))
        assert joined.wait(PATIENCE_S)
        return events(1)

    async def second() -> None:
        request = asyncio.ensure_future(collector.intake.add(lambda: events(1)))
        await asyncio.sleep(0)
        joined.set()
        await request

    await collector.intake.add(read)
    assert (collector.transactions, collector.stored) == (1, 2)


async def test_a_bad_request_fails_alone(collector: Collector) -> None:
    first, bad, last = await collector.add_together(lambda: events(1), refuse, lambda: events(2))
    assert (first, last) == (None, None)
    assert isinstance(bad, BodyError)
    assert (collector.transactions, collector.stored) == (1, 3)


async def test_a_refusal_keeps_nothing_of_a_body(
    collector: Collector,
) -> None:
    class Body(bytearray):
        """Bytes of which somebody knows whether they are kept."""

    kept: list[weakref.ref[Body]] = []

    def read() -> list[Event]:
        body = Body(b"[")
        kept.append(weakref.ref(body))
        try:
            raise ValueError(len(body))
        except ValueError as error:
            raise BodyError("The body is not valid JSON.") from error

    gc.disable()  # which may be long in coming, since bytes do not bring it about
    try:
        await collector.add_together(*[read] * 3)
        assert [body() for body in kept] == [None] * 3
    finally:
        gc.enable()


async def test_only_bad_requests_do_not_touch_the_store(collector: Collector) -> None:
    assert len(await collector.add_together(refuse, refuse)) == 2
    assert collector.transactions == 0


async def test_a_store_that_fails_fails_all_of_them_and_keeps_nothing(
    collector: Collector,
) -> None:
    def unstorable() -> list[Event]:
        return [events(1)[0]._replace(event=None)]

    reads = [lambda: events(1), unstorable, refuse, lambda: events(1)]
    outcomes = await collector.add_together(*reads)
    assert [type(outcome) for outcome in outcomes] == [
        StoreUnavailableError,
        StoreUnavailableError,
        BodyError,
        StoreUnavailableError,
    ]
    assert collector.stored == 0
    assert await collector.add_together(*[lambda: events(1)] * 2) == [None] * 2
    assert collector.stored == 2


async def test_a_fault_of_ours_leaves_no_request_without_an_answer(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(events: Any) -> int:
        raise AssertionError

    monkeypatch.setattr(collector.store, "append", fail)
    outcomes = await collector.add_together(*[lambda: events(1)] * 2)
    assert [type(outcome) for outcome in outcomes] == [AssertionError] * 2


async def test_nobody_is_answered_before_the_commit(collector: Collector) -> None:
    committing, free = threading.Event(), threading.Event()

    def hold(statement: str) -> None:
        if statement == "COMMIT":
            committing.set()
            free.wait(PATIENCE_S)

    collector.in_thread(
        lambda: collector.store.database.use(lambda connection: connection.set_trace_callback(hold))
    )
    requests = [asyncio.ensure_future(collector.intake.add(lambda: events(1))) for _ in range(3)]
    assert await asyncio.to_thread(committing.wait, PATIENCE_S)
    assert ([request.done() for request in requests], collector.stored) == ([False] * 3, 0)
    free.set()
    await asyncio.gather(*requests)
    assert collector.stored == 3


@pytest.mark.parametrize(
    "half",
    [
        lambda: events(MAX_GROUP_EVENTS // 2),
        lambda: events(1, code="x" * (MAX_GROUP_BYTES // 2)),
    ],
    ids=["events", "bytes"],
)
async def test_a_transaction_is_full_at_some_point(
    collector: Collector, half: Callable[[], list[Event]]
) -> None:
    assert await collector.add_together(*[half] * 5) == [None] * 5
    assert collector.transactions == 3
    assert collector.stored == 5 * len(half())


async def test_a_request_that_is_given_up_while_it_waits_is_not_stored(
    collector: Collector,
) -> None:
    free = threading.Event()
    collector.thread.submit(free.wait)
    given_up, kept = (
        asyncio.ensure_future(collector.intake.add(lambda: events(1))) for _ in range(2)
    )
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.sleep(0)
    free.set()
    await kept
    assert given_up.cancelled()
    assert collector.stored == 1


def test_a_killed_server_has_whole_what_it_answered(
    start: Callable[[], Server], tmp_path: Path
) -> None:
    server = start()
    answered: list[int] = []
    enough = threading.Event()

    def send(student: int) -> None:
        for batch in range(student, 10_000, 4):
            event = {"event": "tried", "distinct_id": "A", "properties": {"notebook": str(batch)}}
            try:
                server.fetch("ipynb-telemetry/batch/", {"batch": [event] * 20})
            except HTTPError:
                raise
            except OSError:  # it is killed
                return
            answered.append(batch)
            if len(answered) > 40:
                enough.set()

    with ThreadPoolExecutor(4) as students:
        sending = [students.submit(send, student) for student in range(4)]
        assert enough.wait(PATIENCE_S)
        server.process.kill()
        for sent in sending:
            sent.result(PATIENCE_S)
    file = tmp_path / "data" / "ipynb_telemetry" / "events.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        counts = dict(
            connection.execute("SELECT notebook, count(*) FROM events GROUP BY notebook").fetchall()
        )
    assert set(counts.values()) == {20}
    assert set(map(str, answered)) <= set(counts)
