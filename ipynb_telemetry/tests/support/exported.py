"""Events that are exported, and what is read of the export."""

from __future__ import annotations

import csv
import logging
from pathlib import Path
from typing import Any

from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.store.events import EventStore


def an_event(name: str, day: int, student: str = "JOHN_DOE", **properties: Any) -> dict[str, Any]:
    return {
        "event": name,
        "distinct_id": student,
        "timestamp": f"2026-03-{day:02}T10:00:00Z",
        "properties": {"notebook": "D1", "distinct_id": student, "seq": day, **properties},
    }


EVENTS = [
    an_event("test_failed", 3, "ANN_LEE", test="adds up", attempt=2, duration_ms=1.5,
             cell_id="q1", active_ms=61000,
             error={"name": "AssertionError", "value": "=1 + 2", "traceback": "-\ud800"}),
    an_event("cell_executed", 1, code='=HYPERLINK("http://x")\nä\0', output="-1", success=True,
             duration_ms=12, error=None, attempt="many", execution_count=10**30),
    an_event("hint_used", 2, notebook="D2", hint={"n": [1, "ü"]}, error="none"),
]  # fmt: skip


def fill(path: Path, events: list[dict[str, Any]]) -> None:
    store = EventStore(str(path), logging.getLogger())
    store.append(check_events(events))
    store.close()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(keepends=True)))
