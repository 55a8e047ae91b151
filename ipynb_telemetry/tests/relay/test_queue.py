import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.relay.queue import LEASE_S, Kept, RelayQueue
from ipynb_telemetry.relay.rules import Answer, Pace
from ipynb_telemetry.relay.status import read_status
from ipynb_telemetry.relay.wire import MAX_EVENT_BYTES
from ipynb_telemetry.store.database import StoreUnavailableError
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.queues import (
    ACCEPTED,
    DOWN,
    LOG,
    NOW,
    POSTHOG,
    claim,
    counts,
    events,
    status_of,
    uuids,
)
from ipynb_telemetry.tests.support.storedevents import page, read


def test_nothing_is_made_before_the_first_event(queue: RelayQueue, path: Path) -> None:
    assert not queue.may_hold_events
    assert read(queue.database, lambda snapshot: read_status(snapshot.connection, NOW)) == {
        "waiting": 0,
        "set_aside": 0,
        "refusals": [],
        "problem": None,
        "last_contact": None,
        "next_attempt": None,
    }
    assert not path.parent.exists()


def test_what_came_first_is_claimed_first_and_no_more_than_a_batch(queue: RelayQueue) -> None:
    # By the clock of its browser the second batch is older.
    late = events(150, timestamp="2026-03-01T10:00:00Z")
    early = events(150, timestamp="2026-03-01T09:00:00Z")
    queue.add(late)
    queue.add(early)
    first = claim(queue)
    assert first.pace == Pace()
    assert uuids(first) == [event.uuid for event in (late + early)[:200]]
    queue.settle(first, ACCEPTED, NOW, 1)
    assert uuids(claim(queue)) == [event.uuid for event in (late + early)[200:]]


def test_a_repeat_is_forwarded_once_whenever_it_comes(store: EventStore, queue: RelayQueue) -> None:
    batch = events(3)
    queue.add([*batch, batch[0]])
    queue.add(batch)
    sent = claim(queue)
    assert uuids(sent) == [event.uuid for event in batch]
    queue.settle(sent, ACCEPTED, NOW, 1)
    queue.add(batch)
    assert queue.claim(NOW) is None
    assert len(page(store).events) == 3


def test_only_what_came_for_the_relay_is_forwarded(store: EventStore, queue: RelayQueue) -> None:
    plain, relayed = events(2)
    store.append([plain])
    assert queue.claim(NOW) is None
    queue.add([relayed])
    sent = claim(queue)
    assert uuids(sent) == [relayed.uuid]
    queue.settle(sent, ACCEPTED, NOW, 1)
    # The browser was told to use the relay before it heard that the collector had it.
    queue.add([plain])
    assert uuids(claim(queue)) == [plain.uuid]


def test_a_failing_event_takes_the_whole_batch_with_it(
    store: EventStore, queue: RelayQueue
) -> None:
    batch = events(3)
    with pytest.raises(StoreUnavailableError):
        queue.add([*batch[:2], batch[2]._replace(event=None)])
    assert page(store).events == []
    assert queue.claim(NOW) is None


def test_a_deleted_event_is_not_forwarded_and_its_row_serves_another(
    store: EventStore, queue: RelayQueue, path: Path
) -> None:
    queue.add(events(1))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM events")
    assert counts(queue) == (0, 0)
    store.append(events(1))
    assert queue.claim(NOW) is None


def test_one_server_sends_at_a_time(queue: RelayQueue, path: Path) -> None:
    store = EventStore(str(path), LOG)
    other = RelayQueue(store.database)
    queue.add(events(300))
    sent = claim(queue)
    assert other.claim(NOW + 1) == LEASE_S - 1
    queue.hold(sent, NOW + 60)
    assert other.claim(NOW + 50) == 10
    queue.settle(sent, ACCEPTED, NOW, 1)
    assert len(claim(other).events) == 100
    store.close()


def test_the_claim_of_a_server_that_died_is_free_after_a_while(queue: RelayQueue) -> None:
    queue.add(events(3))
    dead = claim(queue)
    heir = claim(queue, NOW + LEASE_S)
    assert uuids(heir) == uuids(dead)
    # Not dead after all: the batch is the heir's, and what was delivered meanwhile stays so.
    queue.hold(dead, 0)
    assert queue.claim(NOW + LEASE_S) == LEASE_S
    queue.settle(heir, ACCEPTED, NOW, 1)
    queue.settle(dead, DOWN, NOW, 1)
    assert counts(queue) == (0, 0)


def test_a_pause_is_kept_across_a_restart(store: EventStore, queue: RelayQueue) -> None:
    queue.add(events(1))
    queue.settle(claim(queue), DOWN, NOW, 1)
    store.close()
    assert queue.claim(NOW + 1) == 299
    assert status_of(queue, NOW + 1) == {
        "waiting": 1,
        "set_aside": 0,
        "refusals": [],
        "problem": "503 Service Unavailable",
        "last_contact": "2026-03-01T10:00:00.000Z",
        "next_attempt": "2026-03-01T10:05:00.000Z",
    }
    queue.settle(claim(queue, NOW + 300), Answer(None, "timed out"), NOW + 300, 1)
    status = status_of(queue, NOW + 300)
    assert status["problem"] == "timed out"
    assert status["last_contact"] == "2026-03-01T10:00:00.000Z"
    queue.settle(claim(queue, NOW + 400), ACCEPTED, NOW + 400, 1)
    assert status_of(queue, NOW + 400) == {
        "waiting": 0,
        "set_aside": 0,
        "refusals": [],
        "problem": None,
        "last_contact": "2026-03-01T10:06:40.000Z",
        "next_attempt": None,
    }


@pytest.mark.parametrize("set_back_s", [LEASE_S + 1, 3000, NOW])
def test_a_clock_set_back_makes_no_pause(queue: RelayQueue, set_back_s: float) -> None:
    queue.add(events(1))
    queue.settle(claim(queue), DOWN, NOW, 1)
    assert queue.claim(NOW + 1) == 299
    assert queue.claim(NOW) == 300
    assert status_of(queue, NOW - set_back_s)["next_attempt"] is None
    assert claim(queue, NOW - set_back_s).events


@pytest.mark.parametrize("set_back_s", [1, 3000, NOW])
def test_a_clock_set_back_makes_no_claim_longer(queue: RelayQueue, set_back_s: float) -> None:
    queue.add(events(1))
    dead = claim(queue)
    kept = claim(queue, NOW - set_back_s)
    assert kept.events == dead.events
    # A claim that is kept on is kept by the clock as it is now.
    queue.hold(kept, NOW - set_back_s + LEASE_S)
    assert queue.claim(NOW - set_back_s) == LEASE_S


def test_another_destination_frees_what_waits_and_the_same_one_does_not(queue: RelayQueue) -> None:
    corrected = POSTHOG._replace(api_key="phc_right")
    queue.add(events(2))
    queue.move(POSTHOG)
    queue.settle(claim(queue), Answer(401, "401 Unauthorized"), NOW, 1)
    queue.add(events(1))
    queue.move(POSTHOG)
    assert queue.claim(NOW) == 120
    queue.add(events(1))
    queue.move(corrected)
    assert queue.kept() == Kept(True, False, corrected)
    assert status_of(queue, NOW)["problem"] is None
    assert len(claim(queue).events) == 4


def test_another_certificate_is_another_destination(queue: RelayQueue) -> None:
    pinned = POSTHOG._replace(fingerprint="0" * 64)
    queue.add(events(1))
    queue.move(POSTHOG)
    queue.settle(claim(queue), DOWN, NOW, 0.5)
    assert isinstance(queue.claim(NOW), float)
    queue.move(pinned)
    assert queue.kept().destination == pinned
    assert claim(queue).events
    queue.move(POSTHOG)
    assert queue.kept().destination == POSTHOG


def test_another_destination_may_take_what_the_former_one_refused(queue: RelayQueue) -> None:
    queue.add(events(1))
    queue.settle(claim(queue), Answer(400, "400 Bad Request"), NOW, 1)
    queue.add(events(1, properties={"code": "x" * 10_000}))
    assert counts(queue) == (1, 1)
    queue.settle(claim(queue), Answer(413, "413 Too Large"), NOW, 1)
    queue.add(events(1))
    queue.move(POSTHOG._replace(host="https://us.i.posthog.com"))
    assert counts(queue) == (3, 0)
    freed = claim(queue).events
    assert {event.max_bytes for event in freed} == {MAX_EVENT_BYTES}


@pytest.mark.parametrize(
    ("answer", "waiting"),
    [(ACCEPTED, 1), (DOWN, 2), (Answer(401, "401"), 2), (Answer(400, "400"), 2)],
)
def test_what_a_former_destination_says_counts_only_if_it_took_the_events(
    queue: RelayQueue, answer: Answer, waiting: int
) -> None:
    queue.add(events(1))
    former = claim(queue)
    queue.add(events(1))
    queue.move(POSTHOG._replace(host="https://us.i.posthog.com"))
    queue.hold(former, NOW + 60)
    # The batch that is under way is waited for.
    assert queue.claim(NOW + 59) == 1
    queue.settle(former, answer, NOW, 1)
    assert counts(queue) == (waiting, 0)
    assert status_of(queue, NOW)["problem"] is None
    assert len(claim(queue).events) == waiting


def test_no_event_makes_no_file(queue: RelayQueue, path: Path) -> None:
    queue.add([])
    assert not path.parent.exists()


def explain(statement: str, connection: sqlite3.Connection) -> list[Any]:
    return connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()


def test_a_claim_looks_at_no_more_events_than_it_takes(
    store: EventStore, queue: RelayQueue
) -> None:
    queue.add(events(6))
    asked: list[str] = []
    store.database.use(lambda connection: connection.set_trace_callback(asked.append))
    queue.kept()
    queue.move(POSTHOG)
    claim(queue)
    store.database.use(lambda connection: connection.set_trace_callback(None))
    plans = [
        step[3]
        for statement in asked
        if statement.startswith(("SELECT", "UPDATE", "DELETE"))
        for step in store.database.use(partial(explain, statement))
    ]
    kept = [plan for plan in plans if "relay_queue" in plan or "events" in plan]
    assert kept
    assert all(plan.startswith("SEARCH") for plan in kept), kept
    assert not any("TEMP B-TREE FOR ORDER BY" in plan for plan in plans if "event_id" in plan)
