"""Engagement: who was there, five minutes by five minutes, and how often and how long away.

Present is who made an event in these five minutes and was not away throughout. The share of time
away is what the returns tell, of the time from a session's first event to its last. There is no
score: these figures say how a lesson went, and not how good a student is.
"""

from __future__ import annotations

from typing import Any

from .classroom import SLOT_MS, Classroom
from .figures import quartiles, share

_SELECT = """
SELECT t.session, t.slot FROM session_audit s JOIN time_slot t ON t.session = s.id
WHERE s.simulated = ? AND t.present > 0 AND s.notebook IN ({notebooks})
"""


def answer(room: Classroom) -> dict[str, Any]:
    """Give the slots of the class, and a row for each student who was there."""
    sessions = {session.id: session.student for session in room.sessions}
    marks = ", ".join("?" * len(room.notebooks))
    present: dict[str, set[int]] = {}
    slots: dict[int, set[str]] = {}
    for session, slot in room.connection.execute(
        _SELECT.format(notebooks=marks), (int(room.question.is_simulated), *room.notebooks)
    ):
        student = sessions.get(session)
        if student is not None:
            present.setdefault(student, set()).add(slot)
            slots.setdefault(slot, set()).add(student)
    figures: dict[str, list[int]] = {}
    for each in room.sessions:
        own = figures.setdefault(each.student, [0] * 5)
        span = each.last_ms - each.first_ms
        values = (span, min(each.away_ms, span), each.page_hidden, each.window, each.tab)
        figures[each.student] = [a + b for a, b in zip(own, values, strict=True)]
    rows: list[dict[str, Any]] = []
    for student in room.students:
        if student not in figures:
            continue
        span, away, hidden, window, tab = figures[student]
        rows.append(
            {
                "student": student,
                "span_ms": span,
                "away_ms": away,
                "away_share": share(away, span),
                "leaves": {"page_hidden": hidden, "window": window, "tab": tab},
                "present": [slot * SLOT_MS for slot in sorted(present.get(student, ()))],
            }
        )
    return {
        "slots": [
            {"at_ms": slot * SLOT_MS, "present": len(students)}
            for slot, students in sorted(slots.items())
        ],
        "students": rows,
        "away_share": quartiles(
            [row["away_share"] for row in rows], room.question.thresholds.too_few
        ),
    }
