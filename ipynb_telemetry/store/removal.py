"""Events out of a store again, while a server goes on storing.

A deleted event takes along the facts and rows of its student in its notebook, and has all facts
built again (a trigger sees to it). The version of the facts is put back in the same transaction, so
that every other student's rows stay as they are. What is left of the student in that notebook is
due again.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from typing import NamedTuple

from .database import MEMORY, Database, transaction
from .folding import fold
from .persons import persons_in, regroup
from .projection import next_rev

SLICE_S = 0.005
"""How long a transaction deletes, in seconds: with the commit, which is most of it, some 20 ms."""
_FOLD_EVERY = 20
"""After so many transactions the journal is copied into the file, which a commit has to do else."""


class Part(NamedTuple):
    """Events of a student in a notebook.

    Attributes:
        student: the id.
        notebook: the notebook's id; None: the events name none.
        events: row id and uuid of each.
    """

    student: str
    notebook: str | None
    events: list[tuple[int, str]]


def remove_events(
    database: Database, parts: Iterable[Part], *, rests: bool = True
) -> Iterator[int]:
    """Remove events, in transactions that hold nobody up for long.

    Args:
        database: the store.
        parts: what is removed.
        rests: whether to wait after each transaction as long as it took, for another process that
            stores: that looks for its turn only now and then.

    Yields:
        How many events each transaction has removed.

    Raises:
        StoreUnavailableError: the store cannot be used; what was yielded is removed.
    """
    transactions = 0
    for each in parts:
        left = each.events
        due: list[tuple[int, int]] = []
        while left:
            begun = time.perf_counter()
            work = partial(_remove, part=each._replace(events=left), due=due)
            done, removed, due = database.use(work)
            left = left[done:]
            yield removed
            transactions += 1
            if transactions % _FOLD_EVERY == 0 and database.path != MEMORY:
                fold(database.path)
            if rests:
                time.sleep(time.perf_counter() - begun)


def _remove(
    connection: sqlite3.Connection, part: Part, due: list[tuple[int, int]]
) -> tuple[int, int, list[tuple[int, int]]]:
    """Delete events until the time is over.

    Args:
        connection: of the store.
        part: the events that are left of a student in a notebook.
        due: what the transaction before has left to be built.

    Returns:
        How many were looked at, how many deleted, and the ids that are to be built.
    """
    with transaction(connection):
        until = time.perf_counter() + SLICE_S
        (version,) = connection.execute("SELECT version FROM facts_state").fetchone()
        persons = persons_in(connection, part.student, part.notebook)
        done = removed = 0
        for row, uuid in part.events:
            # The id of an event that is gone already may be another event's by now.
            removed += connection.execute(
                "DELETE FROM events WHERE id = ? AND uuid = ?", (row, uuid)
            ).rowcount
            done += 1
            if time.perf_counter() > until:
                break
        if removed:
            # What a builder has read may be of events that are no more: it begins its chunk again.
            connection.execute(
                "UPDATE facts_state SET version = ?, builds = builds + 1", (version,)
            )
            connection.executemany("DELETE FROM facts_due WHERE first_id = ? AND last_id = ?", due)
            due = _make_due(connection, part)
            if not due:
                connection.execute(
                    "DELETE FROM seen_signal WHERE student = ? AND notebook = ?",
                    (part.student, part.notebook),
                )
            # Of others who are the same person, rows are left.
            regroup(connection, persons, next_rev(connection))
    return done, removed, due


def _make_due(connection: sqlite3.Connection, part: Part) -> list[tuple[int, int]]:
    """Have the facts made again of all events that are left of a student in a notebook."""
    rows = connection.execute(
        # The plus: a student has few events, a notebook has those of the whole class.
        "SELECT id FROM events WHERE distinct_id = ? AND +notebook = ? ORDER BY id",
        (part.student, part.notebook),
    ).fetchall()
    due = []
    for _, run in groupby(enumerate(row[0] for row in rows), lambda pair: pair[1] - pair[0]):
        ids = [number for _, number in run]
        due.append((ids[0], ids[-1]))
    connection.executemany(
        "INSERT INTO facts_due VALUES (?, ?) ON CONFLICT (first_id)"
        " DO UPDATE SET last_id = max(last_id, excluded.last_id)",
        due,
    )
    return due
