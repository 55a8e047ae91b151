"""Claims: which names came from several computers, and which computers sent several names.

Without a hub nobody signs in: a name is what somebody typed. A sender is the random id that an
account on a computer tells a class collector (`Telemetry-Sender`), so two ids under one name are
two computers, or two people. Both are often innocent, and are shown, not judged. A simulated class
comes from one computer and makes no claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..store.simulated import is_marked
from .classroom import Classroom


class Pair(NamedTuple):
    """A sender that sent events of a student, from when until when, by the collector's clock."""

    sender: str
    student: str
    first_ms: int
    last_ms: int


def answer(room: Classroom) -> dict[str, Any]:
    """Give a row for each name of several senders and each sender of several names.

    Those with both at once come first. Senders themselves are not told: only how many there are.
    """
    pairs = _pairs(room)
    by_student: dict[str, list[Pair]] = {}
    by_sender: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_student.setdefault(pair.student, []).append(pair)
        by_sender.setdefault(pair.sender, []).append(pair)
    rows = [
        _row(claim, own)
        for claim, found in (("one_name", by_student), ("one_sender", by_sender))
        for own in found.values()
        if len(own) > 1 and _is_asked_about(room, own) and not _is_settled(room, claim, own)
    ]
    rows.sort(key=lambda row: (not row["is_at_once"], -row["last_ms"], row["students"]))
    return {"rows": rows, "students": len(by_student), "senders": len(by_sender)}


def _pairs(room: Classroom) -> list[Pair]:
    if room.question.is_simulated:
        return []
    rows = map(
        Pair._make,
        room.events.execute(
            "SELECT sender, student, first_ms, last_ms FROM sender ORDER BY student, first_ms"
        ),
    )
    return [
        pair
        for pair in rows
        if not room.roster.is_staff(pair.student) and not is_marked(pair.student)
    ]


def _is_asked_about(room: Classroom, pairs: Sequence[Pair]) -> bool:
    group = room.question.group
    return not group or any(room.roster.group(pair.student) == group for pair in pairs)


def _is_settled(room: Classroom, claim: str, pairs: Sequence[Pair]) -> bool:
    """Tell whether the names of a sender are known to be of one person."""
    return claim == "one_sender" and len({room.aliases.of(pair.student) for pair in pairs}) == 1


def _row(claim: str, pairs: Sequence[Pair]) -> dict[str, Any]:
    return {
        "claim": claim,
        "students": sorted({pair.student for pair in pairs}),
        "senders": len({pair.sender for pair in pairs}),
        "is_at_once": _overlap(pairs),
        "first_ms": min(pair.first_ms for pair in pairs),
        "last_ms": max(pair.last_ms for pair in pairs),
    }


def _overlap(pairs: Sequence[Pair]) -> bool:
    """Tell whether one began before another had ended."""
    ended_ms: int | None = None
    for pair in sorted(pairs, key=lambda each: each.first_ms):
        if ended_ms is not None and pair.first_ms <= ended_ms:
            return True
        ended_ms = max(pair.last_ms, ended_ms or 0)
    return False
