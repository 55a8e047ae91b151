"""Who looked at what students did, and when: a line a visit.

A view that stays open asks again every few seconds. A look at the same page by the same reader soon
after the one before is of one visit, whose line then tells of the last look, to a minute.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from .tombstones import tombstone_of

VISIT_MS = 900_000
"""How long after the last look another one is still of the same visit, in milliseconds."""
STEP_MS = 60_000
"""How long after the last look that the line tells of another one is written down."""
_MAX_TEXT = 200


class Page(NamedTuple):
    """What was looked at.

    Attributes:
        reader: the name by which Jupyter knows who looked.
        student: whose page; empty: of all students.
        notebook: of which notebook; empty: of all.
        cell: all students' code of this cell, or exercise; empty: a student's page or, without a
            student, answers about the class.
    """

    reader: str
    student: str = ""
    notebook: str = ""
    cell: str = ""

    @property
    def answer(self) -> str:
        """What was answered: `student`, `cell` or `class`."""
        return "student" if self.student else "cell" if self.cell else "class"


class Visit(NamedTuple):
    """A visit of a page: when the first look was, and the last, by the server's clock."""

    page: Page
    first_ms: int
    last_ms: int


_LATEST = """
SELECT id, last_ms FROM access_log
WHERE reader = ? AND student = ? AND notebook = ? AND cell = ? ORDER BY id DESC LIMIT 1
"""
COLUMNS = ", ".join((*Page._fields, "first_ms", "last_ms"))


def log_access(connection: sqlite3.Connection, page: Page, at_ms: int) -> None:
    """Write a look down, within a transaction; not of a student who was erased."""
    if page.student and tombstone_of(connection, page.student) is not None:
        own = "SELECT EXISTS (SELECT 1 FROM events WHERE distinct_id = ?)"
        if not connection.execute(own, (page.student,)).fetchone()[0]:
            return  # a page that stayed open would bring the id back
    columns = [text[:_MAX_TEXT] for text in page]
    latest = connection.execute(_LATEST, columns).fetchone()
    # A clock that was set back begins a visit, too.
    if latest is None or not 0 <= at_ms - latest[1] <= VISIT_MS:
        connection.execute(
            f"INSERT INTO access_log ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            (*columns, at_ms, at_ms),
        )
    elif at_ms - latest[1] >= STEP_MS:
        connection.execute("UPDATE access_log SET last_ms = ? WHERE id = ?", (at_ms, latest[0]))


def read_accesses(
    connection: sqlite3.Connection, students: Sequence[str] | None = None
) -> list[Visit]:
    """Give visits, the earliest first.

    Args:
        connection: of the store.
        students: all ids of a student; only visits that this student's data were part of: of the
            student's own page, and of what is about all students. None: all visits.
    """
    ids = [*(students or ()), ""]
    where = "" if students is None else f"WHERE student IN ({', '.join('?' * len(ids))})"
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM access_log {where} ORDER BY first_ms, id",
        () if students is None else ids,
    )
    return [Visit(Page(*row[:4]), *row[4:]) for row in rows]


class Looks:
    """The looks of the last minute, so that a view that asks all the time writes once a minute."""

    def __init__(self) -> None:
        """Know of none."""
        self._written: dict[Page, int] = {}

    def is_due(self, page: Page, at_ms: int) -> bool:
        """Whether a look is to be written down."""
        return not 0 <= at_ms - self._written.get(page, -STEP_MS) < STEP_MS

    def note(self, page: Page, at_ms: int) -> None:
        """Remember a look that is written down, and forget those before the last minute."""
        self._written = {
            each: written for each, written in self._written.items() if at_ms - written < STEP_MS
        }
        self._written[page] = at_ms
