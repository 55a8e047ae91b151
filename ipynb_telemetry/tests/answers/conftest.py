"""A store in memory for each test, which receives each event when it happens."""

import logging
from collections.abc import Iterator

import pytest

from ipynb_telemetry.store import events as events_module
from ipynb_telemetry.store.event import Event, now_utc
from ipynb_telemetry.store.events import EventStore


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[EventStore]:
    store = EventStore(":memory:", logging.getLogger("ipynb_telemetry"))
    append = store.append

    def receive(events: list[Event]) -> int:
        last = max((event.timestamp for event in events), default=now_utc())
        monkeypatch.setattr(events_module, "now_utc", lambda: last)
        return append(events)

    monkeypatch.setattr(store, "append", receive)
    yield store
    store.close()
