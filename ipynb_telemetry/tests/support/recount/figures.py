"""What several recounted answers say: quartiles, shares, and sums over a student's sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ipynb_telemetry.tests.support.recount.counting import Counted

MINUTE_MS = 60_000
TOO_FEW = 5


def quartiles(values: Sequence[float], least: int = TOO_FEW) -> dict[str, Any] | None:
    """Give count, median and quartiles, interpolated between neighbours."""
    if len(values) < max(1, least):
        return None
    ordered = sorted(values)

    def at(share: float) -> float:
        place = (len(ordered) - 1) * share
        low = int(place)
        high = ordered[min(low + 1, len(ordered) - 1)]
        return round(ordered[low] + (high - ordered[low]) * (place - low), 3)

    return {"n": len(ordered), "q1": at(0.25), "median": at(0.5), "q3": at(0.75)}


def own_sessions(counted: Counted, student: str) -> list[dict[str, Any]]:
    return [session for session in counted.sessions if session["student"] == student]


def active_ms(counted: Counted, student: str) -> int:
    return sum(session["active_ms"] for session in own_sessions(counted, student))


def last_ms(counted: Counted, student: str) -> int | None:
    return max(
        (raw.received_ms for each in own_sessions(counted, student) for raw in each["events"]),
        default=None,
    )


def span_and_away(counted: Counted, student: str) -> tuple[int, int]:
    span = away = 0
    for session in own_sessions(counted, student):
        times = [raw.at_ms for raw in session["events"]]
        span += max(times) - min(times)
        away += min(session["away_ms"], max(times) - min(times))
    return span, away


def share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0


def solved(counted: Counted, student: str) -> int:
    numbers = range(len(counted.tasks))
    return sum(counted.passed_ms(student, number) is not None for number in numbers)
