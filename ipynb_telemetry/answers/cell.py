"""The answer about a cell: the latest code and result of all students, equal results together."""

from __future__ import annotations

import json
from typing import Any

from ..store.errorfold import fold
from .classroom import Classroom

_MAX_TEXT = 4000  # characters
_LATEST = """
SELECT s.person, s.notebook, f.id, f.ts FROM session_audit s
JOIN cell_state c ON c.session = s.id AND c.kind = 'cell' AND c.item = ?
JOIN facts f ON f.session = s.id AND f.seq = c.last_seq AND f.kind = 'cell_executed'
WHERE s.simulated = ? AND s.notebook = ? AND c.runs > 0
ORDER BY f.received, f.seq, f.id
"""
_MOST_RUN = """
SELECT item FROM item_state WHERE notebook = ? AND kind = 'cell' AND simulated = ?
    AND item IN ({cells})
GROUP BY item ORDER BY count(*) DESC, sum(runs) DESC, item LIMIT 1
"""


def answer(
    room: Classroom, notebook: str, cell: str | None, exercise: str | None
) -> dict[str, Any]:
    """Give the groups of equal results, the largest first.

    Args:
        room: what is asked about.
        notebook: id.
        cell: id; None: the cell of the exercise that most students have run.
        exercise: id; used where no cell is named.
    """
    if cell is None:
        cell = _most_run(room, notebook, exercise)
    latest: dict[str, tuple[int, int]] = {}
    students = {*room.students}
    if cell is not None:
        for student, _, row, at_ms in room.connection.execute(
            _LATEST, (cell, int(room.question.is_simulated), notebook)
        ):
            if student in students:
                latest[student] = (row, at_ms)
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for student, (row, at_ms) in latest.items():
        found = _result(room, row)
        if found is None:
            continue
        (what, key, text), told, uuid = found
        group = groups.setdefault((what, key), {"what": what, "text": text, "students": []})
        group["students"].append({"student": student, **told, "at_ms": at_ms, "uuid": uuid})
    ordered = sorted(groups.values(), key=lambda group: -len(group["students"]))
    return {"cell": cell, "groups": ordered}


def _most_run(room: Classroom, notebook: str, exercise: str | None) -> str | None:
    outline = room.outlines.get(notebook)
    found = [each for each in outline.exercises if each.exercise == exercise] if outline else []
    if not found or not found[0].cells:
        return None
    cells = found[0].cells
    row = room.connection.execute(
        _MOST_RUN.format(cells=", ".join("?" * len(cells))),
        (notebook, int(room.question.is_simulated), *cells),
    ).fetchone()
    return cells[0] if row is None else str(row[0])


def _result(room: Classroom, row: int) -> tuple[tuple[str, str, str], dict[str, Any], str] | None:
    """Give what came out (kind, key and text), what the event tells besides, and its uuid."""
    event = room.events.execute(
        "SELECT uuid, properties FROM events WHERE id = ?", (row,)
    ).fetchone()
    if event is None:
        return None
    properties = json.loads(event[1])

    def text(name: str) -> str:
        value = properties.get(name)
        return value[:_MAX_TEXT] if isinstance(value, str) else ""

    error = properties.get("error")
    if isinstance(error, dict):
        parts = [part if isinstance(part := error.get(name), str) else "" for name in _ERROR]
        message = ": ".join(part for part in parts[:2] if part)
        result = ("error", fold(parts[0], parts[1], parts[2]), message[:_MAX_TEXT])
    elif text("output"):
        result = ("output", text("output"), text("output"))
    else:
        result = ("nothing", "", "")
    redacted = properties.get("redacted")
    told = {
        "code": text("code"),
        "output": text("output"),
        "redacted": redacted if type(redacted) is int and redacted > 0 else 0,
    }
    return result, told, event[0]


_ERROR = ("name", "value", "traceback")
