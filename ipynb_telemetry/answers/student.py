"""The answer about a student: all events in their order, a page at a time."""

from __future__ import annotations

import json
from typing import Any

from .classroom import Classroom
from .students import row

PAGE = 200  # events
_SELECT = """
SELECT e.id, e.uuid, e.event, e.notebook, e.properties, page.ts, page.cell_id, page.test FROM (
SELECT f.id, f.ts, f.cell_id, f.test
FROM session_audit s JOIN facts f ON f.session = s.id
WHERE s.person = ? AND s.simulated = ? AND s.notebook IN ({notebooks})
    AND min(f.ts, f.received) BETWEEN ? AND ? AND (f.ts, f.id) < (?, ?) AND {of}
ORDER BY f.ts DESC, f.id DESC LIMIT ?
) page JOIN events e ON e.id = page.id ORDER BY page.ts DESC, page.id DESC
"""
ONLY = {
    "runs": "f.kind = 'cell_executed' AND f.status IN ('ok', 'error')",
    "errors": "f.kind = 'cell_executed' AND f.status = 'error'",
    "passes": "f.kind = 'test_passed'",
    "fails": "f.kind = 'test_failed'",
    "peeks": "f.kind = 'solution_peek'",
    "pastes": "f.kind = 'paste'",
    "leaves": "f.kind IN ('blur', 'focus')",
}
"""Which events each figure of a student is made of, by the figure's name."""
_END = 2**62
Position = tuple[int, int]
"""Where a page ends: time and row of its first event."""


def answer(
    room: Classroom, student: str, before: Position | None = None, only: str | None = None
) -> dict[str, Any]:
    """Give the figures of a student, and a page of events, oldest first.

    Args:
        room: what is asked about.
        student: id.
        before: the position before which the page ends; None: the newest page.
        only: the figure whose events alone are given, one of `ONLY`; None: all events.
    """
    sessions = [session for session in room.sessions if session.student == student]
    marks = ", ".join("?" * len(room.notebooks))
    found = room.events.execute(
        _SELECT.format(notebooks=marks, of="1" if only is None else ONLY[only]),
        (
            student,
            int(room.question.is_simulated),
            *room.notebooks,
            -_END if room.question.since_ms is None else room.question.since_ms,
            _END if room.question.until_ms is None else room.question.until_ms,
            *((_END, _END) if before is None else before),
            PAGE + 1,
        ),
    ).fetchall()
    shown = found[:PAGE][::-1]
    figures = row(room, student, sessions) if student in room.students else None
    return {
        "student": student,
        "figures": figures,
        "events": [_event(room, *each) for each in shown],
        "before": f"{shown[0][5]}-{shown[0][0]}" if len(found) > PAGE else None,
    }


def read_position(text: str) -> Position:
    """Read where a page ended, as an answer says it in `before`.

    Raises:
        ValueError: the text is no such position.
    """
    at_ms, _, row = text.partition("-")
    position = int(at_ms), int(row)
    if not all(0 <= number < _END for number in position):
        raise ValueError("not a position")
    return position


def read_only(text: str) -> str:
    """Read the figure whose events alone are asked for.

    Raises:
        ValueError: no figure is called so.
    """
    if text not in ONLY:
        raise ValueError("not a figure")
    return text


def _event(
    room: Classroom,
    row: int,
    uuid: str,
    event: str,
    notebook: str,
    properties: str,
    at_ms: int,
    cell_id: str | None,
    test: str | None,
) -> dict[str, Any]:
    outline = room.outlines[notebook]
    place = outline.places.get(("test", test) if test is not None else ("cell", cell_id or ""))
    exercise = None if place is None else outline.exercises[place]
    return {
        "row": row,
        "uuid": uuid,
        "event": event,
        "at_ms": at_ms,
        "notebook": notebook,
        "exercise": None if exercise is None else exercise.exercise,
        "title": None if exercise is None else exercise.title,
        "properties": json.loads(properties),
    }
