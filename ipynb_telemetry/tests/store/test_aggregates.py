"""Aggregates are a function of the facts, however the events arrive."""

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.store import events as events_module
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.sessionrows import SessionRows
from ipynb_telemetry.tests.support.aggregates import (
    LOG,
    begin_again,
    build,
    random_class,
    rows_of,
    told,
)


def in_batches(events: list[Event], chance: random.Random) -> list[list[Event]]:
    batches = []
    while events:
        size = chance.choice([1, 2, 7, 50])
        batches.append(events[:size])
        events = events[size:]
    return batches


def arrivals(events: list[Event], chance: random.Random) -> dict[str, list[list[Event]]]:
    """The same events as they may come: in order, late, all mixed, repeated, cut off."""
    late = [*events]
    for _ in range(10):
        at = chance.randrange(len(late))
        late.append(late.pop(at))
    mixed = chance.sample(events, len(events))
    repeated = [*events, *chance.sample(events, 60)]
    backwards = events[::-1]
    cut = in_batches(events, chance)
    return {
        "in order": in_batches(events, chance),
        "late": in_batches(late, chance),
        "mixed": in_batches(mixed, chance),
        "repeated": in_batches(repeated, chance),
        "backwards": in_batches(backwards, chance),
        "cut off, and sent again": [batch for whole in cut for batch in (whole[:1], whole)],
    }


@pytest.mark.parametrize("seed", range(8))
def test_the_rows_are_the_same_however_the_events_arrive(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "now_utc", lambda: "2026-01-06T10:00:00.000Z")
    chance = random.Random(seed)
    events = random_class(chance)
    expected: Any = None
    for name, batches in arrivals(events, chance).items():
        store = EventStore(":memory:", LOG)
        for batch in batches:
            store.append(batch)
        build(store)
        found = rows_of(store)
        begin_again(store)
        assert rows_of(store) == found, f"{name}: rebuilt"
        expected = expected or found
        assert found == expected, name
        store.close()
    assert all(expected.values())


@pytest.mark.parametrize("seed", range(4))
def test_a_rebuild_at_other_times_of_receipt_gives_the_same(
    seed: int, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    events = random_class(chance)
    for number, batch in enumerate(in_batches(chance.sample(events, len(events)), chance)):
        now = f"2026-01-05T{number % 24:02}:00:00.{number % 1000:03}Z"
        monkeypatch.setattr(events_module, "now_utc", lambda now=now: now)
        store.append(batch)
    build(store)
    found = rows_of(store)
    begin_again(store)
    assert rows_of(store) == found


def test_in_order_no_session_is_folded_again(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(SessionRows, "begin_again", fail)
    for seq in range(1, 30):
        store.append([told("cell_executed", seq, seq, cell_id="a", status="ok")])
    (row,) = rows_of(store)["session_audit"]
    assert (row["runs"], row["got"]) == (29, 29)


def test_a_row_that_does_not_change_keeps_its_rev(store: EventStore) -> None:
    def revs(connection: sqlite3.Connection) -> dict[str, int]:
        return dict(connection.execute("SELECT item, rev FROM item_state").fetchall())

    store.append([told("cell_executed", 1, 1, cell_id="a", status="ok")])
    store.append([told("cell_executed", 5, 2, cell_id="b", status="ok")])
    first = store.database.use(revs)
    assert first["a"] < first["b"]
    store.append([told("cell_executed", 3, 1.5, cell_id="b", status="ok")])  # late
    second = store.database.use(revs)
    assert second["a"] == first["a"]
    assert second["b"] > first["b"]
    build(store)
    assert store.database.use(revs) == second
