"""Merged and split people: which names an instructor has said to be of whom, and when.

Where nobody signs in, a name is what somebody typed: a slip makes two people of one, and two who
type the same are one. An instructor merges what came under one name with another name, or splits
sessions off. Nothing of the events changes, and each statement can be taken back.
"""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from ..store.aliases import (
    MAX_SESSIONS,
    MAX_TEXT,
    AliasError,
    read_changes,
    save_alias,
    undo_alias,
)
from ..store.persons import apply_aliases
from ..store.projection import next_rev
from ..store.simulated import is_marked
from .classroom import Classroom


class Statement(NamedTuple):
    """A checked statement: the sessions under a name, none means all, are of a person."""

    student: str
    sessions: tuple[str, ...]
    person: str


def answer(room: Classroom) -> dict[str, Any]:
    """Give a row for each statement, the latest first; those that were taken back too."""
    is_simulated = room.question.is_simulated
    return {
        "rows": [
            change._asdict()
            for change in read_changes(room.events)
            if is_marked(change.student) == is_simulated
        ]
    }


def check_statement(given: dict[str, Any]) -> Statement | int:
    """Check a statement from outside, or the number of one that is taken back.

    Raises:
        AliasError: the body says neither.
    """
    if "undo" in given:
        if type(given["undo"]) is not int or not 0 < given["undo"] < 2**62:
            raise AliasError("A statement is named by its number.")
        return int(given["undo"])
    student, person, sessions = (given.get(name) for name in ("student", "person", "sessions"))
    for text in (student, person):
        if not isinstance(text, str) or not 0 < len(text) <= MAX_TEXT or not text.isprintable():
            raise AliasError(
                f"A student and a person are named by up to {MAX_TEXT} characters that print."
            )
    if is_marked(str(student)) != is_marked(str(person)):
        raise AliasError("A simulated student and a real one are not the same person.")
    sessions = [] if sessions is None else sessions
    if not isinstance(sessions, list) or len(sessions) > MAX_SESSIONS:
        raise AliasError(f"Sessions are a list of up to {MAX_SESSIONS}.")
    if not all(isinstance(each, str) and 0 < len(each) <= MAX_TEXT for each in sessions):
        raise AliasError("A session is named by its id.")
    return Statement(str(student), tuple(sessions), str(person))


def say(connection: sqlite3.Connection, stated: Statement | int, said_by: str, at_ms: int) -> int:
    """Store a statement, or take one back, within a transaction; answers follow.

    Args:
        connection: to the store.
        stated: the statement; or the number of the one that is taken back.
        said_by: who says so.
        at_ms: when.

    Returns:
        The statement's number.

    Raises:
        AliasError: there is nothing that can be said so, or no such statement is in force.
    """
    if isinstance(stated, int):
        undo_alias(connection, stated, said_by, at_ms)
        change = stated
    else:
        change = save_alias(connection, *stated, said_by, at_ms)
    apply_aliases(connection, next_rev(connection))
    return change
