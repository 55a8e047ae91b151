"""Time: how long students worked, and at which exercises.

Active time is the sum of what the browser tells (`active_ms`): time in which the student typed,
clicked or scrolled, where a pause counts for a minute at most. Of clients that tell nothing, active
time is the pauses between events, each up to three minutes, without the time away. Both caps are
printed beside the figures, since the figures depend on them. The time before a run or a test goes
to its exercise.
"""

from __future__ import annotations

from typing import Any

from ..store.aggregates import IDLE_MS
from .classroom import Classroom, reference
from .figures import quartiles

BROWSER_IDLE_MS = 60_000
"""The pause that the browser counts at most, `IDLE_MS` of `src/events/activityclock.ts`."""


def answer(room: Classroom) -> dict[str, Any]:
    """Give a row for each student."""
    total: dict[str, int] = {}
    estimated: set[str] = set()
    for session in room.sessions:
        total[session.student] = total.get(session.student, 0) + session.worked_ms
        if session.active_ms is None and session.gap_ms:
            estimated.add(session.student)
    by_exercise: list[list[int]] = [[] for _ in room.exercises]
    rows = []
    for student in room.students:
        times = []
        for number in range(len(room.exercises)):
            work = room.work.get((student, number))
            times.append(0 if work is None else work.active_ms)
            if times[number]:
                by_exercise[number].append(times[number])
        active = total.get(student, 0)
        rows.append(
            {
                "student": student,
                "active_ms": active,
                "is_estimated": student in estimated,
                "exercises": times,
                "elsewhere_ms": max(0, active - sum(times)),
            }
        )
    few = room.question.thresholds.too_few
    return {
        "idle_cap_ms": BROWSER_IDLE_MS,
        "pause_cap_ms": IDLE_MS,
        "exercises": [reference(exercise) for exercise in room.exercises],
        "students": rows,
        "active": quartiles([time for time in total.values() if time], few),
        "by_exercise": [quartiles(times, few) for times in by_exercise],
    }
