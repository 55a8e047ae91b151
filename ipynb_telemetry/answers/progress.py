"""Progress: how far each student is with each exercise.

States of an exercise: untouched (no run, no test), `tried` (a run or a test), `failing` (a test has
failed that never passed), `passed`, and `peeked`: passed, and a solution had been opened before.
Students of the roster who did nothing have rows too. An exercise without tests has no share of the
class that passed.
"""

from __future__ import annotations

from typing import Any

from .classroom import Classroom, reference
from .figures import quartiles, share
from .sparks import SLOTS, sparks

PASSED = ("passed", "peeked")


def answer(room: Classroom) -> dict[str, Any]:
    """Give a row for each student, with a cell for each exercise."""
    lines = sparks(room)
    last: dict[str, int] = {}
    active: dict[str, int] = {}
    for session in room.sessions:
        student = session.student
        last[student] = max(last.get(student, 0), session.last_received_ms)
        active[student] = active.get(student, 0) + session.worked_ms
    solved = [0] * len(room.exercises)
    rows = []
    for student in room.students:
        cells = [_cell(room, student, number) for number in range(len(room.exercises))]
        for number, cell in enumerate(cells):
            solved[number] += cell is not None and cell["state"] in PASSED
        rows.append(
            {
                "student": student,
                "solved": sum(cell is not None and cell["state"] in PASSED for cell in cells),
                "last_ms": last.get(student),
                "active_ms": active.get(student, 0),
                "spark": lines.get(student, [0] * SLOTS),
                "cells": cells,
            }
        )
    return {
        "exercises": [reference(exercise) for exercise in room.exercises],
        "students": rows,
        "solved_share": [
            share(count, len(rows)) if room.tests_of(number) else None
            for number, count in enumerate(solved)
        ],
        "active": quartiles(
            [time for time in active.values() if time], room.question.thresholds.too_few
        ),
    }


def _cell(room: Classroom, student: str, number: int) -> dict[str, Any] | None:
    work = room.work.get((student, number))
    state = None if work is None else work.state(room.tests_of(number))
    if work is None or state is None:
        return None
    return {
        "state": state,
        "runs": work.runs,
        "tries": work.tries,
        "fails": work.fails_before_pass,
        "active_ms": work.active_ms,
        "last_ms": work.last_received_ms,
    }
