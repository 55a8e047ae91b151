"""Simulated students out of a roster again; `removal` takes their events out of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from .database import Database, transaction
from .projection import next_rev


def remove_expected(database: Database, students: Iterable[str]) -> None:
    """Take simulated students out of the roster.

    Raises:
        StoreUnavailableError: the store cannot be used; nobody is taken out.
    """

    def remove(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.executemany(
                "DELETE FROM roster WHERE student = ?", [(student,) for student in students]
            )
            next_rev(connection)

    database.use(remove)
