"""A class as it was in a time window: the aggregates folded anew from the facts of the window.

The facts are copied into a store in memory and folded there by the fold that makes the aggregates.
So an answer means the same for a window as for the whole time, and reads the same tables. A replay
costs as much as the window has events, and not as little as reading the aggregates.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from ..store.database import MEMORY, migrate
from ..store.facts import Fact, write_facts
from ..store.projection import fold_again
from .question import Question

# What an instructor has said is of no time.
_KEPT = ("outline_exercise", "outline_item", "roster")
_COLUMNS = ", ".join(f"f.{name}" for name in Fact._fields)
_FACTS = f"""
SELECT {_COLUMNS} FROM session_audit s JOIN facts f ON f.session = s.id
WHERE s.simulated = ? AND s.last_ms >= ? AND s.first_ms <= ? AND f.ts BETWEEN ? AND ?
"""
_ALWAYS = (-(2**62), 2**62)


@contextmanager
def replayed(connection: sqlite3.Connection, question: Question) -> Iterator[sqlite3.Connection]:
    """Give a store in memory that has what happened in the window of a question, and no events."""
    since = _ALWAYS[0] if question.since_ms is None else question.since_ms
    until = _ALWAYS[1] if question.until_ms is None else question.until_ms
    with closing(sqlite3.connect(MEMORY, isolation_level=None)) as replay:
        replay.execute("PRAGMA synchronous = OFF")
        migrate(replay)
        replay.execute("BEGIN")
        for table in _KEPT:
            _copy(connection, replay, table)
        values: list[int | str] = [int(question.is_simulated), since, until, since, until]
        select = _FACTS
        if question.notebooks:
            select += f" AND s.notebook IN ({', '.join('?' * len(question.notebooks))})"
            values += question.notebooks
        write_facts(replay, connection.execute(select, values))
        sessions = [session for (session,) in replay.execute("SELECT DISTINCT session FROM facts")]
        _own(connection, replay, sessions)
        for session in sessions:
            fold_again(replay, session, 1)
        yield replay


def _copy(connection: sqlite3.Connection, replay: sqlite3.Connection, table: str) -> None:
    rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    if rows:
        replay.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _own(connection: sqlite3.Connection, replay: sqlite3.Connection, sessions: list[int]) -> None:
    for session in sessions:
        row = connection.execute(
            "SELECT id, student, notebook, session, simulated FROM session_audit WHERE id = ?",
            (session,),
        ).fetchone()
        replay.execute(
            "INSERT INTO session_audit (id, student, notebook, session, simulated, rev)"
            " VALUES (?, ?, ?, ?, ?, 1)",
            row,
        )
