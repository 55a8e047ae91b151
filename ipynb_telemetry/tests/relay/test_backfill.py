"""How stored events are sent by hand: how fast, and for how long in vain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import pytest

from ipynb_telemetry.relay.backfill import Backfill, ForwardError
from ipynb_telemetry.relay.ledger import Ledger, Wanted
from ipynb_telemetry.relay.rules import Answer
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.reading import Selection
from ipynb_telemetry.tests.support.queues import ACCEPTED, DOWN, NOW, POSTHOG, events

ALL = Wanted(Selection(), old="2000-01-01T00:00:00.000Z")
SILENCE = Answer(None, "[Errno 111] Connection refused")
BUSY = Answer(503, "503 Service Unavailable")
REFUSED = Answer(400, "400 Bad Request")


class Clock:
    """A clock that goes on with each pause, and as a test says.

    Attributes:
        pauses: in seconds, each of them.
    """

    def __init__(self) -> None:
        self.now = NOW
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def send_all(store: EventStore, clock: Clock) -> Callable[..., int]:
    """Store events, send them to a place that answers like this, and count the settled ones."""

    def run(stored: int, answer: Callable[[Sequence[Any]], Answer], **options: Any) -> int:
        store.append(events(stored))
        sending = Backfill(
            Ledger(store.database, POSTHOG),
            POSTHOG,
            send=lambda destination, batch, sent_at, is_historical: answer(batch),
            clock=clock,
            chance=lambda: 1.0,
            sleep=clock.sleep,
            **options,
        )
        return sum(sending.run(ALL, last_id=stored))

    return run


def test_a_minute_has_so_many_events_and_a_request_counts(
    send_all: Callable[..., int], clock: Clock
) -> None:
    def slowly(batch: Sequence[Any]) -> Answer:
        clock.now += 5
        return ACCEPTED

    assert send_all(500, slowly, per_minute=600) == 500
    assert clock.pauses == [15, 15, 5]


def test_a_clock_that_is_set_back_makes_no_pause_longer(
    send_all: Callable[..., int], clock: Clock
) -> None:
    def back(batch: Sequence[Any]) -> Answer:
        clock.now -= 3600
        return ACCEPTED

    assert send_all(200, back, per_minute=600) == 200
    assert clock.pauses == [20]


@pytest.mark.parametrize(
    ("answer", "patience_s"), [(SILENCE, 10), (BUSY, 180)], ids=["silence", "busy"]
)
def test_how_long_it_is_tried_in_vain(
    send_all: Callable[..., int], clock: Clock, answer: Answer, patience_s: float
) -> None:
    with pytest.raises(ForwardError, match=answer.reason.replace("[", r"\[")):
        send_all(1, lambda batch: answer)
    assert clock.pauses[:3] == [1, 2, 4]
    assert patience_s / 2.5 < sum(clock.pauses) <= patience_s


def test_a_pause_that_is_asked_for_is_kept_or_said(
    send_all: Callable[..., int], clock: Clock
) -> None:
    told: list[tuple[float, str]] = []
    with pytest.raises(ForwardError, match="503"):
        send_all(1, lambda batch: DOWN, pausing=lambda *pause: told.append(pause))
    assert (clock.pauses, told) == ([], [])  # five minutes are too long
    asked = Answer(429, "429 Too Many Requests", "30")
    answers = iter([asked, ACCEPTED])
    assert send_all(1, lambda batch: next(answers), pausing=lambda *pause: told.append(pause)) == 1
    assert told == [(30, "429 Too Many Requests")]
    assert clock.pauses[0] == 30


def test_what_was_taken_in_between_gives_patience_again(
    send_all: Callable[..., int], clock: Clock
) -> None:
    turns = count()

    def now_and_then(batch: Sequence[Any]) -> Answer:
        return ACCEPTED if next(turns) % 6 == 5 else BUSY

    assert send_all(2000, now_and_then, per_minute=10**9) == 2000
    assert sum(clock.pauses) > 180


def test_a_place_that_refuses_each_event_is_asked_with_pauses_and_given_up(
    send_all: Callable[..., int], clock: Clock, store: EventStore
) -> None:
    with pytest.raises(ForwardError, match="400 Bad Request"):
        send_all(100, lambda batch: REFUSED)
    assert clock.pauses[:3] == [1, 2, 4]
    (set_aside,) = store.database.use(
        lambda connection: connection.execute("SELECT count(*) FROM forwarded").fetchone()
    )
    assert 5 <= set_aside < 20
