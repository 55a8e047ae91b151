"""A class as it was in a time window: the aggregates folded anew from the facts of the window.

The facts are copied into a store in memory and folded there by the fold that makes the aggregates.
So an answer means the same for a window as for the whole time, and reads the same tables. A replay
costs as much as the window has events, and not as little as reading the aggregates.

An event belongs to the window by the student's clock, but no event happened after it was received:
a clock that is ahead takes nobody out of the class. Of a session that began before the window,
running totals count from the window's begin, a return tells of no time away before the session's
first event in the window, and the numbers of earlier events are not missing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..store.database import MEMORY, migrate
from ..store.facts import Fact, write_facts
from ..store.projection import FAULTY, fold_again
from .question import Question

# Outline and roster are of no time: an instructor has said them.
_KEPT = ("outline_exercise", "outline_item", "roster")
_COLUMNS = ", ".join(f"f.{name}" for name in Fact._fields)
_SESSION, _SEQ, _TS, _ACTIVE, _AWAY, _DROPPED = (
    Fact._fields.index(name)
    for name in ("session", "seq", "ts", "active_ms", "away_ms", "first_seq")
)
_FACTS = f"""
SELECT {_COLUMNS} FROM session_audit s JOIN facts f ON f.session = s.id
WHERE s.simulated = ? AND s.last_ms >= ? AND min(s.first_ms, s.first_received_ms) <= ?
    AND min(f.ts, f.received) BETWEEN ? AND ? AND s.is_stale <> {FAULTY}
"""
_BEFORE = """
SELECT f.session, max(f.active_ms) FROM session_audit s JOIN facts f ON f.session = s.id
WHERE s.simulated = ? AND s.last_ms >= ? AND s.first_ms < ? AND min(f.ts, f.received) < ?
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
        chosen = ""
        if question.notebooks:
            chosen = f" AND s.notebook IN ({', '.join('?' * len(question.notebooks))})"
        simulated = int(question.is_simulated)
        before = dict(
            connection.execute(
                f"{_BEFORE}{chosen} GROUP BY f.session",
                (simulated, since, since, since, *question.notebooks),
            )
        )
        facts = connection.execute(
            f"{_FACTS}{chosen} ORDER BY f.session, f.seq",
            (simulated, since, until, since, until, *question.notebooks),
        )
        write_facts(replay, _begin_with_window(facts, before))
        sessions = [session for (session,) in replay.execute("SELECT DISTINCT session FROM facts")]
        _own(connection, replay, sessions)
        for session in sessions:
            fold_again(replay, session, 1)
        replay.executemany(
            "UPDATE session_audit SET got = got"
            " + (SELECT min(seq) - 1 FROM facts WHERE facts.session = ?1) WHERE id = ?1",
            [(session,) for session in before.keys() & {*sessions}],
        )
        yield replay


def _begin_with_window(
    facts: Iterable[tuple[Any, ...]], before: Mapping[int, int | None]
) -> Iterator[tuple[Any, ...]]:
    """Take out of facts what they tell of the time before the window.

    Args:
        facts: of the window, session by session, in the order of their numbers.
        before: the running totals of the sessions that began before the window, as far as those
            had come; None: such a session's events had none.
    """
    for session, group in groupby(facts, itemgetter(_SESSION)):
        if session not in before:
            yield from group
            continue
        own = [list(fact) for fact in group]
        begin, first, total = min(fact[_TS] for fact in own), own[0][_SEQ], before[session]
        for fact in own:
            if fact[_ACTIVE] is not None:
                fact[_ACTIVE] = None if total is None else max(0, fact[_ACTIVE] - total)
            if fact[_AWAY] is not None:
                fact[_AWAY] = min(fact[_AWAY], fact[_TS] - begin)
            if fact[_DROPPED] is not None:
                fact[_DROPPED] = max(fact[_DROPPED], first)
            yield tuple(fact)


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
