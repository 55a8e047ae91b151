"""Who looked at which student's page, and when."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

_MAX_TEXT = 200


class Access(NamedTuple):
    """A look at a student's page.

    Attributes:
        at_ms: when, by the server's clock.
        reader: the name by which Jupyter knows who looked.
        student: whose page.
        notebook: of which notebook; empty: of all.
    """

    at_ms: int
    reader: str
    student: str
    notebook: str


def log_access(connection: sqlite3.Connection, access: Access) -> None:
    """Write a look down, within a transaction."""
    connection.execute(
        "INSERT INTO access_log (at_ms, reader, student, notebook) VALUES (?, ?, ?, ?)",
        (access.at_ms, *(text[:_MAX_TEXT] for text in access[1:])),
    )


def read_accesses(connection: sqlite3.Connection) -> list[Access]:
    """Give all looks, the earliest first."""
    rows = connection.execute("SELECT at_ms, reader, student, notebook FROM access_log ORDER BY id")
    return [Access(*row) for row in rows]
