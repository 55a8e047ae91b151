"""All answers by name, and how each is given: over HTTP and from the command line alike."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, nullcontext
from typing import Any

import orjson

from ..store.aggregates import VERSION
from . import (
    activetime,
    audit,
    cell,
    claims,
    engagement,
    errors,
    exercises,
    frontier,
    needs,
    overview,
    peeks,
    people,
    progress,
    student,
    students,
)
from .classroom import Classroom
from .memory import Memory
from .question import Question
from .replays import Replays

CLASS: dict[str, Callable[[Classroom], dict[str, Any]]] = {
    "overview": overview.answer,
    "needs": needs.answer,
    "progress": progress.answer,
    "frontier": frontier.answer,
    "errors": errors.answer,
    "exercises": exercises.answer,
    "time": activetime.answer,
    "peeks": peeks.answer,
    "engagement": engagement.answer,
    "audit": audit.answer,
    "students": students.answer,
    "claims": claims.answer,
    "people": people.answer,
}
"""The answers about a class, by name."""
NARROW: dict[str, Callable[..., dict[str, Any]]] = {"student": student.answer, "cell": cell.answer}
"""The answers about one student or one cell, which need to be told which."""
WHOLE = frozenset(("overview", "audit", "claims", "people"))
"""The answers about sessions and names, which a time window does not cut."""
PRESENT = frozenset(("needs",))
"""The answers about a moment: a time window's end, to which all that was before has led."""


def give(
    connection: sqlite3.Connection,
    name: str,
    question: Question,
    details: Mapping[str, Any] | None = None,
    memory: Memory | None = None,
    replays: Replays | None = None,
) -> dict[str, Any]:
    """Answer a question, from the store as it is at one moment.

    Args:
        connection: within a transaction.
        name: of the answer.
        question: what is asked about.
        details: of `NARROW` answers, their further arguments.
        memory: of earlier questions to this store; None: none.
        replays: of earlier windows of this store; None: none.
    """
    # A session that has been folded and had late events since is behind by some seconds only.
    version, rev, is_due = connection.execute(
        "SELECT version, rev, EXISTS (SELECT 1 FROM facts_due) OR EXISTS"
        " (SELECT 1 FROM session_audit WHERE is_stale = 1 AND events = 0) FROM facts_state"
    ).fetchone()
    has_events = connection.execute("SELECT EXISTS (SELECT 1 FROM events)").fetchone()[0]
    if name in PRESENT:
        question = question._replace(since_ms=None)
    if is_replayed(name, question):
        keeping = closing(Replays()) if replays is None else nullcontext(replays)
        with keeping as kept, kept.at(connection, question) as replay:
            room = Classroom(replay.connection, question, connection, replay.memory)
            result = _result(room, name, details)
    else:
        result = _result(Classroom(connection, question, memory=memory), name, details)
    return {
        "answer": name,
        "rev": rev,
        "at_ms": question.at_ms,
        "is_building": bool(is_due) or (version != VERSION and bool(has_events)),
        "since_ms": question.since_ms,
        "until_ms": question.until_ms,
        "result": result,
    }


def written(document: dict[str, Any]) -> bytes:
    """Write what `give` gave as JSON."""
    try:
        return orjson.dumps(document)
    except TypeError:  # half a surrogate pair, which a student's text may hold
        return json.dumps(document).encode()


def is_replayed(name: str, question: Question) -> bool:
    """Whether an answer is made of a time window, which may take seconds."""
    return question.has_window and name not in WHOLE


def _result(room: Classroom, name: str, details: Mapping[str, Any] | None) -> dict[str, Any]:
    if name in NARROW:
        return NARROW[name](room, **(details or {}))
    return CLASS[name](room)


def rev_of(connection: sqlite3.Connection) -> int:
    """Give the state that the store is in: another number says that an answer may be another."""
    return int(connection.execute("SELECT rev FROM facts_state").fetchone()[0])
