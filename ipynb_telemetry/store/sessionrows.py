"""The rows of a session in the store: read as far as facts touch them, written if they change."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from .aggregates import Audit, ErrorGroup, ErrorKey, Item, ItemState, Slot
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


@dataclass(slots=True)
class _Stored:
    """The values of the rows that the store has of a session; equal ones are not written again."""

    items: dict[Item, tuple[Any, ...]] = field(default_factory=dict)
    errors: dict[ErrorKey, tuple[Any, ...]] = field(default_factory=dict)
    slots: dict[int, tuple[Any, ...]] = field(default_factory=dict)


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
        rows, stored = Rows(audit=self._audit), _Stored()
        for item in {item for fact in facts if (item := item_of(fact))}:
            if (found := self._one(_READ_ITEM, *item)) is not None:
                stored.items[item], rows.items[item] = found, ItemState(*found)
        for key in {key for fact in facts if (key := error_of(fact))}:
            if (found := self._one(_READ_ERROR, *key)) is not None:
                stored.errors[key], rows.errors[key] = found, ErrorGroup(*found)
        for slot in {slot_of(fact) for fact in facts}:
            if (found := self._one(_READ_SLOT, slot)) is not None:
                stored.slots[slot], rows.slots[slot] = found, Slot(*found)
        rows.fold(facts)
        self._write(rows, stored, rev)

    def begin_again(self, rev: int) -> None:
        """Fold all facts of the session."""
        stored = _Stored()
        for kind, item, *values in self._connection.execute(READ_ITEMS, (self._session,)):
            stored.items[kind, item] = tuple(values)
        for fold, kind, item, *values in self._connection.execute(_READ_ERRORS, (self._session,)):
            stored.errors[fold, kind, item] = tuple(values)
        for slot, *values in self._connection.execute(_READ_SLOTS, (self._session,)):
            stored.slots[slot] = tuple(values)
        rows = Rows()
        rows.fold(facts_of(self._connection, self._session))
        self._write(rows, stored, rev)

    def _one(self, read: str, *key: Any) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._connection.execute(
            read, (self._session, *key)
        ).fetchone()
        return found

    def _write(self, rows: Rows, stored: _Stored, rev: int) -> None:
        if rows.audit.drops:
            rows.audit.explained = self._explained()
        session = self._session
        self._connection.execute(_WRITE_AUDIT, (rev, *_audit_values(rows.audit), session))
        self._connection.executemany(
            _WRITE_ERROR,
            [
                (session, *key, rev, *values)
                for key, row in rows.errors.items()
                if (values := _error_values(row)) != stored.errors.get(key)
            ],
        )
        self._connection.executemany(
            _WRITE_SLOT,
            [
                (session, slot, rev, *values)
                for slot, row in rows.slots.items()
                if (values := _slot_values(row)) != stored.slots.get(slot)
            ],
        )
        changed = [
            (key, row, values)
            for key, row in rows.items.items()
            if (values := _item_values(row)) != stored.items.get(key)
        ]
        self._connection.executemany(
            _WRITE_ITEM, [(session, *key, rev, *values) for key, _, values in changed]
        )
        self._merge({key: row for key, row, _ in changed}, rev)

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
