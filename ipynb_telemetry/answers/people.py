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


def check_statement(given: dict[str, Any]) -> Statement:
    """Check a statement from outside.

    Raises:
        AliasError: the statement is none.
    """
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


def check_change(given: str) -> int:
    """Read the number of a statement.

    Raises:
        ValueError: the number is none.
    """
    if not given.isascii() or not given.isdecimal() or not 0 < int(given[:20]) < 2**62:
        raise ValueError("not the number of a statement")
    return int(given[:20])


def say(connection: sqlite3.Connection, statement: Statement, said_by: str, at_ms: int) -> int:
    """Store a statement, and let answers be of it, within a transaction; gives its number.

    Raises:
        AliasError: there is nothing that can be said so.
    """
    change = save_alias(connection, *statement, said_by, at_ms)
    apply_aliases(connection, next_rev(connection))
    return change


def take_back(connection: sqlite3.Connection, change: int, undone_by: str, at_ms: int) -> None:
    """Take a statement back, within a transaction.

    Raises:
        AliasError: no such statement is in force.
    """
    undo_alias(connection, change, undone_by, at_ms)
    apply_aliases(connection, next_rev(connection))
