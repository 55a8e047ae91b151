"""Every recounted answer by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipynb_telemetry.tests.support.recount.counting import Counted
from ipynb_telemetry.tests.support.recount.exercises import errors, exercises, peeks
from ipynb_telemetry.tests.support.recount.needs import needs
from ipynb_telemetry.tests.support.recount.progress import frontier, progress
from ipynb_telemetry.tests.support.recount.sessions import audit, engagement, students, time

RECOUNTED: dict[str, Callable[[Counted, int], dict[str, Any]]] = {
    "needs": needs,
    "progress": progress,
    "frontier": frontier,
    "errors": errors,
    "exercises": exercises,
    "time": time,
    "peeks": peeks,
    "engagement": engagement,
    "audit": audit,
    "students": students,
}
"""What is counted for each answer, as of a moment."""
