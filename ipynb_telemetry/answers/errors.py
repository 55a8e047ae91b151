"""Errors folded to causes: which error is common, and who is still stuck at it.

A cause is an error's type, its message without what differs from student to student, and the
innermost frame in a notebook's cell (`store.errorfold`). A student is *still stuck* whose latest
attempt at that cell or test has this error, in an exercise that is not passed. The first lines are
those at which most are stuck.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import partial
from heapq import nlargest
from typing import Any, NamedTuple

from .classroom import SLOT_MS, Classroom, reference
from .progress import PASSED
from .sparks import SLOTS

_MAX_NAMES = 5
_MAX_TRACEBACK = 8000  # characters of a sample
_MAX_CODE = 4000
_QUOTED = re.compile(r"'([^'\n]{1,60})'|\"([^\"\n]{1,60})\"")
_NAMED_SAMPLES = 20  # events of a cause whose names are counted

_SELECT = """
SELECT s.person, g.fold, g.kind, g.item, g.events, g.first_ms, g.last_ms, g.sample
FROM session_audit s JOIN error_group g ON g.session = s.id
WHERE s.simulated = ? AND s.notebook = ?
"""
_STUCK = """
SELECT student, kind, item, fold FROM item_state
WHERE simulated = ? AND notebook = ? AND fold IS NOT NULL
"""


class _Group(NamedTuple):
    notebook: str
    number: int | None
    student: str
    events: int
    first_ms: int
    last_ms: int
    sample: int


def answer(room: Classroom) -> dict[str, Any]:
    """Give a row for each cause."""
    causes, first = _causes(room), room.first_numbers
    stuck = _stuck(room)
    rows = []
    for fold, groups in causes.items():
        students = sorted({group.student for group in groups})
        kind, message, frame = [*fold.split("\n"), "", ""][:3]
        numbers = sorted(
            first[notebook] + number
            for notebook, number in {(group.notebook, group.number) for group in groups}
            if number is not None
        )
        rows.append(
            {
                "fold": fold,
                "type": kind,
                "message": message,
                "frame": frame,
                "exercises": [reference(room.exercises[number]) for number in numbers],
                "students": students,
                "stuck": sorted(stuck.get(fold, ())),
                "events": sum(group.events for group in groups),
                "first_ms": min(group.first_ms for group in groups),
                "last_ms": max(group.last_ms for group in groups),
                "spark": _spark(groups, room),
                **_sample(groups, room),
            }
        )
    rows.sort(key=lambda row: (-len(row["stuck"]), -len(row["students"]), -row["events"]))
    return {"rows": rows}


def _causes(room: Classroom) -> dict[str, list[_Group]]:
    students = {*room.students}
    found: dict[str, list[_Group]] = {}
    for causes in room.reading("errors", partial(_read_causes, room)).values():
        for fold, groups in causes.items():
            own = [group for group in groups if group.student in students]
            if own:
                found.setdefault(fold, []).extend(own)
    return found


def _read_causes(room: Classroom, notebook: str) -> dict[str, list[_Group]]:
    places = room.outlines[notebook].places
    found: dict[str, list[_Group]] = {}
    for student, fold, kind, item, *figures in _select(room, _SELECT, notebook):
        group = _Group(notebook, places.get((kind, item)), student, *figures)
        found.setdefault(fold, []).append(group)
    return found


def _stuck(room: Classroom) -> dict[str, set[str]]:
    students = {*room.students}
    found: dict[str, set[str]] = {}
    read = room.reading("latest errors", partial(_select, room, _STUCK))
    for notebook, rows in read.items():
        places, first = room.outlines[notebook].places, room.first_numbers[notebook]
        for student, kind, item, fold in rows:
            place = places.get((kind, item))
            if student not in students or (
                place is not None and room.state(student, first + place) in PASSED
            ):
                continue
            found.setdefault(fold, set()).add(student)
    return found


def _select(room: Classroom, select: str, notebook: str) -> list[tuple[Any, ...]]:
    simulated = int(room.question.is_simulated)
    return room.connection.execute(select, (simulated, notebook)).fetchall()


def _spark(groups: list[_Group], room: Classroom) -> list[int]:
    """Give how many students met the error last in each five minutes of the last hour."""
    last = room.question.at_ms // SLOT_MS
    latest: dict[str, int] = {}
    for group in groups:
        latest[group.student] = max(group.last_ms, latest.get(group.student, 0))
    line = [0] * SLOTS
    for last_ms in latest.values():
        place = last_ms // SLOT_MS - last + SLOTS - 1
        if 0 <= place < SLOTS:
            line[place] += 1
    return line


def _sample(groups: list[_Group], room: Classroom) -> dict[str, Any]:
    """Give the latest event of a cause, and the names that its messages hold most often."""
    newest = nlargest(_NAMED_SAMPLES, groups, key=lambda group: group.last_ms)
    names: Counter[str] = Counter()
    sample: dict[str, Any] | None = None
    for group in newest:
        event = _event(group, room)
        if event is None:
            continue
        sample = sample or event
        found = {a or b for a, b in _QUOTED.findall(event["value"])}
        names.update(found)
    return {"names": [name for name, _ in names.most_common(_MAX_NAMES)], "sample": sample}


def _event(group: _Group, room: Classroom) -> dict[str, Any] | None:
    row = room.events.execute(
        "SELECT uuid, properties FROM events WHERE id = ?", (group.sample,)
    ).fetchone()
    if row is None:
        return None
    uuid, text = row
    try:
        properties = json.loads(text)
        error = properties["error"]
        return {
            "student": group.student,
            "at_ms": group.first_ms,
            "value": str(error.get("value", "")),
            "traceback": str(error.get("traceback", ""))[-_MAX_TRACEBACK:],
            "code": str(properties.get("code") or "")[:_MAX_CODE],
            "uuid": uuid,
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
