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
from .solutions import Peek, counted, peeks

# Without being told SQLite reads all facts behind the peek.
_PASTES = """
SELECT 1 FROM facts INDEXED BY facts_of_pastes
WHERE session = ? AND seq > ? AND kind = 'paste' AND internal = 1 AND length >= ? AND ts <= ?
LIMIT 1
"""


def answer(room: Classroom) -> dict[str, Any]:
    """Give the exercises with their counts, and each opened solution."""
    opened = peeks(room)
    limits = room.question.thresholds
    counts = counted(opened, len(room.exercises))
    glances, copied = [0] * len(room.exercises), [0] * len(room.exercises)
    times: list[list[int]] = [[] for _ in room.exercises]
    rows = []
    for peek in opened:
        is_glance = peek.open_ms is not None and peek.open_ms < limits.peek_seconds * 1000
        is_copied = _is_copied(peek, room)
        number = peek.number
        if number is not None:
            glances[number] += is_glance
            copied[number] += is_copied
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
                "is_copied": is_copied,
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


def _is_copied(peek: Peek, room: Classroom) -> bool:
    if peek.number is None:
        return False
    work = room.work.get((peek.student, peek.number))
    passed_ms = None if work is None else work.passed_ms(room.tests_of(peek.number))
    if passed_ms is None or passed_ms < peek.at_ms:
        return False
    limits = room.question.thresholds
    until_ms = min(passed_ms, peek.at_ms + limits.copied_minutes * 60_000)
    found = room.connection.execute(
        _PASTES, (peek.session, peek.seq, limits.copied_characters, until_ms)
    )
    return found.fetchone() is not None
