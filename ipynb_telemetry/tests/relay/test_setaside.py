import sqlite3
from contextlib import closing
from pathlib import Path

from ipynb_telemetry.relay.queue import LEASE_S, RelayQueue
from ipynb_telemetry.relay.rules import Answer, Pace
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.queues import (
    ACCEPTED,
    DOWN,
    NOW,
    claim,
    counts,
    events,
    status_of,
)
from ipynb_telemetry.tests.support.storedevents import page


def test_an_event_set_aside_stays_in_the_store_with_its_reason(
    store: EventStore, queue: RelayQueue, path: Path
) -> None:
    queue.add(events(1))
    queue.settle(claim(queue), Answer(400, "400 Bad Request"), NOW, 1)
    assert counts(queue) == (0, 1)
    assert queue.claim(NOW) is None
    assert len(page(store).events) == 1
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute("SELECT state, reason FROM relay_queue").fetchall() == [
            ("set_aside", "400 Bad Request")
        ]


def test_the_reasons_of_refusals_are_counted_of_the_oldest_hundred(queue: RelayQueue) -> None:
    queue.add(events(120))
    refused = claim(queue)
    for place, event in enumerate(refused.events):
        alone = refused._replace(events=[event], pace=Pace(1))
        queue.settle(alone, Answer(400, "400 First" if place < 2 else "400 Second"), NOW, 1)
    assert counts(queue) == (0, 120)
    assert status_of(queue, NOW)["refusals"] == [
        {"reason": "400 First", "count": 2},
        {"reason": "400 Second", "count": 98},
    ]


def test_what_waits_and_what_was_refused_can_be_tried_now(queue: RelayQueue, path: Path) -> None:
    queue.retry()
    assert not path.parent.exists()
    queue.add(events(1))
    queue.settle(claim(queue), Answer(400, "400 Bad Request"), NOW, 1)
    queue.add(events(1))
    queue.settle(claim(queue), DOWN, NOW, 1)
    assert queue.claim(NOW) == 300
    queue.retry()
    assert counts(queue) == (2, 0)
    under_way = claim(queue)
    assert len(under_way.events) == 2  # one that was refused alone makes no batch smaller
    # A retry ends a pause, not another server's turn.
    queue.retry()
    assert queue.claim(NOW) == LEASE_S
    queue.add(events(1))
    queue.settle(under_way, ACCEPTED, NOW, 1)
    queue.retry()
    assert counts(queue) == (1, 0)


def test_a_cut_event_waits_to_be_cut_and_stays_whole_in_the_store(
    store: EventStore, queue: RelayQueue
) -> None:
    properties = {"code": "x" * 10_000}
    queue.add(events(1, properties=properties))
    queue.settle(claim(queue), Answer(413, "413 Too Large"), NOW, 1)
    store.close()
    (event,) = claim(queue).events
    assert 5000 < event.max_bytes < 5500
    assert page(store).events[0]["properties"] == properties


def test_a_hindrance_is_told_only_of_what_is_kept(queue: RelayQueue) -> None:
    assert status_of(queue, NOW, "the settings name no project key")["problem"] is None
    queue.add(events(1))
    queue.settle(claim(queue), DOWN, NOW, 1)
    told = status_of(queue, NOW, "the settings name no project key")
    assert told["problem"] == "the settings name no project key"
    assert told["next_attempt"] is None
    queue.settle(claim(queue, NOW + 300), ACCEPTED, NOW + 300, 1)
    assert status_of(queue, NOW + 300, "the settings name no project key")["problem"] is None
