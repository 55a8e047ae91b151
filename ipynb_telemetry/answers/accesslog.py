"""Who looked at what a student wrote, and when: a line a visit.

A view that stays open asks again every few seconds. A look at the same page by the same reader soon
after the one before is of one visit, whose line then tells of the last look, to a minute.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

VISIT_MS = 900_000
"""How long after the last look another one is still of the same visit, in milliseconds."""
STEP_MS = 60_000
"""How long after the last look that the line tells of another one is written down."""
_MAX_TEXT = 200


class Page(NamedTuple):
    """What was looked at.

    Attributes:
        reader: the name by which Jupyter knows who looked.
        student: whose page; empty: all students' code of one cell.
        notebook: of which notebook; empty: of all.
        cell: the cell, or the exercise; empty: a student's page.
    """

    reader: str
    student: str
    notebook: str
    cell: str = ""


class Visit(NamedTuple):
    """A visit of a page: when the first look was, and the last, by the server's clock."""

    page: Page
    first_ms: int
    last_ms: int


_LATEST = """
SELECT id, last_ms FROM access_log
WHERE reader = ? AND student = ? AND notebook = ? AND cell = ? ORDER BY id DESC LIMIT 1
"""
_COLUMNS = ", ".join((*Page._fields, "first_ms", "last_ms"))


def log_access(connection: sqlite3.Connection, page: Page, at_ms: int) -> None:
    """Write a look down, within a transaction."""
    columns = [text[:_MAX_TEXT] for text in page]
    latest = connection.execute(_LATEST, columns).fetchone()
    # A clock that was set back begins a visit, too.
    if latest is None or not 0 <= at_ms - latest[1] <= VISIT_MS:
        connection.execute(
            f"INSERT INTO access_log ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            (*columns, at_ms, at_ms),
        )
    elif at_ms - latest[1] >= STEP_MS:
        connection.execute("UPDATE access_log SET last_ms = ? WHERE id = ?", (at_ms, latest[0]))


def read_accesses(connection: sqlite3.Connection) -> list[Visit]:
    """Give all visits, the earliest first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM access_log ORDER BY first_ms, id")
    return [Visit(Page(*row[:4]), *row[4:]) for row in rows]
