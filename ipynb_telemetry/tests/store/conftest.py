"""A store for each test, in a folder that is not there yet."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipynb_telemetry.store.events import EventStore

LOG = logging.getLogger("ipynb_telemetry")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "for" / "events.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[EventStore]:
    store = EventStore(str(path), LOG)
    yield store
    store.close()
