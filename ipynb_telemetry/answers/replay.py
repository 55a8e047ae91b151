"""A class as it was in a time window: the aggregates folded anew from the facts of the window.

The facts are copied into a store in memory and folded there by the fold that makes the aggregates.
So an answer means the same for a window as for the whole time, and reads the same tables. To fold
costs as much as the window has events, and not as little as reading the aggregates; but a session
is folded again only when there is something new of it up to the window's end.

An event belongs to the window by the student's clock, but no event happened after it was received:
a clock that is ahead takes nobody out of the class. Of a session that began before the window,
running totals count from the window's begin, a return tells of no time away before the session's
first event in the window, and the numbers of earlier events are not missing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ..store.database import MEMORY, migrate, transaction
from ..store.facts import ROW, of_kind, write_facts
from ..store.persons import apply_aliases
from ..store.projection import FAULTY, STALE, fold_again
from .memory import Memory
from .question import Question

# Outline and aliases are of no time: an instructor has said them.
_KEPT = ("outline_exercise", "outline_item", "person_alias")
_COLUMNS = ", ".join(f"f.{name}" for name in ROW)
_SESSION, _SEQ, _TS, _ACTIVE, _AWAY, _DROPPED = (
    ROW.index(name) for name in ("session", "seq", "ts", "active_ms", "away_ms", "first_seq")
)
_CHANGED = f"""
SELECT s.id FROM session_audit s
WHERE s.simulated = ? AND s.last_ms >= ? AND min(s.first_ms, s.first_received_ms) <= ?
    AND s.is_stale <> {FAULTY} AND (s.rev > ? OR s.is_stale = {STALE})
"""
_HAS_NEW_FACTS = """
SELECT EXISTS (
    SELECT 1 FROM facts WHERE session = ? AND rev > ? AND min(ts, received) <= ?
)
"""
_FACTS = f"""
SELECT {_COLUMNS} FROM facts f
WHERE f.session = ? AND min(f.ts, f.received) BETWEEN ? AND ? ORDER BY f.seq
"""
_BEFORE = """
SELECT count(*), max(active_ms) FROM facts WHERE session = ? AND min(ts, received) < ?
"""
_ALWAYS = (-(2**62), 2**62)


class Window(NamedTuple):
    """The time window that a replay is of: equal windows have one replay."""

    since_ms: int
    until_ms: int
    notebooks: tuple[str, ...]
    is_simulated: bool

    @classmethod
    def of(cls, question: Question) -> Window:
        """Give the window of a question, of whatever group."""
        return cls(
            _ALWAYS[0] if question.since_ms is None else question.since_ms,
            _ALWAYS[1] if question.until_ms is None else question.until_ms,
            tuple(sorted({*question.notebooks})),
            question.is_simulated,
        )


class Replay:
    """A store in memory that has what happened in a window, and no events.

    Attributes:
        connection: to the store in memory; whoever reads waits for its turn, see `Replays`.
        memory: of the answers that were read from it.
        facts: how many it holds.
    """

    def __init__(self, window: Window) -> None:
        """Hold nothing yet; `catch_up` folds."""
        # Which thread reads depends on where the store is.
        self.connection = sqlite3.connect(MEMORY, isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA synchronous = OFF")
        migrate(self.connection)
        self.memory = Memory()
        self.facts = 0
        self._window = window
        self._rev = 0
        self._known: set[int] = set()

    def close(self) -> None:
        """Forget everything."""
        self.connection.close()

    def catch_up(self, store: sqlite3.Connection, rev: int, go_on: Callable[[], None]) -> None:
        """Fold the sessions of which the store has something new.

        Args:
            store: within a transaction.
            rev: the state that the store is in.
            go_on: is called between two sessions; may raise, and the replay is as it was before.
        """
        if rev == self._rev:
            return
        known = {*self._known}
        with transaction(self.connection):
            for table in _KEPT:
                _copy(store, self.connection, table)
            apply_aliases(self.connection, rev)
            for session in self._changed(store):
                go_on()
                self._fold(store, session, rev)
                known.add(session)
        (self.facts,) = self.connection.execute("SELECT count(*) FROM facts").fetchone()
        self._rev, self._known = rev, known

    def _changed(self, store: sqlite3.Connection) -> list[int]:
        """Give the sessions that may have been in the window, and are not here as they are."""
        since_ms, until_ms, notebooks, is_simulated = self._window
        chosen = f" AND s.notebook IN ({', '.join('?' * len(notebooks))})" if notebooks else ""
        found = store.execute(
            _CHANGED + chosen, (int(is_simulated), since_ms, until_ms, self._rev, *notebooks)
        )
        return [
            session
            for (session,) in found.fetchall()
            if session not in self._known
            or store.execute(_HAS_NEW_FACTS, (session, self._rev, until_ms)).fetchone()[0]
        ]

    def _fold(self, store: sqlite3.Connection, session: int, rev: int) -> None:
        since_ms, until_ms = self._window[:2]
        before, total = store.execute(_BEFORE, (session, since_ms)).fetchone()
        facts = store.execute(_FACTS, (session, since_ms, until_ms)).fetchall()
        if not facts:
            return
        if before:
            facts = _begin_with_window(facts, total)
        write_facts(self.connection, map(of_kind, facts))
        row = store.execute(
            "SELECT id, student, notebook, session, simulated, person FROM session_audit"
            " WHERE id = ?",
            (session,),
        ).fetchone()
        self.connection.execute(
            "INSERT OR IGNORE INTO session_audit"
            " (id, student, notebook, session, simulated, person, rev)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*row, rev),
        )
        fold_again(self.connection, session, rev)
        if before:
            self.connection.execute(
                "UPDATE session_audit SET got = got + ? WHERE id = ?", (facts[0][_SEQ] - 1, session)
            )


def _begin_with_window(
    facts: Iterable[tuple[Any, ...]], total: int | None
) -> list[tuple[Any, ...]]:
    """Take out of facts what they tell of the time before the window.

    Args:
        facts: of a session that began before the window, those in it in the order of their numbers.
        total: the session's running total as the window began; None: its events had none.
    """
    own = [list(fact) for fact in facts]
    begin, first = min(fact[_TS] for fact in own), own[0][_SEQ]
    for fact in own:
        if fact[_ACTIVE] is not None:
            fact[_ACTIVE] = None if total is None else max(0, fact[_ACTIVE] - total)
        if fact[_AWAY] is not None:
            fact[_AWAY] = min(fact[_AWAY], fact[_TS] - begin)
        if fact[_DROPPED] is not None:
            fact[_DROPPED] = max(fact[_DROPPED], first)
    return [tuple(fact) for fact in own]


def _copy(connection: sqlite3.Connection, replay: sqlite3.Connection, table: str) -> None:
    replay.execute(f"DELETE FROM {table}")
    rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    if rows:
        replay.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
