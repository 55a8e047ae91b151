from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.reading import Page, Selection, open_events
from ipynb_telemetry.tests.support.storedevents import events, page, seqs


def test_reading_makes_no_file(store: EventStore, path: Path) -> None:
    assert page(store) == Page([], None)
    assert not path.exists()
    store.append(events(1))
    assert len(page(store).events) == 1


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(students=["ANN_LEE"]), [3, 2]),
        (Selection(notebooks=["D2"]), [3, 1]),
        (Selection(types=["blur"]), [2, 1]),
        (Selection(students=["ANN_LEE"], notebooks=["D2"], types=["tried"]), [3]),
        (Selection(since="2026-03-01T10:00:00.002Z"), [3, 2]),
        (Selection(since="2026-03-01T10:00:00.003Z", students=["JOHN_DOE"]), []),
        (Selection(students=["' OR 1=1 --"]), []),
        (Selection(types=["paste' OR 'a'='a"]), []),
    ],
)
def test_filters_narrow(store: EventStore, selection: Selection, expected: list[int]) -> None:
    batch = events(4)
    for seq, (student, notebook, name) in enumerate(
        [
            ("JOHN_DOE", "D1", "tried"),
            ("JOHN_DOE", "D2", "blur"),
            ("ANN_LEE", "D1", "blur"),
            ("ANN_LEE", "D2", "tried"),
        ]
    ):
        batch[seq] = batch[seq]._replace(distinct_id=student, notebook=notebook, event=name)
    store.append(batch)
    assert seqs(page(store, selection)) == expected


def test_pages_neither_repeat_nor_miss_while_events_arrive(store: EventStore) -> None:
    # All at one moment, so that only the order of insertion is left to tell them apart.
    store.append(events(7, timestamp="2026-03-01T10:00:00Z"))
    shown, walked = page(store, limit=3), []
    while shown.next:
        walked += seqs(shown)
        store.append(events(1, timestamp="2026-03-02T10:00:00Z"))
        shown = page(store, after=shown.next, limit=3)
    assert walked + seqs(shown) == [6, 5, 4, 3, 2, 1, 0]


def test_a_last_page_that_is_full_names_no_next(store: EventStore) -> None:
    store.append(events(3))
    assert page(store, limit=3).next is None
    assert page(store, limit=2).next is not None


@pytest.mark.parametrize(
    ("selection", "index"),
    [
        (Selection(), "events_by_time"),
        (Selection(since="2026-03-01"), "events_by_time"),
        (Selection(students=["A"]), "events_by_student"),
        (Selection(notebooks=["D1"], since="2026-03-01"), "events_by_notebook"),
        (Selection(types=["tried"]), "events_by_type"),
    ],
)
@pytest.mark.parametrize("after", [None, ("2026-03-01", 7)])
def test_an_index_serves_every_filter(
    store: EventStore, path: Path, selection: Selection, index: str, after: Any
) -> None:
    store.append(events(1))
    asked: list[str] = []
    with open_events(path) as snapshot:
        snapshot.connection.set_trace_callback(asked.append)
        snapshot.page(selection, after)
        plan = snapshot.connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}").fetchall()
    steps = [row[3] for row in plan]
    assert len(steps) == 1, steps  # neither a sort nor a second look-up
    assert f"USING INDEX {index}" in steps[0]


def test_what_was_stored_comes_back_newest_first(store: EventStore) -> None:
    first, second = events(2, properties={"notebook": "D1"})
    assert store.append([first, second]) == 2
    newest, oldest = page(store).events
    received_at = newest.pop("received_at")
    assert received_at > "2026"
    assert newest == {
        "uuid": second.uuid,
        "event": "tried",
        "distinct_id": "JOHN_DOE",
        "timestamp": "2026-03-01T10:00:00.001Z",
        "properties": {"seq": 1, "notebook": "D1"},
    }
    assert oldest["uuid"] == first.uuid
