"""Students who take a pause: nothing is known of them then, and that is no fault of theirs."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import datetime, timezone
from typing import Any

# Without being told SQLite reads all facts of all sessions. A pause ends its session.
_PAUSES = """
SELECT s.person, f.session, f.ts, f.reason
FROM facts f INDEXED BY facts_of_pauses CROSS JOIN session_audit s ON s.id = f.session
WHERE f.kind = 'recording_paused' AND s.simulated = ? ORDER BY f.ts
"""
_SESSIONS = "SELECT id, last_ms FROM session_audit WHERE person = ? AND simulated = ?"


def read_pauses(connection: sqlite3.Connection, simulated: int) -> list[dict[str, Any]]:
    """Give each student's pause after which nothing was done, and when the pause ends.

    The end is `until_ms`, by the student's clock in milliseconds since 1970; None: when the student
    says so. A pause whose end has passed is among them: time alone changes no answer.
    """
    latest: dict[str, tuple[set[int], int, str | None]] = {}
    for student, session, ts, until in connection.execute(_PAUSES, (simulated,)):
        sessions = latest[student][0] if student in latest else set()
        latest[student] = ({*sessions, session}, ts, until)
    return [
        {"student": student, "until_ms": _milliseconds(until)}
        for student, (sessions, ts, until) in sorted(latest.items())
        if not any(
            last_ms > ts and session not in sessions
            for session, last_ms in connection.execute(_SESSIONS, (student, simulated))
        )
    ]


def _milliseconds(text: str | None) -> int | None:
    with suppress(ValueError):
        if text is not None:
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
            return int(moment.astimezone(timezone.utc).timestamp() * 1000)
    return None
