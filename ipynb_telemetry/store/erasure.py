"""A student out of a store for good: events, all that was made of them, and what others said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from .database import Database, transaction
from .event import now_utc
from .projection import next_rev
from .removal import Part, remove_events
from .tombstones import bury

OF_EVENTS = ("session_audit", "item_state")
"""Tables with a column `student` whose rows go with the student's events, by a trigger."""
OF_STUDENT = ("access_log", "roster", "seen_signal", "sender")
"""Tables with a column `student` whose rows are about the student."""
NAMING = (("access_log", "reader"), ("seen_signal", "seen_by"))
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
    mentions: int


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


def _end(connection: sqlite3.Connection, student: str) -> None:
    with transaction(connection):
        for table in OF_STUDENT:
            connection.execute(f"DELETE FROM {table} WHERE student = ?", (student,))
        for table, column in NAMING:
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (ERASED, student)
            )
        next_rev(connection)
