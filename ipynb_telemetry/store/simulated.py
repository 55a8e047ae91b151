"""Simulated students in a store and its roster: what tells them, and which are there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from .database import Database
from .removal import Part

MARK = "~"
"""Begins the end of a simulated student's id: a real id has only letters, hyphens, `_`, spaces."""

# Each student once, from one to the next in the index.
_MARKED = """
WITH RECURSIVE each(student) AS (
    SELECT min(distinct_id) FROM events
    UNION ALL
    SELECT (SELECT min(distinct_id) FROM events WHERE distinct_id > student)
        FROM each WHERE student IS NOT NULL
)
SELECT student FROM each WHERE instr(student, ?)
UNION SELECT student FROM session_audit WHERE simulated = 1
ORDER BY 1
"""
_COUNT = "SELECT count(*) FROM events WHERE distinct_id = ?"
_EVENTS = """
SELECT notebook, id, uuid FROM events WHERE distinct_id = ?
    AND json_type(CASE WHEN json_valid(properties) THEN properties ELSE '{}' END, '$.simulated')
        = 'true'
ORDER BY notebook, id
"""


def is_marked(student: str) -> bool:
    """Whether an id is one of a simulated student."""
    return MARK in student


def is_simulated(student: str, properties: str) -> bool:
    """Whether an event is one of a simulated student, by the id or by what the event says.

    Args:
        student: the event's distinct_id.
        properties: a JSON object, as text.
    """
    if is_marked(student):
        return True
    if '"simulated"' not in properties:
        return False
    try:
        told = json.loads(properties)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("simulated") is True


def find_simulated(database: Database, notebook: str | None = None) -> list[Part]:
    """Find the events of simulated students.

    Args:
        database: the store.
        notebook: only those in this notebook; None: all.

    Raises:
        StoreUnavailableError: the store cannot be read.
    """

    def find(connection: sqlite3.Connection) -> list[Part]:
        found = []
        for (student,) in connection.execute(_MARKED, (MARK,)).fetchall():
            rows = connection.execute(_EVENTS, (student,)).fetchall()
            for name, group in groupby(rows, itemgetter(0)):
                if notebook is None or name == notebook:
                    found.append(Part(student, name, [(row[1], row[2]) for row in group]))
        return found

    return database.use(find)


def find_expected(database: Database, found: Iterable[Part] = ()) -> list[str]:
    """Find the simulated students in the roster of whose class no event will be left.

    A class is known by what its students' ids end with; who never starts has no event.

    Args:
        database: the store.
        found: of `find_simulated`, what is going to be removed.

    Raises:
        StoreUnavailableError: the store cannot be read.
    """
    gone: dict[str, int] = {}
    for each in found:
        gone[each.student] = gone.get(each.student, 0) + len(each.events)

    def find(connection: sqlite3.Connection) -> list[str]:
        staying = {
            student.partition(MARK)[2]
            for (student,) in connection.execute(_MARKED, (MARK,)).fetchall()
            if MARK in student
            and connection.execute(_COUNT, (student,)).fetchone()[0] > gone.get(student, 0)
        }
        roster = connection.execute("SELECT student FROM roster ORDER BY position").fetchall()
        return [
            student
            for (student,) in roster
            if MARK in student and student.partition(MARK)[2] not in staying
        ]

    return database.use(find)
