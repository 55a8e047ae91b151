"""Students: a row each, to be sorted by any figure.

EQ and RED (`errormeasures`) say how often errors followed one another. Both figures are keys to
sort by, and no judgement: the best of them explains a quarter of the differences between marks.
"""

from __future__ import annotations

from typing import Any

from .classroom import Classroom
from .errormeasures import error_quotient, repeated_error_density
from .figures import rounded, share
from .session import Session

_SUMS = ("runs", "errors", "fails", "peeks", "pastes")


def answer(room: Classroom) -> dict[str, Any]:
    """Give a row for each student, those of the roster who did nothing too."""
    sessions: dict[str, list[Session]] = {}
    for session in room.sessions:
        sessions.setdefault(session.student, []).append(session)
    return {"rows": [row(room, student, sessions.get(student, [])) for student in room.students]}


def row(room: Classroom, student: str, sessions: list[Session]) -> dict[str, Any]:
    """Give the figures of a student."""
    span = sum(session.last_ms - session.first_ms for session in sessions)
    away = sum(min(session.away_ms, session.last_ms - session.first_ms) for session in sessions)
    return {
        "student": student,
        "notebooks": sorted({session.notebook for session in sessions}),
        "solved": room.solved[student],
        "of": room.passable,
        **{name: sum(getattr(session, name) for session in sessions) for name in _SUMS},
        "active_ms": sum(session.worked_ms for session in sessions),
        "away_share": share(away, span) if span else None,
        "eq": rounded(error_quotient(sessions)),
        "red": rounded(repeated_error_density(sessions)),
        "last_ms": max((session.last_received_ms for session in sessions), default=None),
    }
