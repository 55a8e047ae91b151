"""The clock of a store, set by a test."""

from __future__ import annotations

import pytest

from ipynb_telemetry.store import events
from ipynb_telemetry.store.event import epoch_to_utc


def receive_at(monkeypatch: pytest.MonkeyPatch, at_s: float) -> None:
    """Let the store receive what comes from now on at that time, in seconds since 1970."""
    monkeypatch.setattr(events, "now_utc", lambda: epoch_to_utc(at_s))
