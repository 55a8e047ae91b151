"""The signals of sessions, S5 and S6; `needs` says what each means."""

from __future__ import annotations

from collections.abc import Iterator

from .classroom import Classroom
from .session import Session
from .signal import MINUTE_MS, Signal


def open_sessions(room: Classroom) -> list[Session]:
    """Give the sessions that have not ended, and of which something was heard lately."""
    gone = room.question.at_ms - room.question.thresholds.gone_minutes * MINUTE_MS
    return [
        session
        for session in room.sessions
        if not session.is_ended and session.last_received_ms >= gone
    ]


def signals_of_sessions(room: Classroom) -> Iterator[Signal]:
    """Give the signals of all open sessions, in no order."""
    limits, now = room.question.thresholds, room.question.at_ms
    recent = now - limits.recent_minutes * MINUTE_MS
    sessions = open_sessions(room)
    last: dict[str, int] = {}
    for session in sessions:
        last[session.student] = max(last.get(session.student, 0), session.last_received_ms)
    at_work = sum(session.last_received_ms >= recent for session in sessions)
    is_class_active = at_work * 2 >= len(sessions)
    for session in sessions:
        heard_ms = session.last_received_ms
        if is_class_active and last[session.student] < recent:
            minutes = (now - heard_ms) // MINUTE_MS
            reason = f"quiet for {minutes} min"
            yield Signal(session.student, session.notebook, None, "S5", reason, heard_ms, heard_ms)
        is_young = now - session.first_received_ms < limits.heard_minutes * MINUTE_MS
        if session.missing and not is_young:
            many = "events are" if session.missing > 1 else "event is"
            reason = f"{session.missing} {many} not here: what the student does is not all known"
            yield Signal(session.student, session.notebook, None, "S6", reason, heard_ms, heard_ms)
        elif session.late_ms > limits.late_minutes * MINUTE_MS and heard_ms >= recent:
            minutes = max(1, session.late_ms // MINUTE_MS)
            reason = f"events come {minutes} min late: what the student does now is not known"
            yield Signal(session.student, session.notebook, None, "S6", reason, heard_ms, heard_ms)
