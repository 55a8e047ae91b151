"""The rows of a session in the store: read as far as facts touch them, written if they change."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from copy import copy
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

from .aggregates import Audit, ErrorGroup, Item, ItemState, Slot
from .aliases import read_aliases
from .facts import Fact, Owner, facts_of
from .ranges import apart
from .sessionfold import Rows, error_of, item_of, slot_of
from .studentitem import StudentItem, merged


def _columns(of: type[Audit | ItemState | ErrorGroup | Slot | StudentItem]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(of))


_AUDIT = _columns(Audit)
_ITEM = _columns(ItemState)
_ERROR = _columns(ErrorGroup)
_SLOT = _columns(Slot)
_STUDENT = _columns(StudentItem)
_audit_values = attrgetter(*_AUDIT)
_item_values = attrgetter(*_ITEM)
_error_values = attrgetter(*_ERROR)
_slot_values = attrgetter(*_SLOT)
student_values = attrgetter(*_STUDENT)

K = TypeVar("K")
R = TypeVar("R", ItemState, ErrorGroup, Slot)


def _upsert(table: str, keys: Sequence[str], names: Sequence[str]) -> str:
    every = (*keys, "rev", *names)
    return (
        f"INSERT OR REPLACE INTO {table} ({', '.join(every)})"
        f" VALUES ({', '.join('?' * len(every))})"
    )


_READ_AUDIT = (
    "SELECT student, notebook, session, simulated, person, is_stale,"
    f" {', '.join(_AUDIT)} FROM session_audit WHERE id = ?"
)
_WRITE_AUDIT = (
    "UPDATE session_audit SET rev = ?, is_stale = 0,"
    f" {', '.join(f'{name} = ?' for name in _AUDIT)} WHERE id = ?"
)
_READ_ITEM = (
    f"SELECT {', '.join(_ITEM)} FROM cell_state WHERE session = ? AND kind = ? AND item = ?"
)
READ_ITEMS = f"SELECT kind, item, {', '.join(_ITEM)} FROM cell_state WHERE session = ?"
_WRITE_ITEM = _upsert("cell_state", ("session", "kind", "item"), _ITEM)
_READ_ERROR = (
    f"SELECT {', '.join(_ERROR)} FROM error_group"
    " WHERE session = ? AND fold = ? AND kind = ? AND item = ?"
)
_READ_ERRORS = f"SELECT fold, kind, item, {', '.join(_ERROR)} FROM error_group WHERE session = ?"
_WRITE_ERROR = _upsert("error_group", ("session", "fold", "kind", "item"), _ERROR)
_READ_SLOT = f"SELECT {', '.join(_SLOT)} FROM time_slot WHERE session = ? AND slot = ?"
_READ_SLOTS = f"SELECT slot, {', '.join(_SLOT)} FROM time_slot WHERE session = ?"
_WRITE_SLOT = _upsert("time_slot", ("session", "slot"), _SLOT)
_OTHER_SESSIONS = (
    "SELECT id, session FROM session_audit"
    " WHERE person = ? AND notebook = ? AND simulated = ? AND id <> ?"
)
WRITE_STUDENT = _upsert(
    "item_state", ("notebook", "student", "simulated", "kind", "item"), _STUDENT
)


def own(connection: sqlite3.Connection, owner: Owner, rev: int) -> int:
    """Give the id of a session's row, which is made if there is none."""
    found = connection.execute(
        "SELECT id FROM session_audit"
        " WHERE student = ? AND notebook = ? AND session = ? AND simulated = ?",
        owner,
    ).fetchone()
    if found is None:
        found = (
            connection.execute(
                "INSERT INTO session_audit (student, notebook, session, simulated, person, rev)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (*owner, read_aliases(connection).of(owner.student, owner.session), rev),
            ).lastrowid,
        )
    return int(found[0])


class SessionRows:
    """The rows of one session, within a transaction."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        session: int,
        owner: Owner,
        person: str,
        stale: int,
        audit: Audit,
    ) -> None:
        """Take what `load` has read."""
        self._connection = connection
        self._session = session
        self._owner = owner
        self._person = person
        self._audit = audit
        self.is_stale = bool(stale)
        self.at_seq = audit.at_seq
        self.events = audit.events

    @classmethod
    def load(cls, connection: sqlite3.Connection, session: int) -> SessionRows:
        """Read where the fold of a session stands."""
        row = connection.execute(_READ_AUDIT, (session,)).fetchone()
        return cls(connection, session, Owner(*row[:4]), row[4], row[5], Audit(*row[6:]))

    def go_on(self, facts: Sequence[Fact], rev: int) -> None:
        """Fold facts that are behind all others of the session."""
        rows = Rows(audit=copy(self._audit))
        for item in {item for fact in facts if (item := item_of(fact))}:
            self._load(rows.items, item, ItemState, _READ_ITEM, item)
        for key in {key for fact in facts if (key := error_of(fact))}:
            self._load(rows.errors, key, ErrorGroup, _READ_ERROR, key)
        for slot in {slot_of(fact) for fact in facts}:
            self._load(rows.slots, slot, Slot, _READ_SLOT, (slot,))
        before = Rows(
            items={key: copy(row) for key, row in rows.items.items()},
            errors={key: copy(row) for key, row in rows.errors.items()},
            slots={key: copy(row) for key, row in rows.slots.items()},
        )
        rows.fold(facts)
        self._write(rows, before, rev)

    def begin_again(self, rev: int) -> None:
        """Fold all facts of the session."""
        before = Rows()
        for kind, item, *values in self._connection.execute(READ_ITEMS, (self._session,)):
            before.items[kind, item] = ItemState(*values)
        for fold, kind, item, *values in self._connection.execute(_READ_ERRORS, (self._session,)):
            before.errors[fold, kind, item] = ErrorGroup(*values)
        for slot, *values in self._connection.execute(_READ_SLOTS, (self._session,)):
            before.slots[slot] = Slot(*values)
        rows = Rows()
        rows.fold(facts_of(self._connection, self._session))
        self._write(rows, before, rev)

    def _load(
        self, rows: dict[K, R], key: K, of: type[R], read: str, values: Sequence[Any]
    ) -> None:
        found = self._connection.execute(read, (self._session, *values)).fetchone()
        if found is not None:
            rows[key] = of(*found)

    def _write(self, rows: Rows, before: Rows, rev: int) -> None:
        if rows.audit.drops:
            rows.audit.explained = self._explained()
        session = self._session
        self._connection.execute(_WRITE_AUDIT, (rev, *_audit_values(rows.audit), session))
        self._connection.executemany(
            _WRITE_ERROR,
            [
                (session, *key, rev, *_error_values(row))
                for key, row in rows.errors.items()
                if row != before.errors.get(key)
            ],
        )
        self._connection.executemany(
            _WRITE_SLOT,
            [
                (session, slot, rev, *_slot_values(row))
                for slot, row in rows.slots.items()
                if row != before.slots.get(slot)
            ],
        )
        changed = {key: row for key, row in rows.items.items() if row != before.items.get(key)}
        self._connection.executemany(
            _WRITE_ITEM,
            [(session, *key, rev, *_item_values(row)) for key, row in changed.items()],
        )
        self._merge(changed, rev)

    def _merge(self, changed: dict[Item, ItemState], rev: int) -> None:
        """Write the rows of the person, over all sessions, of the items that changed in this."""
        person, (_, notebook, name, simulated) = self._person, self._owner
        others = self._connection.execute(
            _OTHER_SESSIONS, (person, notebook, simulated, self._session)
        ).fetchall()
        written = []
        for item, state in changed.items():
            states = [(state.first_ms, name, state)]
            for session, other in others:
                found = self._connection.execute(_READ_ITEM, (session, *item)).fetchone()
                if found is not None:
                    elsewhere = ItemState(*found)
                    states.append((elsewhere.first_ms, other, elsewhere))
            states.sort(key=lambda each: each[:2])
            whole = merged([each[2] for each in states])
            written.append((notebook, person, simulated, *item, rev, *student_values(whole)))
        self._connection.executemany(WRITE_STUDENT, written)

    def _explained(self) -> int:
        """Count the numbers that were given up by what the session tells, and did not come."""
        dropped = self._connection.execute(
            "SELECT first_seq, last_seq FROM facts WHERE session = ? AND kind = 'events_dropped'"
            " AND reason = 'storage' AND first_seq > 0 AND last_seq > 0",
            (self._session,),
        ).fetchall()
        explained = 0
        for first, last in apart(dropped):
            (came,) = self._connection.execute(
                "SELECT count(DISTINCT seq) FROM facts WHERE session = ? AND seq BETWEEN ? AND ?",
                (self._session, first, last),
            ).fetchone()
            explained += last - first + 1 - came
        return explained
