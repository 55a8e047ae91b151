"""The last hour in twelve numbers."""

from __future__ import annotations

from .classroom import SLOT_MS, Classroom

SLOTS = 12  # of five minutes


def sparks(room: Classroom) -> dict[str, list[int]]:
    """Give how many events each student made in each five minutes of the last hour, in order."""
    last = room.question.at_ms // SLOT_MS
    sessions = {session.id: session.student for session in room.sessions}
    found: dict[str, list[int]] = {}
    marks = ", ".join("?" * len(room.notebooks))
    rows = room.connection.execute(
        "SELECT t.session, t.slot, t.events FROM session_audit s JOIN time_slot t"
        " ON t.session = s.id AND t.slot BETWEEN ? AND ?"
        f" WHERE s.simulated = ? AND s.notebook IN ({marks}) AND s.last_ms >= ?",
        (
            last - SLOTS + 1,
            last,
            int(room.question.is_simulated),
            *room.notebooks,
            (last - SLOTS + 1) * SLOT_MS,
        ),
    )
    for session, slot, events in rows:
        student = sessions.get(session)
        if student is not None:
            found.setdefault(student, [0] * SLOTS)[slot - last + SLOTS - 1] += events
    return found
