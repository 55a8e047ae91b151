"""Who is whom: names that are of one person, and sessions under a name that are of another one.

An alias says that what came under a name, or of it some sessions, is of a person, who goes by
another name. The events stay as they are. A name that stands for a person may be an alias itself:
then the last one counts. A statement is one row for each session, or a single one for all of them,
and is kept when it is taken back: who has said it, and who has taken it back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

ALL = ""
"""Stands for a session where all sessions under a name are meant."""
MAX_TEXT = 200
MAX_SESSIONS = 1000


class AliasError(ValueError):
    """An alias that cannot be set or taken back, and why, in a sentence."""


class Change(NamedTuple):
    """A statement of an instructor.

    Attributes:
        change: its number.
        at_ms, said_by: when, by the server's clock, and by whom.
        student: the name under which the events came.
        sessions: how many sessions are meant; 0: all.
        person: by whom they are.
        undone_ms, undone_by: when it was taken back, and by whom; None: it is in force.
    """

    change: int
    at_ms: int
    said_by: str
    student: str
    sessions: int
    person: str
    undone_ms: int | None
    undone_by: str | None


class Aliases:
    """The aliases in force."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Take student, session and person of each."""
        self._persons = {(student, session): person for student, session, person in rows}

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self._persons)

    def of(self, student: str, session: str = ALL) -> str:
        """Give the person that a session under a name is of."""
        person = self._persons.get((student, session))
        if person is None:
            person = self._persons.get((student, ALL), student)
        met = {student}
        # Saving refuses a circle; a file that somebody else has written may have one.
        while person not in met:
            met.add(person)
            person = self._persons.get((person, ALL), person)
        return person

    def names_of(self, person: str) -> list[str]:
        """Give the names under which events of a person may have come, the own one first."""
        found = {
            student for student, session in self._persons if self.of(student, session) == person
        }
        return [person, *sorted(found - {person})]

    @property
    def renamed(self) -> set[str]:
        """The names all of whose sessions are of somebody else, but for those named one by one."""
        return {student for student, session in self._persons if session == ALL}

    @property
    def split(self) -> set[str]:
        """The names of which sessions are of different persons."""
        return {student for student, session in self._persons if session != ALL}


def read_aliases(connection: sqlite3.Connection) -> Aliases:
    """Give the aliases in force."""
    return Aliases(
        connection.execute(
            "SELECT student, session, person FROM person_alias WHERE undone_ms IS NULL"
        )
    )


def read_changes(connection: sqlite3.Connection) -> list[Change]:
    """Give all statements, those that were taken back too, the latest first."""
    rows = connection.execute(
        "SELECT change, at_ms, said_by, student,"
        f" sum(session <> '{ALL}'), person, undone_ms, undone_by"
        " FROM person_alias GROUP BY change ORDER BY change DESC"
    )
    return [Change._make(row) for row in rows]


def save_alias(
    connection: sqlite3.Connection,
    student: str,
    sessions: Iterable[str],
    person: str,
    said_by: str,
    at_ms: int,
) -> int:
    """Say that sessions under a name are of a person, within a transaction; gives its number.

    Args:
        connection: to the store.
        student: the name.
        sessions: which; none: all.
        person: the name that counts from now on.
        said_by: who says it.
        at_ms: when.

    Raises:
        AliasError: there is nothing that can be said so.
    """
    wanted = sorted({*sessions}) or [ALL]
    aliases = read_aliases(connection)
    if student == person or (wanted == [ALL] and aliases.of(person) == student):
        raise AliasError(f"{person} goes by {student} already: that is to be taken back first.")
    (change,) = connection.execute(
        "SELECT coalesce(max(change), 0) + 1 FROM person_alias"
    ).fetchone()
    for session in wanted:
        known = connection.execute(
            "SELECT person FROM person_alias"
            " WHERE student = ? AND session = ? AND undone_ms IS NULL",
            (student, session),
        ).fetchone()
        if known is not None:
            what = student if session == ALL else f"a session of {student}"
            raise AliasError(f"{what} goes by {known[0]} already: that is to be taken back first.")
        if not _is_there(connection, student, session):
            raise AliasError(
                f"Nobody is known as {student}."
                if session == ALL
                else f"{student} has no such session."
            )
        connection.execute(
            "INSERT INTO person_alias VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)",
            (change, at_ms, said_by[:MAX_TEXT], student, session, person),
        )
    return int(change)


def undo_alias(connection: sqlite3.Connection, change: int, undone_by: str, at_ms: int) -> None:
    """Take a statement back, within a transaction.

    Raises:
        AliasError: no such statement is in force.
    """
    undone = connection.execute(
        "UPDATE person_alias SET undone_ms = ?, undone_by = ?"
        " WHERE change = ? AND undone_ms IS NULL",
        (at_ms, undone_by[:MAX_TEXT], change),
    )
    if not undone.rowcount:
        raise AliasError("No such statement is in force.")


def _is_there(connection: sqlite3.Connection, student: str, session: str) -> bool:
    """Whether the session has an event, or for all sessions, whether the name is known at all."""
    found = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM session_audit"
        f" WHERE student = ?1 AND (?2 = '{ALL}' OR session = ?2))"
        f" OR (?2 = '{ALL}' AND (EXISTS (SELECT 1 FROM roster WHERE student = ?1)"
        " OR EXISTS (SELECT 1 FROM events WHERE distinct_id = ?1)"
        " OR EXISTS (SELECT 1 FROM person_alias WHERE person = ?1 AND undone_ms IS NULL)))",
        (student, session),
    ).fetchone()
    return bool(found[0])
