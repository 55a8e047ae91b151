"""The overview of a class: notebooks, groups, students and their names, and the thresholds."""

from __future__ import annotations

from typing import Any

from ..store.shownnames import read_names
from ..store.simulated import is_marked
from .classroom import Classroom
from .pauses import read_pauses


def answer(room: Classroom) -> dict[str, Any]:
    """Give what the other answers name by ids; filters do not change it."""
    room, connection = room.unfiltered(), room.connection
    simulated = int(room.question.is_simulated)
    roster = room.roster
    sessions = connection.execute(
        "SELECT notebook, person, max(last_received_ms) FROM session_audit WHERE simulated = ?"
        " GROUP BY 1, 2",
        (simulated,),
    ).fetchall()
    saved = connection.execute(
        "SELECT DISTINCT notebook FROM outline_exercise WHERE position IS NOT NULL"
    ).fetchall()
    seen: dict[str, list[int]] = {notebook: [] for (notebook,) in saved}
    for notebook, person, last_ms in sessions:
        seen.setdefault(notebook, [])
        if not roster.is_staff(person):
            seen[notebook].append(last_ms)
    notebooks = []
    for notebook, students in sorted(seen.items()):
        outline = room.outlines[notebook]
        notebooks.append(
            {
                "notebook": notebook,
                "outline": outline.origin,
                "students": len(students),
                "exercises": len(outline.exercises),
                "last_ms": max(students, default=None),
            }
        )
    members = [
        member
        for member in roster
        if is_marked(member.id) == bool(simulated) and member.id not in room.aliases.renamed
    ]
    named = read_names(room.events)
    others = sorted({row[1] for row in sessions} - {member.id for member in members})
    events, first_ms = connection.execute(
        "SELECT coalesce(sum(events), 0), min(nullif(first_received_ms, 0)) FROM session_audit"
        " WHERE simulated = ?",
        (simulated,),
    ).fetchone()
    (has_simulated,) = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM session_audit WHERE simulated = 1)"
    ).fetchone()
    return {
        "notebooks": notebooks,
        "groups": sorted({member.group for member in roster if member.group}),
        "students": [
            *(
                {
                    "student": member.id,
                    "name": member.name or named.get(member.id, ""),
                    "group": member.group,
                    "is_staff": member.is_staff,
                    "is_expected": True,
                }
                for member in members
            ),
            *(
                {
                    "student": student,
                    "name": roster.name(student) or named.get(student, ""),
                    "group": roster.group(student),
                    "is_staff": roster.is_staff(student),
                    "is_expected": False,
                }
                for student in others
            ),
        ],
        "pauses": read_pauses(connection, simulated),
        "has_roster": any(True for _ in roster),
        "has_simulated": bool(has_simulated),
        "events": events,
        "first_ms": first_ms,
        "thresholds": room.question.thresholds._asdict(),
    }
