import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.relay.destinations import LEASE_S, MAX_IDLE
from ipynb_telemetry.relay.queue import Claim, Outbox
from ipynb_telemetry.relay.rules import Answer, Pace
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.migrations import MIGRATIONS

LOG = logging.getLogger("ipynb_telemetry")
NOW = 1_772_359_200.0  # 2026-03-01T10:00:00Z
FIRST = Destination("https://eu.i.posthog.com", "phc_first")
SECOND = Destination("https://eu.i.posthog.com", "phc_second")
THIRD = Destination("https://us.i.posthog.com", "phc_third")
ACCEPTED = Answer(200, "200 OK", body=b'{"status":1}')
DOWN = Answer(503, "503 Service Unavailable", "300")
REFUSED = Answer(401, "401 Unauthorized")
REJECTED = Answer(400, "400 Bad Request")
TOO_LARGE = Answer(413, "413 Content Too Large")
NOWHERE = Answer(None, "connection refused")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[EventStore]:
    store = EventStore(str(path), LOG)
    yield store
    store.close()


@pytest.fixture
def outbox(store: EventStore) -> Outbox:
    return Outbox(store.database)


def events(count: int = 1) -> list[Event]:
    return check_events([{"event": "paste", "distinct_id": "JOHN_DOE"}] * count)


def claim(outbox: Outbox, now: float = NOW) -> Claim:
    claim = outbox.claim(now)
    assert isinstance(claim, Claim)
    return claim


def send(outbox: Outbox, answer: Answer, now: float = NOW) -> tuple[Destination, int]:
    """Send what is next; give where to, and how many."""
    sent = claim(outbox, now)
    outbox.settle(sent, answer, now, 1)
    return sent.destination, len(sent.events)


def kept(path: Path) -> dict[str, int]:
    """Count what is not delivered, for each key."""
    with sqlite3.connect(path) as connection:
        return dict(
            connection.execute(
                "SELECT api_key, count(*) FROM relay_queue JOIN relay_destinations AS destination"
                " ON destination.id = destination_id WHERE state <> 'delivered' GROUP BY 1"
            )
        )


def test_each_event_goes_where_it_was_meant_to_and_the_turns_change(outbox: Outbox) -> None:
    outbox.add(events(500), FIRST)
    outbox.add(events(300), SECOND)
    turns = [send(outbox, ACCEPTED, NOW + second) for second in range(5)]
    assert turns == [(FIRST, 200), (SECOND, 200), (FIRST, 200), (SECOND, 100), (FIRST, 100)]
    assert outbox.claim(NOW + 5) is None


@pytest.mark.parametrize(("answer", "pause_s"), [(DOWN, 300), (REFUSED, 120)])
def test_one_that_takes_nothing_holds_up_no_other_one(
    outbox: Outbox, answer: Answer, pause_s: int
) -> None:
    for destination in (FIRST, SECOND, FIRST):
        outbox.add(events(), destination)
        send(outbox, ACCEPTED)
    outbox.add(events(2), FIRST)
    assert send(outbox, answer) == (FIRST, 2)
    outbox.add(events(3), SECOND)
    assert send(outbox, NOWHERE, NOW + 10) == (SECOND, 3)
    # Until the first of them may be sent to.
    assert outbox.claim(NOW + 10) == 1
    assert send(outbox, ACCEPTED, NOW + 11) == (SECOND, 3)
    assert outbox.claim(NOW + 11) == pause_s - 11
    assert send(outbox, ACCEPTED, NOW + pause_s) == (FIRST, 2)


def test_two_servers_send_to_one_destination_each(outbox: Outbox, path: Path) -> None:
    store = EventStore(str(path), LOG)
    other = Outbox(store.database)
    outbox.add(events(300), FIRST)
    outbox.add(events(), SECOND)
    sent = claim(outbox)
    assert sent.destination == FIRST
    assert send(other, ACCEPTED, NOW + 1) == (SECOND, 1)
    assert other.claim(NOW + 1) == LEASE_S - 1
    outbox.settle(sent, ACCEPTED, NOW, 1)
    assert send(other, ACCEPTED, NOW + 1) == (FIRST, 100)
    store.close()


def test_what_waits_for_one_that_took_events_stays_with_it(outbox: Outbox, path: Path) -> None:
    outbox.add(events(), FIRST)
    send(outbox, ACCEPTED)
    outbox.add(events(), FIRST)
    send(outbox, REJECTED)
    outbox.add(events(2), FIRST)
    send(outbox, DOWN)
    outbox.add(events(3), SECOND)
    assert kept(path) == {FIRST.api_key: 3, SECOND.api_key: 3}
    assert outbox.status(NOW)["set_aside"] == 1
    assert send(outbox, ACCEPTED) == (SECOND, 3)
    outbox.add([], SECOND)
    assert outbox.claim(NOW) == 300
    # What is known of it is kept when it is named again: its pause, too.
    outbox.add([], FIRST)
    assert outbox.claim(NOW) == 300
    # Said to try now: wherever it waits.
    outbox.retry()
    assert send(outbox, ACCEPTED) == (FIRST, 1)


@pytest.mark.parametrize("answer", [REFUSED, NOWHERE, DOWN, REJECTED])
def test_what_a_wrong_one_kept_goes_to_the_corrected_one_and_never_back(
    outbox: Outbox, path: Path, answer: Answer
) -> None:
    outbox.add(events(2), FIRST)
    sent = claim(outbox)
    outbox.settle(sent._replace(events=sent.events[:1]), answer, NOW, 1)
    outbox.add([], SECOND)
    assert kept(path) == {SECOND.api_key: 2}
    # An old page: what it brings is tried where it says, at its time.
    outbox.add(events(), FIRST)
    assert kept(path) == {FIRST.api_key: 1, SECOND.api_key: 2}
    assert send(outbox, ACCEPTED, NOW) == (SECOND, 2)
    outbox.add([], FIRST)
    assert kept(path) == {FIRST.api_key: 1}
    outbox.add([], SECOND)
    assert kept(path) == {SECOND.api_key: 1}


def test_two_wrong_ones_take_nothing_from_each_other(outbox: Outbox, path: Path) -> None:
    outbox.add(events(), FIRST)
    send(outbox, REFUSED)
    outbox.add(events(), SECOND)
    send(outbox, NOWHERE)
    for again in (FIRST, SECOND, FIRST):
        outbox.add(events(), again)
    assert kept(path) == {FIRST.api_key: 2, SECOND.api_key: 3}
    outbox.add([], THIRD)
    assert kept(path) == {THIRD.api_key: 5}


def test_what_waits_while_the_first_attempt_hangs_goes_on_when_that_has_failed(
    outbox: Outbox, path: Path
) -> None:
    outbox.add(events(), FIRST)
    hanging = claim(outbox)
    outbox.add([], SECOND)
    assert kept(path) == {FIRST.api_key: 1}
    outbox.settle(hanging, Answer(None, "timed out", is_late=True), NOW + 60, 1)
    assert kept(path) == {SECOND.api_key: 1}
    assert send(outbox, ACCEPTED, NOW + 60) == (SECOND, 1)


def test_a_revoked_key_that_is_renewed_frees_what_waits(outbox: Outbox, path: Path) -> None:
    outbox.add(events(), FIRST)
    send(outbox, ACCEPTED)
    outbox.add(events(), FIRST)
    send(outbox, REFUSED)
    # What gives no answer does not take that back.
    send(outbox, NOWHERE, NOW + 120)
    outbox.add([], SECOND)
    assert kept(path) == {SECOND.api_key: 1}


def test_a_key_that_was_refused_and_is_taken_again_keeps_what_comes(
    outbox: Outbox, path: Path
) -> None:
    outbox.add(events(), FIRST)
    send(outbox, REFUSED)
    assert send(outbox, ACCEPTED, NOW + 120) == (FIRST, 1)
    outbox.add(events(), FIRST)
    outbox.add([], SECOND)
    assert kept(path) == {FIRST.api_key: 1}


def test_two_projects_that_both_took_events_never_get_each_others(
    outbox: Outbox, path: Path
) -> None:
    for destination in (FIRST, SECOND, FIRST):
        outbox.add(events(), destination)
        send(outbox, ACCEPTED)
    outbox.add(events(), FIRST)
    send(outbox, REFUSED)
    outbox.add(events(), SECOND)
    assert kept(path) == {FIRST.api_key: 1, SECOND.api_key: 1}


@pytest.mark.parametrize("answer", [TOO_LARGE, REJECTED])
def test_one_that_does_not_want_all_of_its_first_batch_keeps_the_rest(
    outbox: Outbox, path: Path, answer: Answer
) -> None:
    outbox.add(events(3), FIRST)
    assert send(outbox, answer) == (FIRST, 3)
    outbox.add(events(), SECOND)
    assert kept(path) == {FIRST.api_key: 3, SECOND.api_key: 1}


def test_two_projects_side_by_side_keep_their_own_where_one_wants_no_event(
    outbox: Outbox, path: Path
) -> None:
    outbox.add(events(), FIRST)
    send(outbox, ACCEPTED)
    outbox.add(events(2), SECOND)
    first = claim(outbox)
    outbox.add(events(), FIRST)
    send(outbox, ACCEPTED, NOW + 1)
    outbox.settle(first, REJECTED, NOW + 2, 1)
    assert send(outbox, REJECTED, NOW + 3) == (SECOND, 1)
    assert kept(path) == {SECOND.api_key: 2}
    assert send(outbox, ACCEPTED, NOW + 4) == (SECOND, 1)


def test_a_slip_is_taken_back(outbox: Outbox, path: Path) -> None:
    outbox.add(events(), FIRST)
    send(outbox, ACCEPTED)
    outbox.add(events(), SECOND)
    send(outbox, REFUSED)
    outbox.add([], FIRST)
    assert kept(path) == {FIRST.api_key: 1}
    send(outbox, ACCEPTED)
    # Nothing is kept for it any more: what it said is nobody's trouble.
    outbox.add([], SECOND)
    assert outbox.status(NOW)["problem"] is None


def test_a_host_that_is_out_of_reach_for_its_own_reasons_is_a_slip(
    outbox: Outbox, path: Path
) -> None:
    outbox.add(events(), FIRST)
    send(outbox, ACCEPTED)
    outbox.add(events(), THIRD)
    send(outbox, NOWHERE)
    # The network, perhaps: it would keep the other one from its events, too.
    outbox.add(events(), FIRST)
    assert kept(path) == {FIRST.api_key: 1, THIRD.api_key: 1}
    assert send(outbox, ACCEPTED, NOW + 1)[0] == FIRST
    assert send(outbox, NOWHERE, NOW + 2) == (THIRD, 1)
    assert kept(path) == {FIRST.api_key: 1}


@pytest.mark.parametrize(
    ("answer", "left"), [(ACCEPTED, 1), (DOWN, 2), (REFUSED, 2), (REJECTED, 2), (NOWHERE, 2)]
)
def test_of_events_that_went_on_meanwhile_it_counts_only_that_they_were_taken(
    outbox: Outbox, path: Path, answer: Answer, left: int
) -> None:
    outbox.add(events(), FIRST)
    send(outbox, NOWHERE)
    under_way = claim(outbox, NOW + 1)
    outbox.add(events(), SECOND)
    outbox.hold(under_way, NOW + 60)
    outbox.settle(under_way, answer, NOW + 2, 1)
    assert kept(path) == {SECOND.api_key: left}
    status = outbox.status(NOW + 2)
    assert (status["waiting"], status["set_aside"], status["problem"]) == (left, 0, None)
    assert len(claim(outbox, NOW + 2).events) == left


def test_a_repeat_stays_where_it_waits_and_is_not_sent_to_another_one(
    outbox: Outbox, path: Path
) -> None:
    batch = events(2)
    outbox.add(batch, FIRST)
    outbox.add(batch, SECOND)
    assert kept(path) == {FIRST.api_key: 2}
    assert send(outbox, ACCEPTED) == (FIRST, 2)
    outbox.add(batch, SECOND)
    assert outbox.claim(NOW) is None


def test_destinations_that_nothing_is_kept_for_are_forgotten_in_time(
    outbox: Outbox, path: Path
) -> None:
    def known() -> list[str]:
        with sqlite3.connect(path) as connection:
            return [key for (key,) in connection.execute("SELECT api_key FROM relay_destinations")]

    outbox.add(events(), FIRST)
    send(outbox, ACCEPTED)
    outbox.add(events(), FIRST)
    outbox.add([], SECOND)
    for number in range(100):
        outbox.add([], THIRD._replace(api_key=f"phc_{number}"))
        outbox.add([], THIRD)
    assert FIRST.api_key in known()  # something waits for it
    assert THIRD.api_key in known()  # it was named again and again
    assert SECOND.api_key not in known()
    assert len(known()) <= MAX_IDLE + 1
    assert send(outbox, ACCEPTED) == (FIRST, 1)


def test_the_status_tells_of_the_one_that_has_trouble(outbox: Outbox) -> None:
    for destination in (FIRST, SECOND, FIRST):
        outbox.add(events(), destination)
        send(outbox, ACCEPTED)
    outbox.add(events(2), FIRST)
    send(outbox, DOWN, NOW + 1)
    outbox.add(events(3), SECOND)
    trouble = {
        "waiting": 5,
        "set_aside": 0,
        "refusals": [],
        "problem": "503 Service Unavailable",
        "last_contact": "2026-03-01T10:00:01.000Z",
        "next_attempt": "2026-03-01T10:05:01.000Z",
    }
    assert outbox.status(NOW + 2) == trouble
    # Of two, of the one that was named last; of one that refuses above all.
    send(outbox, NOWHERE, NOW + 2)
    assert outbox.status(NOW + 2)["problem"] == "connection refused"
    outbox.retry()
    send(outbox, REFUSED, NOW + 3)
    send(outbox, NOWHERE, NOW + 3)
    assert outbox.status(NOW + 4) == trouble | {
        "problem": "401 Unauthorized",
        "last_contact": "2026-03-01T10:00:03.000Z",
        "next_attempt": "2026-03-01T10:02:03.000Z",
    }
    for _ in range(2):
        send(outbox, ACCEPTED, NOW + 400)
    outbox.add([], SECOND)
    assert outbox.status(NOW + 401) == {
        "waiting": 0,
        "set_aside": 0,
        "refusals": [],
        "problem": None,
        "last_contact": "2026-03-01T10:06:40.000Z",
        "next_attempt": None,
    }


def test_a_claim_looks_at_no_more_events_than_it_takes(store: EventStore, outbox: Outbox) -> None:
    for destination in (FIRST, SECOND):
        outbox.add(events(3), destination)
    asked: list[str] = []
    store.database.use(lambda connection: connection.set_trace_callback(asked.append))
    claim(outbox)
    outbox.add([], THIRD)
    store.database.use(lambda connection: connection.set_trace_callback(None))
    plans = [
        step[3]
        for statement in asked
        if statement.startswith(("SELECT", "UPDATE", "DELETE"))
        for step in store.database.use(
            lambda connection, statement=statement: connection.execute(
                f"EXPLAIN QUERY PLAN {statement}"
            ).fetchall()
        )
    ]
    queue = [plan for plan in plans if "relay_queue" in plan or "events" in plan]
    assert queue
    assert all(plan.startswith("SEARCH") for plan in queue), queue
    assert not any("TEMP B-TREE FOR ORDER BY" in plan for plan in plans if "event_id" in plan)


@pytest.mark.parametrize(
    ("problem", "was_delivered", "moves"),
    [
        ("503 Service Unavailable", True, False),
        ("503 Service Unavailable", False, True),
        ("401 Unauthorized", True, True),
    ],
)
def test_a_file_of_the_third_version_goes_on_to_its_destination(
    path: Path, outbox: Outbox, problem: str, was_delivered: bool, moves: bool
) -> None:
    with sqlite3.connect(path) as connection:
        for statement in (statement for entry in MIGRATIONS[:3] for statement in entry):
            connection.execute(statement)
        rows: list[Any] = [
            (1, "delivered" if was_delivered else "waiting", None, None),
            (2, "waiting", None, 999),
            (3, "set_aside", "400 Bad Request", None),
        ]
        connection.executemany(
            "INSERT INTO events VALUES (?, ?, 'paste', 'ANN', NULL, '2026', '{}', '2026')",
            ((row[0], f"uuid{row[0]}") for row in rows),
        )
        connection.executemany("INSERT INTO relay_queue VALUES (?, ?, ?, ?)", rows)
        connection.execute(
            "INSERT INTO relay_destination VALUES (1, ?, ?, 7, 3, ?, ?, 0, ?, ?)",
            (*FIRST, NOW + 60, problem, NOW, NOW),
        )
        connection.execute("PRAGMA user_version = 3")
    waiting = 1 if was_delivered else 2
    assert outbox.status(NOW) == {
        "waiting": waiting,
        "set_aside": 1,
        "refusals": [{"reason": "400 Bad Request", "count": 1}],
        "problem": problem,
        "last_contact": "2026-03-01T10:00:00.000Z",
        "next_attempt": "2026-03-01T10:01:00.000Z",
    }
    assert outbox.claim(NOW) == 60
    sent = claim(outbox, NOW + 60)
    assert (sent.destination, sent.pace) == (FIRST, Pace(7, 3, NOW + 60, problem))
    assert sent.events[-1].max_bytes == 999
    outbox.hold(sent, 0)
    outbox.add([], SECOND)
    assert kept(path) == {(SECOND if moves else FIRST).api_key: waiting + 1}
