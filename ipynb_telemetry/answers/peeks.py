"""Peeks: who opened a solution, after what, for how long, and whether the solution was copied.

A peek is not bad in itself: time spent with a worked answer can be learning. So the reading time
stands beside it. A *glance* is a solution that was open for less than `peek_seconds`. A solution is
*copied* when, within `copied_minutes` of its opening, text of `copied_characters` or more that was
copied in the page was pasted, and the exercise was passed after that.
"""

from __future__ import annotations

from typing import Any

from .classroom import Classroom, reference
from .figures import quartiles
from .solutions import counted, peeks


def answer(room: Classroom) -> dict[str, Any]:
    """Give the exercises with their counts, and each opened solution."""
    opened = peeks(room)
    limits = room.question.thresholds
    counts = counted(opened, room)
    glances, copied = [0] * len(room.exercises), [0] * len(room.exercises)
    times: list[list[int]] = [[] for _ in room.exercises]
    rows = []
    for peek in opened:
        is_glance = peek.open_ms is not None and peek.open_ms < limits.peek_seconds * 1000
        number = None
        if peek.number is not None:
            number = room.first_numbers[peek.notebook] + peek.number
            glances[number] += is_glance
            copied[number] += peek.is_copied
            if peek.open_ms is not None:
                times[number].append(peek.open_ms)
        rows.append(
            {
                "student": peek.student,
                "notebook": peek.notebook,
                "exercise": None if number is None else room.exercises[number].exercise,
                "summary": peek.summary,
                "when": peek.when,
                "open_ms": peek.open_ms,
                "is_glance": is_glance,
                "is_copied": peek.is_copied,
                "at_ms": peek.at_ms,
            }
        )
    return {
        "exercises": [
            {
                **reference(exercise),
                **counts[number],
                "glances": glances[number],
                "copied": copied[number],
                "open": quartiles(times[number], limits.too_few),
            }
            for number, exercise in enumerate(room.exercises)
        ],
        "peeks": sorted(rows, key=lambda row: row["at_ms"]),
    }
