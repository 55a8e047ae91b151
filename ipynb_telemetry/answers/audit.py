"""Delivery: whether all events of each session are here, and what is known of those that are not.

Events of a session are numbered from 1, so the highest number says how many were expected. Missing
are those that are neither here nor explained by a report that the browser gave them up. Events that
a flood suppressed never had a number, and are told apart.

A session is `complete` (it has ended, and nothing is missing), `open`, `silent` (not ended, and
nothing was heard for `recent_minutes`) or `incomplete` (it has ended or is silent, and events are
missing).
"""

from __future__ import annotations

from typing import Any

from .classroom import Classroom
from .session import Session
from .signal import MINUTE_MS

STATES = ("complete", "open", "silent", "incomplete")


def answer(room: Classroom) -> dict[str, Any]:
    """Give a row for each session, those with missing events first, and a line for the class."""
    counts = dict.fromkeys(STATES, 0)
    rows = []
    ordered = sorted(room.sessions, key=lambda each: (-each.missing, -each.last_received_ms))
    for session in ordered:
        state = _state(session, room)
        counts[state] += 1
        rows.append(
            {
                "student": session.student,
                "claimed": session.claimed,
                "notebook": session.notebook,
                "session": session.session,
                "state": state,
                "expected": session.at_seq,
                "got": session.got,
                "explained": session.explained,
                "missing": session.missing,
                "suppressed": session.suppressed,
                "invalid": session.invalid,
                "first_ms": session.first_received_ms,
                "last_ms": session.last_received_ms,
                "late_p95_ms": session.late_p95_ms if session.events else None,
            }
        )
    return {"line": _line(room.sessions), "counts": counts, "sessions": rows}


def _state(session: Session, room: Classroom) -> str:
    silent_ms = room.question.thresholds.recent_minutes * MINUTE_MS
    # A time window does not cut sessions, so they are as they are now.
    is_silent = room.question.now_ms - session.last_received_ms > silent_ms
    if not session.is_ended and not is_silent:
        return "open"
    if session.missing:
        return "incomplete"
    return "complete" if session.is_ended else "silent"


def _line(sessions: list[Session]) -> str:
    if not sessions:
        return "no session yet"
    with_gaps = [session for session in sessions if session.missing]
    whole = len(sessions) - len(with_gaps)
    line = f"every event of {whole} of {len(sessions)} sessions is here"
    if with_gaps:
        missing = sum(session.missing for session in with_gaps)
        many = "events are" if missing > 1 else "event is"
        line += f"; {missing} {many} missing in {len(with_gaps)}"
    suppressed = sum(session.suppressed for session in sessions)
    return f"{line}; {suppressed} of a flood were suppressed" if suppressed else line
