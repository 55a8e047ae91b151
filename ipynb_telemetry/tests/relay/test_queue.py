import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.relay.destinations import LEASE_S
from ipynb_telemetry.relay.queue import Claim, Outbox
from ipynb_telemetry.relay.rules import Answer, Pace
from ipynb_telemetry.relay.wire import MAX_EVENT_BYTES
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.store.database import StoreUnavailableError
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.migrations import MIGRATIONS
from ipynb_telemetry.tests.support.storedevents import page

LOG = logging.getLogger("ipynb_telemetry")
NOW = 1_772_359_200.0  # 2026-03-01T10:00:00Z
POSTHOG = Destination("https://eu.i.posthog.com", "phc_key")
ACCEPTED = Answer(200, "200 OK", body=b'{"status":1}')
DOWN = Answer(503, "503 Service Unavailable", "300")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "events.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[EventStore]:
    store = EventStore(str(path), LOG)
    yield store
    store.close()


@pytest.fixture
def outbox(store: EventStore) -> Outbox:
    return Outbox(store.database)


def events(count: int, **fields: Any) -> list[Event]:
    return check_events(
        [
            {"event": "paste", "distinct_id": "JOHN_DOE", "properties": {"seq": seq}, **fields}
            for seq in range(count)
        ]
    )


def claim(outbox: Outbox, now: float = NOW) -> Claim:
    claim = outbox.claim(now)
    assert isinstance(claim, Claim)
    return claim


def uuids(claim: Claim) -> list[str]:
    return [event.uuid for event in claim.events]


def counts(outbox: Outbox) -> tuple[int, int]:
    status = outbox.status(NOW)
    return status["waiting"], status["set_aside"]


def test_nothing_is_made_before_the_first_event(outbox: Outbox, path: Path) -> None:
    assert not outbox.may_hold_events
    assert outbox.status(NOW) == {
        "waiting": 0,
        "set_aside": 0,
        "refusals": [],
        "problem": None,
        "last_contact": None,
        "next_attempt": None,
    }
    assert not path.parent.exists()


def test_what_came_first_is_claimed_first_and_no_more_than_a_batch(outbox: Outbox) -> None:
    # By the clock of its browser the second batch is older.
    late = events(150, timestamp="2026-03-01T10:00:00Z")
    early = events(150, timestamp="2026-03-01T09:00:00Z")
    outbox.add(late, POSTHOG)
    outbox.add(early, POSTHOG)
    first = claim(outbox)
    assert (first.destination, first.pace) == (POSTHOG, Pace())
    assert uuids(first) == [event.uuid for event in (late + early)[:200]]
    outbox.settle(first, ACCEPTED, NOW, 1)
    assert uuids(claim(outbox)) == [event.uuid for event in (late + early)[200:]]


def test_a_repeat_is_forwarded_once_whenever_it_comes(store: EventStore, outbox: Outbox) -> None:
    batch = events(3)
    outbox.add([*batch, batch[0]], POSTHOG)
    outbox.add(batch, POSTHOG)
    sent = claim(outbox)
    assert uuids(sent) == [event.uuid for event in batch]
    outbox.settle(sent, ACCEPTED, NOW, 1)
    outbox.add(batch, POSTHOG)
    assert outbox.claim(NOW) is None
    assert len(page(store).events) == 3


def test_only_what_came_for_the_relay_is_forwarded(store: EventStore, outbox: Outbox) -> None:
    plain, relayed = events(2)
    store.append([plain])
    assert outbox.claim(NOW) is None
    outbox.add([relayed], POSTHOG)
    sent = claim(outbox)
    assert uuids(sent) == [relayed.uuid]
    outbox.settle(sent, ACCEPTED, NOW, 1)
    # The browser was told to use the relay before it heard that the collector had it.
    outbox.add([plain], POSTHOG)
    assert uuids(claim(outbox)) == [plain.uuid]


def test_a_failing_event_takes_the_whole_batch_with_it(store: EventStore, outbox: Outbox) -> None:
    batch = events(3)
    with pytest.raises(StoreUnavailableError):
        outbox.add([*batch[:2], batch[2]._replace(event=None)], POSTHOG)
    assert page(store).events == []
    assert outbox.claim(NOW) is None


def test_a_deleted_event_is_not_forwarded_and_its_row_serves_another(
    store: EventStore, outbox: Outbox, path: Path
) -> None:
    outbox.add(events(1), POSTHOG)
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM events")
    assert counts(outbox) == (0, 0)
    store.append(events(1))
    assert outbox.claim(NOW) is None


def test_one_server_sends_at_a_time(outbox: Outbox, path: Path) -> None:
    store = EventStore(str(path), LOG)
    other = Outbox(store.database)
    outbox.add(events(300), POSTHOG)
    sent = claim(outbox)
    assert other.claim(NOW + 1) == LEASE_S - 1
    outbox.hold(sent, NOW + 60)
    assert other.claim(NOW + 50) == 10
    outbox.settle(sent, ACCEPTED, NOW, 1)
    assert len(claim(other).events) == 100
    store.close()


def test_the_claim_of_a_server_that_died_is_free_after_a_while(outbox: Outbox) -> None:
    outbox.add(events(3), POSTHOG)
    dead = claim(outbox)
    heir = claim(outbox, NOW + LEASE_S)
    assert uuids(heir) == uuids(dead)
    # Not dead after all: what was delivered meanwhile stays so.
    outbox.settle(heir, ACCEPTED, NOW, 1)
    outbox.settle(dead, DOWN, NOW, 1)
    assert counts(outbox) == (0, 0)


def test_a_pause_is_kept_across_a_restart(store: EventStore, outbox: Outbox) -> None:
    outbox.add(events(1), POSTHOG)
    outbox.settle(claim(outbox), DOWN, NOW, 1)
    store.close()
    assert outbox.claim(NOW + 1) == 299
    assert outbox.status(NOW + 1) == {
        "waiting": 1,
        "set_aside": 0,
        "refusals": [],
        "problem": "503 Service Unavailable",
        "last_contact": "2026-03-01T10:00:00.000Z",
        "next_attempt": "2026-03-01T10:05:00.000Z",
    }
    outbox.settle(claim(outbox, NOW + 300), Answer(None, "timed out"), NOW + 300, 1)
    status = outbox.status(NOW + 300)
    assert status["problem"] == "timed out"
    assert status["last_contact"] == "2026-03-01T10:00:00.000Z"
    outbox.settle(claim(outbox, NOW + 400), ACCEPTED, NOW + 400, 1)
    assert outbox.status(NOW + 400) == {
        "waiting": 0,
        "set_aside": 0,
        "refusals": [],
        "problem": None,
        "last_contact": "2026-03-01T10:06:40.000Z",
        "next_attempt": None,
    }


@pytest.mark.parametrize("set_back_s", [LEASE_S + 1, 3000, NOW])
def test_a_clock_set_back_makes_no_pause(outbox: Outbox, set_back_s: float) -> None:
    outbox.add(events(1), POSTHOG)
    outbox.settle(claim(outbox), DOWN, NOW, 1)
    assert outbox.claim(NOW + 1) == 299
    assert outbox.claim(NOW) == 300
    assert outbox.status(NOW - set_back_s)["next_attempt"] is None
    assert claim(outbox, NOW - set_back_s).events


@pytest.mark.parametrize("set_back_s", [1, 3000, NOW])
def test_a_clock_set_back_makes_no_claim_longer(outbox: Outbox, set_back_s: float) -> None:
    outbox.add(events(1), POSTHOG)
    dead = claim(outbox)
    assert claim(outbox, NOW - set_back_s).events == dead.events
    # One that is kept is kept by the clock as it is now.
    outbox.hold(dead, NOW - set_back_s + LEASE_S)
    assert outbox.claim(NOW - set_back_s) == LEASE_S


def test_another_destination_frees_what_waits_and_the_same_one_does_not(outbox: Outbox) -> None:
    corrected = POSTHOG._replace(api_key="phc_right")
    outbox.add(events(2), POSTHOG)
    outbox.settle(claim(outbox), Answer(401, "401 Unauthorized"), NOW, 1)
    outbox.add(events(1), POSTHOG)
    assert outbox.claim(NOW) == 120
    outbox.add(events(1), corrected)
    assert outbox.status(NOW)["problem"] is None
    freed = claim(outbox)
    assert freed.destination == corrected
    assert len(freed.events) == 4


def test_another_destination_may_take_what_the_former_one_refused(outbox: Outbox) -> None:
    outbox.add(events(1), POSTHOG)
    outbox.settle(claim(outbox), Answer(400, "400 Bad Request"), NOW, 1)
    outbox.add(events(1, properties={"code": "x" * 10_000}), POSTHOG)
    assert counts(outbox) == (1, 1)
    outbox.settle(claim(outbox), Answer(413, "413 Too Large"), NOW, 1)
    outbox.add(events(1), POSTHOG._replace(host="https://us.i.posthog.com"))
    assert counts(outbox) == (3, 0)
    freed = claim(outbox).events
    assert {event.max_bytes for event in freed} == {MAX_EVENT_BYTES}


@pytest.mark.parametrize(
    ("answer", "waiting"),
    [(ACCEPTED, 1), (DOWN, 2), (Answer(401, "401"), 2), (Answer(400, "400"), 2)],
)
def test_what_a_former_destination_says_counts_only_if_it_took_the_events(
    outbox: Outbox, answer: Answer, waiting: int
) -> None:
    outbox.add(events(1), POSTHOG)
    former = claim(outbox)
    outbox.add(events(1), POSTHOG._replace(host="https://us.i.posthog.com"))
    outbox.hold(former, NOW + 60)
    outbox.settle(former, answer, NOW, 1)
    assert counts(outbox) == (waiting, 0)
    assert outbox.status(NOW)["problem"] is None
    assert len(claim(outbox).events) == waiting


def test_an_event_set_aside_stays_in_the_store_with_its_reason(
    store: EventStore, outbox: Outbox, path: Path
) -> None:
    outbox.add(events(1), POSTHOG)
    outbox.settle(claim(outbox), Answer(400, "400 Bad Request"), NOW, 1)
    assert counts(outbox) == (0, 1)
    assert outbox.claim(NOW) is None
    assert len(page(store).events) == 1
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT state, reason FROM relay_queue").fetchall() == [
            ("set_aside", "400 Bad Request")
        ]


def test_the_reasons_of_refusals_are_counted_of_the_oldest_hundred(outbox: Outbox) -> None:
    outbox.add(events(120), POSTHOG)
    refused = claim(outbox)
    for place, event in enumerate(refused.events):
        alone = refused._replace(events=[event], pace=Pace(1))
        outbox.settle(alone, Answer(400, "400 First" if place < 2 else "400 Second"), NOW, 1)
    assert counts(outbox) == (0, 120)
    assert outbox.status(NOW)["refusals"] == [
        {"reason": "400 First", "count": 2},
        {"reason": "400 Second", "count": 98},
    ]


def test_what_waits_and_what_was_refused_can_be_tried_now(outbox: Outbox, path: Path) -> None:
    outbox.retry()
    assert not path.parent.exists()
    outbox.add(events(1), POSTHOG)
    outbox.settle(claim(outbox), Answer(400, "400 Bad Request"), NOW, 1)
    outbox.add(events(1), POSTHOG)
    outbox.settle(claim(outbox), DOWN, NOW, 1)
    assert outbox.claim(NOW) == 300
    outbox.retry()
    assert counts(outbox) == (2, 0)
    under_way = claim(outbox)
    assert len(under_way.events) == 1  # as many as the last time, when one was refused
    # It ends a pause, not another server's turn.
    outbox.retry()
    assert outbox.claim(NOW) == LEASE_S
    outbox.settle(under_way, ACCEPTED, NOW, 1)
    outbox.retry()
    assert counts(outbox) == (1, 0)


def test_a_cut_event_waits_to_be_cut_and_stays_whole_in_the_store(
    store: EventStore, outbox: Outbox
) -> None:
    properties = {"code": "x" * 10_000}
    outbox.add(events(1, properties=properties), POSTHOG)
    outbox.settle(claim(outbox), Answer(413, "413 Too Large"), NOW, 1)
    store.close()
    (event,) = claim(outbox).events
    assert 5000 < event.max_bytes < 5500
    assert page(store).events[0]["properties"] == properties


def test_a_file_of_the_first_version_goes_on_with_all_it_holds(
    path: Path, store: EventStore, outbox: Outbox
) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """CREATE TABLE events (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE,
                event TEXT NOT NULL, distinct_id TEXT NOT NULL, notebook TEXT,
                timestamp TEXT NOT NULL, properties TEXT NOT NULL, received_at TEXT NOT NULL);
            INSERT INTO events VALUES (1, 'u', 'paste', 'ANN', NULL, '2026', '{"seq":1}', '2026');
            PRAGMA user_version = 1;"""
        )
    outbox.add(events(1), POSTHOG)
    assert [event["distinct_id"] for event in page(store).events] == ["ANN", "JOHN_DOE"][::-1]
    assert [event.distinct_id for event in claim(outbox).events] == ["JOHN_DOE"]


def test_a_file_of_the_second_version_goes_on_with_what_waits(
    path: Path, store: EventStore, outbox: Outbox
) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        for statement in (*MIGRATIONS[0], *MIGRATIONS[1]):
            connection.execute(statement)
        connection.executescript(
            f"""INSERT INTO events VALUES (1, 'u', 'paste', 'ANN', NULL, '2026', '{{}}', '2026'),
                (2, 'v', 'paste', 'ANN', NULL, '2026', '{{}}', '2026'),
                (3, 'w', 'paste', 'ANN', NULL, '2026', '{{}}', '2026');
            INSERT INTO relay_queue VALUES (1, 'delivered', NULL, NULL), (2, 'waiting', NULL, 999),
                (3, 'set_aside', '400 Bad Request', NULL);
            INSERT INTO relay_destination VALUES
                (1, '{POSTHOG.host}', '{POSTHOG.api_key}', 7, 3, {NOW + 60}, '503', 0, {NOW});
            PRAGMA user_version = 2;"""
        )
    assert counts(outbox) == (1, 1)
    assert outbox.status(NOW)["last_contact"] == "2026-03-01T10:00:00.000Z"
    # Its pause does not say when it was made.
    sent = claim(outbox)
    assert (sent.destination, sent.pace) == (POSTHOG, Pace(7, 3, 0, "503"))
    assert [(event.uuid, event.max_bytes) for event in sent.events] == [("v", 999)]
