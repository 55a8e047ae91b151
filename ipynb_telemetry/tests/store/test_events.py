import logging
from pathlib import Path

import pytest

from ipynb_telemetry.store.database import StoreUnavailableError
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.storedevents import events, page, seqs

LOG = logging.getLogger("ipynb_telemetry")


def test_a_repeat_is_stored_once_also_within_a_batch(store: EventStore) -> None:
    batch = events(3)
    assert store.append([*batch, batch[0]]) == 3
    changed = batch[1]._replace(event="blur")
    assert store.append([changed, *events(1)]) == 1
    stored = page(store).events
    assert len(stored) == 4
    assert {event["event"] for event in stored} == {"tried"}


def test_the_memory_store_keeps_events_and_makes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = EventStore(":memory:", LOG)
    store.append(events(2))
    assert seqs(page(store)) == [1, 0]
    store.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["file", ":memory:"])
def test_a_failing_row_takes_the_whole_batch_with_it(place: str, path: Path) -> None:
    store = EventStore(str(path) if place == "file" else place, LOG)
    batch = events(3)
    with pytest.raises(StoreUnavailableError):
        store.append([*batch[:2], batch[2]._replace(event=None)])
    assert page(store).events == []
    assert store.append(batch) == 3
    store.close()


def test_closing_leaves_one_file_and_the_store_opens_again(store: EventStore, path: Path) -> None:
    store.append(events(1))
    store.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    store.append(events(1))
    assert len(page(store).events) == 2
