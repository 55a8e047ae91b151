"""A time window that cuts sessions in half."""

import logging
from typing import Any

import pytest

from ipynb_telemetry.answers.seen import Seen, save_seen
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.aggregates import BEGIN
from ipynb_telemetry.tests.support.asked import (
    BEGIN_MS,
    MINUTE_MS,
    Story,
    ask,
    outline,
    two_exercises,
)
from ipynb_telemetry.tests.support.receipt import receive_at


def window(since_s: float, until_s: float | None = None) -> dict[str, Any]:
    until = {} if until_s is None else {"until_ms": BEGIN_MS + int(until_s * 1000)}
    return {"since_ms": BEGIN_MS + int(since_s * 1000), **until, "at_s": 3600}


def test_active_time_before_a_window_is_not_in_it(store: EventStore) -> None:
    outline(store, two_exercises())
    story = Story(store, "JOHN_DOE")
    story.run("a", after_s=600, active_ms=500_000)
    story.run("a", after_s=60, active_ms=540_000).run("a", after_s=60, active_ms=570_000)
    story.tell("session_ended", duration_ms=720_000, active_ms=570_000)
    (row,) = ask(store, "time", **window(601))["students"]
    assert (row["active_ms"], row["exercises"]) == (70_000, [70_000, 0])
    (row,) = ask(store, "time", **window(0))["students"]
    assert row["active_ms"] == 570_000


def test_a_client_that_sums_up_at_the_end_tells_nothing_of_a_part(store: EventStore) -> None:
    story = Story(store, "JOHN_DOE").run("a").run("a", after_s=600).run("a", after_s=30)
    story.tell("session_ended", duration_ms=1, active_ms=550_000)
    (row,) = ask(store, "time", **window(600))["students"]
    assert (row["active_ms"], row["is_estimated"]) == (31_000, True)
    assert ask(store, "time", at_s=700)["students"][0]["active_ms"] == 550_000


def test_time_away_before_a_window_is_not_in_it(store: EventStore) -> None:
    story = Story(store, "JOHN_DOE").run().tell("blur", reason="tab")
    story.tell("focus", after_s=900, away_ms=900_000, reason="tab")
    story.run(after_s=300).tell("blur", reason="window")
    story.tell("focus", after_s=100, away_ms=100_000, reason="window")
    for name, figure in (("engagement", "students"), ("students", "rows")):
        (row,) = ask(store, name, **window(600))[figure]
        assert row["away_share"] == round(100 / 401, 4), name


def test_events_before_a_window_are_not_missing(store: EventStore) -> None:
    story = Story(store, "JOHN_DOE")
    for _ in range(5):
        story.run(after_s=60)
    story.seq += 2  # events that never come
    story.run(after_s=60).run(after_s=60)
    Story(store, "ANN_LEE").run(after_s=400)
    for since_s in (0, 200):
        (row,) = ask(store, "needs", **window(since_s, 500))["rows"]
        assert row["student"] == "JOHN_DOE"
        assert row["reason"].startswith("2 events"), since_s


def test_what_needs_somebody_at_the_end_of_a_window_began_before_it(store: EventStore) -> None:
    outline(store, two_exercises())
    Story(store, "JOHN_DOE").run("a").run("b", after_s=300).peek("text")
    question = window(200, 400)
    assert ask(store, "needs", **question)["rows"] == [], "a run came before the solution"
    story = Story(store, "ANN_LEE")
    for _ in range(3):
        story.run("a", "'x'", after_s=120)
    (row,) = ask(store, "needs", **question)["rows"]
    assert (row["student"], row["signal"]) == ("ANN_LEE", "S1")


def test_marks_set_after_a_window_hide_nothing_in_it(store: EventStore) -> None:
    outline(store, two_exercises())
    story = Story(store, "JOHN_DOE")
    for _ in range(3):
        story.run("a", "'x'")

    def see(connection: Any) -> None:
        with transaction(connection):
            mark = Seen("JOHN_DOE", "D1", "one", "S1", "somebody", BEGIN_MS + 60 * MINUTE_MS)
            save_seen(connection, mark)

    store.database.use(see)
    assert len(ask(store, "needs", **window(0, 60))["rows"]) == 1
    assert ask(store, "needs", at_s=3600)["rows"] == []


def test_a_clock_that_is_a_day_ahead_takes_nobody_out_of_the_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receive_at(monkeypatch, BEGIN + 100)
    store = EventStore(":memory:", logging.getLogger("ipynb_telemetry"))
    outline(store, two_exercises())
    Story(store, "JOHN_DOE").test("one", passes=True, after_s=86_400)
    question = window(50, 200)
    (row,) = ask(store, "progress", **question)["students"]
    assert row["solved"] == 1
    page = ask(store, "student", details={"student": "JOHN_DOE"}, **question)
    assert len(page["events"]) == 1
    assert ask(store, "progress", **window(150))["students"] == []
    store.close()


def test_the_audit_says_how_sessions_are_now_whatever_the_window(store: EventStore) -> None:
    Story(store, "JOHN_DOE").run()
    (row,) = ask(store, "audit", **window(0, 60))["sessions"]
    assert row["state"] == "silent"
