"""A student out of a store for good: events, all that was made of them, and what others said.

An instructor erases a student, by the id. Students erase their own sessions, whatever id these
have.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from .database import Database, transaction
from .event import now_utc
from .persons import apply_aliases
from .projection import next_rev
from .removal import Part, remove_events
from .sessionclaims import drop_claims, sessions_of
from .shownnames import renew_name
from .tombstones import bury, bury_name, bury_sessions

ABOUT = (
    ("access_log", "student"),
    ("person_alias", "student"),
    ("person_alias", "person"),
    ("roster", "student"),
    ("seen_signal", "student"),
    ("sender", "student"),
)
"""Tables whose rows are about the student whom this column names."""
_OF_EVENTLESS = (("access_log", "student"), ("seen_signal", "student"), ("sender", "student"))
"""Those of them that go with the last of the student's events."""
NAMING = (
    ("access_log", "reader"),
    ("seen_signal", "seen_by"),
    ("person_alias", "said_by"),
    ("person_alias", "undone_by"),
)
"""Columns that may name the student as somebody who read or said something of others."""
ERASED = "(erased)"
"""Stands in these columns for who was erased."""


class Found(NamedTuple):
    """What a store has of a student.

    Attributes:
        events, sessions: how many.
        forwarded: events that another place, such as PostHog, has taken.
        waiting: events that wait to be forwarded, or that were refused there.
        roster: 1 where the roster has the student.
        seen: marks of an instructor about the student.
        accesses: lines of the access log about the student.
        senders: computers that events came from.
        aliases: statements that the student is the same person as somebody.
        mentions: events of others whose texts have the id; these stay.
    """

    events: int
    sessions: int
    forwarded: int
    waiting: int
    roster: int
    seen: int
    accesses: int
    senders: int
    aliases: int
    mentions: int


# Statements on names of whom nothing is left. An event can be sent under any name and be erased
# again: so what the roster knows stays, and so does what tells whose the events of others are.
_ALIASES_OF_NOBODY = """
DELETE FROM person_alias WHERE student NOT IN (SELECT student FROM roster) AND (student = ?1
    OR person = ?1 AND NOT EXISTS (SELECT 1 FROM events WHERE distinct_id = person_alias.student))
"""
# What an id is named in besides events goes with the last of these.
_LEFT = "SELECT EXISTS (SELECT 1 FROM events WHERE distinct_id = ?)"
_JSON = "CASE WHEN json_valid(e.properties) THEN e.properties ELSE '{}' END"
# Events of a person's sessions: by their facts, and by what the events say that have none (yet) and
# are of the same students, or still to be looked at.
_OWNED = f"""
WITH mine AS (SELECT session FROM session_claim WHERE verifier = ?1),
    known AS (SELECT s.id, s.student FROM mine
        CROSS JOIN session_audit s ON s.session = mine.session)
SELECT e.distinct_id, e.notebook, e.id, e.uuid FROM events e WHERE e.id IN (
    SELECT f.id FROM known CROSS JOIN facts f ON f.session = known.id
    UNION SELECT e.id FROM (SELECT DISTINCT student FROM known) k
        CROSS JOIN events e ON e.distinct_id = k.student
        WHERE json_extract({_JSON}, '$.session_id') IN mine
    UNION SELECT e.id FROM facts_due d CROSS JOIN events e ON e.id BETWEEN d.first_id AND d.last_id
        WHERE json_extract({_JSON}, '$.session_id') IN mine)
ORDER BY e.distinct_id, e.notebook IS NOT NULL, e.notebook, e.id
"""

_FOUND = """
WITH own AS (SELECT id FROM events WHERE distinct_id = ?1)
SELECT
    (SELECT count(*) FROM own),
    (SELECT count(*) FROM session_audit WHERE student = ?1),
    (SELECT count(*) FROM own WHERE id IN (SELECT event_id FROM relay_queue
        WHERE state = 'delivered' UNION SELECT event_id FROM forwarded WHERE reason IS NULL)),
    (SELECT count(*) FROM own JOIN relay_queue ON event_id = id WHERE state <> 'delivered'),
    (SELECT count(*) FROM roster WHERE student = ?1),
    (SELECT count(*) FROM seen_signal WHERE student = ?1),
    (SELECT count(*) FROM access_log WHERE student = ?1),
    (SELECT count(*) FROM sender WHERE student = ?1),
    (SELECT count(*) FROM person_alias WHERE student = ?1 OR person = ?1),
    (SELECT count(*) FROM events WHERE distinct_id <> ?1 AND instr(properties, ?1))
"""


def find_student(connection: sqlite3.Connection, student: str) -> Found:
    """Count what a store has of a student."""
    return Found(*connection.execute(_FOUND, (student,)).fetchone())


def erase(database: Database, student: str) -> Iterator[int]:
    """Erase a student, in transactions that hold nobody up for long.

    A tombstone comes first: nothing that was captured before comes in any more. Whatever ends the
    erasure early, another call goes on with it. The file may still hold rests of what was deleted,
    see `scrubbing`.

    Args:
        database: the store, with connections that overwrite what is deleted.
        student: the id.

    Yields:
        How many events each transaction has removed.

    Raises:
        StoreUnavailableError: the store cannot be used; what was yielded is removed.
    """

    def begin(connection: sqlite3.Connection) -> list[Part]:
        with transaction(connection):
            bury(connection, student, now_utc())
            connection.execute(
                "DELETE FROM session_claim WHERE session IN"
                " (SELECT session FROM session_audit WHERE student = ?)",
                (student,),
            )
        rows = connection.execute(
            "SELECT notebook, id, uuid FROM events WHERE distinct_id = ? ORDER BY notebook, id",
            (student,),
        ).fetchall()
        return [
            Part(student, notebook, [(row[1], row[2]) for row in group])
            for notebook, group in groupby(rows, itemgetter(0))
        ]

    parts = database.use(begin)
    yield from remove_events(database, parts)
    database.use(lambda connection: _end(connection, student))


def erase_sessions(database: Database, verifier: str) -> Iterator[int]:
    """Erase all sessions that were claimed for a person, in transactions as those of `erase`.

    Tombstones come first: of these sessions nothing comes in any more. What is known of a student
    besides events goes with the student's last one, but for the roster, which is the instructor's:
    somebody else may go by the id, too. What was read or said by somebody of that name stays: a
    sender may take any name, and must not take the instructor's out of the access log by it.

    Args:
        database: the store, with connections that overwrite what is deleted.
        verifier: of the person.

    Yields:
        How many events each transaction has removed.

    Raises:
        StoreUnavailableError: the store cannot be used; what was yielded is removed.
    """

    def begin(connection: sqlite3.Connection) -> list[Part]:
        with transaction(connection):
            bury_sessions(connection, sessions_of(connection, verifier))
        rows = connection.execute(_OWNED, (verifier,)).fetchall()
        return [
            Part(student, notebook, [(row[2], row[3]) for row in group])
            for (student, notebook), group in groupby(rows, itemgetter(0, 1))
        ]

    def end(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.executemany(
                "DELETE FROM person_alias WHERE session = ?",
                [(session,) for session in sessions_of(connection, verifier)],
            )
            drop_claims(connection, verifier)
        for student in students:
            with transaction(connection):
                if connection.execute(_LEFT, (student,)).fetchone()[0]:
                    renew_name(connection, student)
                else:
                    bury_name(connection, student)
                    connection.execute(_ALIASES_OF_NOBODY, (student,))
                    _delete_rows(connection, student, _OF_EVENTLESS)
                    apply_aliases(connection, next_rev(connection))

    parts = database.use(begin)
    students = {part.student for part in parts}
    yield from remove_events(database, parts, rests=False)
    database.use(end)


def _end(connection: sqlite3.Connection, student: str) -> None:
    with transaction(connection):
        _delete_rows(connection, student, ABOUT)
        for table, column in NAMING:
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (ERASED, student)
            )
        # Who was the same person as the student goes by their own name again.
        apply_aliases(connection, next_rev(connection))


def _delete_rows(
    connection: sqlite3.Connection, student: str, about: Sequence[tuple[str, str]]
) -> None:
    for table, column in about:
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (student,))
