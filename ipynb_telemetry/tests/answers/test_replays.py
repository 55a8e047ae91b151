"""Replays that are kept: what is folded again, and that answers are those of a fresh fold."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from ipynb_telemetry.answers import replays as replays_module
from ipynb_telemetry.answers.catalog import CLASS
from ipynb_telemetry.answers.replays import Replays
from ipynb_telemetry.store import projection
from ipynb_telemetry.store.database import StoreUnavailableError
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.aggregates import begin_again, build, random_class
from ipynb_telemetry.tests.support.asked import (
    BEGIN_MS,
    MINUTE_MS,
    Story,
    ask,
    outline,
    two_exercises,
)

WINDOW = {"since_ms": BEGIN_MS, "until_ms": BEGIN_MS + 20 * MINUTE_MS, "at_s": 7200}


@pytest.fixture
def replays() -> Iterator[Replays]:
    kept = Replays()
    yield kept
    kept.close()


@pytest.fixture
def folds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sessions that replays have folded, one after the other."""
    found: list[int] = []

    def count(connection: Any, session: int, rev: int) -> None:
        found.append(session)
        projection.fold_again(connection, session, rev)

    monkeypatch.setattr("ipynb_telemetry.answers.replay.fold_again", count)
    return found


def test_several_answers_and_polls_fold_once(
    store: EventStore, replays: Replays, folds: list[int]
) -> None:
    outline(store, two_exercises())
    Story(store, "JOHN_DOE").run().test(passes=True)
    Story(store, "JANE_ROE").run()
    for _ in range(3):
        for name in CLASS:
            ask(store, name, **WINDOW, replays=replays)
    # "Needs" is a moment, to which all time before has led.
    assert len(folds) == 2 * 2
    ask(store, "progress", **WINDOW, replays=replays, group="A")
    assert len(folds) == 4, "a group is a part of what was folded"
    ask(store, "progress", **{**WINDOW, "since_ms": BEGIN_MS + 1}, replays=replays)
    assert len(folds) == 6, "another window"


def test_what_is_new_behind_a_window_folds_nothing(
    store: EventStore, replays: Replays, folds: list[int]
) -> None:
    story = Story(store, "JOHN_DOE").run()
    ask(store, "students", **WINDOW, replays=replays)
    story.run(after_s=3600)
    Story(store, "LATER").run(after_s=3600)
    (row,) = ask(store, "students", **WINDOW, replays=replays)["rows"]
    assert (row["runs"], len(folds)) == (1, 1)


def test_of_a_class_at_work_only_new_sessions_are_folded(
    store: EventStore, replays: Replays, folds: list[int]
) -> None:
    Story(store, "QUIET").run()
    busy = Story(store, "BUSY").run()
    live = {"since_ms": BEGIN_MS, "at_s": 60, "replays": replays}
    ask(store, "students", **live)
    folds.clear()
    busy.run()
    rows = ask(store, "students", **live)["rows"]
    assert {row["student"]: row["runs"] for row in rows} == {"QUIET": 1, "BUSY": 2}
    assert len(folds) == 1


def test_an_outline_of_now_folds_nothing_again(
    store: EventStore, replays: Replays, folds: list[int]
) -> None:
    Story(store, "JOHN_DOE").run()
    ask(store, "progress", **WINDOW, replays=replays)
    outline(store, two_exercises())
    found = ask(store, "progress", **WINDOW, replays=replays)
    assert [each["title"] for each in found["exercises"]] == ["Exercise 1", "Exercise 2"]
    assert len(folds) == 1


@pytest.mark.parametrize("seed", range(4))
def test_a_kept_replay_is_what_a_new_one_is(seed: int, store: EventStore, replays: Replays) -> None:
    chance = random.Random(seed)
    events = random_class(chance)
    # Some come late, in whatever order.
    events.sort(key=lambda event: (chance.random() < 0.1, chance.random() * 9))
    windows: list[dict[str, Any]] = [
        {"since_ms": BEGIN_MS + 600_000, "until_ms": BEGIN_MS + 2_400_000},
        {"since_ms": BEGIN_MS + 1_200_000},
        {"until_ms": BEGIN_MS + 1_800_000, "notebooks": ("D1",)},
        {"until_ms": BEGIN_MS + 2_400_000, "is_simulated": True},
    ]
    for batch in batches(events, chance):
        store.append(batch)
        if chance.random() < 0.4:
            build(store)
        if chance.random() < 0.1:
            begin_again(store)
        window = {**chance.choice(windows), "at_s": 7200}
        for name in ("students", "progress", "errors", "peeks", "needs"):
            found = ask(store, name, **window, replays=replays)
            assert found == ask(store, name, **window), name


def batches(events: list[Event], chance: random.Random) -> Iterator[list[Event]]:
    while events:
        size = chance.randrange(1, 40)
        yield events[:size]
        events = events[size:]


def test_deleted_events_are_in_no_replay(store: EventStore, replays: Replays) -> None:
    Story(store, "JOHN_DOE").run()
    Story(store, "GONE").run()
    assert len(ask(store, "students", **WINDOW, replays=replays)["rows"]) == 2
    store.database.use(
        lambda made: made.execute("DELETE FROM events WHERE distinct_id = 'GONE'").rowcount
    )
    build(store)
    (row,) = ask(store, "students", **WINDOW, replays=replays)["rows"]
    assert row["student"] == "JOHN_DOE"


def test_few_replays_are_kept(
    store: EventStore, replays: Replays, folds: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    Story(store, "JOHN_DOE").run().run()

    def look(number: int) -> int:
        before = len(folds)
        ask(store, "students", until_ms=BEGIN_MS + number * MINUTE_MS, at_s=7200, replays=replays)
        return len(folds) - before

    most = replays_module.MOST
    assert [look(number) for number in range(1, most + 2)] == [1] * (most + 1)
    assert [look(most + 1), look(2), look(1)] == [0, 0, 1]
    monkeypatch.setattr(replays_module, "MOST_FACTS", 4)
    assert [look(2), look(1), look(5), look(1), look(2)] == [0, 0, 1, 0, 1]
    monkeypatch.setattr(replays_module, "UNUSED_S", -1)
    assert [look(2), look(1), look(2)] == [0, 1, 1], "too old, but for the latest"


def test_a_server_that_stops_ends_a_fold(
    store: EventStore, replays: Replays, folds: list[int]
) -> None:
    Story(store, "JOHN_DOE").run()
    replays.stop()
    with pytest.raises(StoreUnavailableError):
        ask(store, "students", **WINDOW, replays=replays)
    assert folds == []
