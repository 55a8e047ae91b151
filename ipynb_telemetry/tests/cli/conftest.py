"""The file of the embedded collector that the command line finds, and its store."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipynb_telemetry.store.events import EventStore

from ..support.commandline import CommandLine
from ..support.exported import EVENTS, fill


@pytest.fixture
def path(telemetry: CommandLine) -> Path:
    return telemetry.data / "ipynb_telemetry" / "events.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[EventStore]:
    store = EventStore(str(path), logging.getLogger("ipynb_telemetry"))
    yield store
    store.close()


@pytest.fixture
def database(path: Path) -> Path:
    """Where the collector keeps its events when nothing is set, with three events."""
    fill(path, EVENTS)
    return path
