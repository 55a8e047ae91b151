"""Our own clients and a class collector that says "too many": they keep all, and come again."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.relay.forwarder import Relay
from ipynb_telemetry.relay.queue import RelayQueue
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.classserver import ClassServer
from ipynb_telemetry.tests.support.queues import LOG, events
from ipynb_telemetry.tests.support.relaycourse import FixedWatch
from ipynb_telemetry.tests.support.storedevents import raw_event

from .conftest import OpenClass


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")


async def test_a_relay_that_is_told_to_wait_loses_nothing(
    open_class: OpenClass, tmp_path: Path
) -> None:
    server = await open_class(student_rate=300)
    store = EventStore(str(tmp_path / "student" / "events.sqlite3"), LOG)
    queue = RelayQueue(store.database)
    queue.add(events(1500))
    watch = FixedWatch()
    watch.destination = Destination(server.url, server.class_key)
    pauses: list[float] = []

    async def at_once(work: Any, *args: Any) -> Any:
        return work(*args)

    async def rest(woken: asyncio.Event, timeout_s: float | None) -> None:
        if timeout_s is None:
            await woken.wait()
        elif timeout_s:
            pauses.append(timeout_s)
            server.clock.seconds += timeout_s

    relay = Relay(queue, at_once, watch, clock=server.clock, chance=lambda: 1, rest=rest)
    relay.wake()
    while queue.kept().waiting:
        await asyncio.sleep(0)
    await relay.stop()
    store.close()
    assert pauses, "the collector had to say that it is too much"
    assert max(pauses) < 60, "it is asked again when it said, and not later"
    with closing(sqlite3.connect(server.database)) as connection:
        (stored,) = connection.execute("SELECT count(*) FROM events").fetchone()
        senders = connection.execute("SELECT sender, student FROM sender").fetchall()
    assert stored == 1500
    assert [student for _, student in senders] == ["JOHN_DOE"]


async def test_who_sends_for_whom_is_kept_and_nothing_else_of_the_sender(cs1: ClassServer) -> None:
    async def send(sender: str, *students: str) -> int:
        batch = [raw_event(distinct_id=student) for student in students]
        answer = await cs1.post(batch, headers={"Telemetry-Sender": sender})
        return int(answer.code)

    one, other = "a" * 32, "b" * 32
    assert await send(one, "JOHN_DOE", "JOHN_DOE") == 200
    cs1.collector.senders = type(cs1.collector.senders)()  # as after a restart
    assert await send(one, "JOHN_DOE", "MARY_ANN-LEE") == 200
    assert await send(other, "JOHN_DOE") == 200
    for strange in ("short", "x" * 65, "with space in it", "DROP TABLE;--"):
        assert await send(strange, "EVE_EVIL") == 200, "its events are taken all the same"
    with closing(sqlite3.connect(cs1.database)) as connection:
        rows = connection.execute("SELECT * FROM sender ORDER BY 1, 2").fetchall()
    assert [row[:2] for row in rows] == [
        (one, "JOHN_DOE"),
        (one, "MARY_ANN-LEE"),
        (other, "JOHN_DOE"),
    ]
    assert all(first <= last for _, _, first, last in rows)


async def test_what_is_refused_names_no_sender(cs1: ClassServer) -> None:
    headers = {"Telemetry-Sender": "a" * 32}
    body = {"api_key": "tcw_wrong", "batch": [raw_event()]}
    assert (await cs1.fetch("batch/", "POST", body=body, headers=headers)).code == 401
    with closing(sqlite3.connect(cs1.database)) as connection:
        assert Counter(connection.execute("SELECT student FROM sender")) == {}
