"""The narrow fact that answers need of an event, written once, when the event is stored.

`facts` has a row for each event that belongs to a session of a notebook and is numbered in it
(`notebook`, `session_id`, `seq`), in the order of the session. Other events, as those of a client
without our properties, are stored and have no fact. A property that is not what the catalogue says
is NULL in the fact, and never an error. An event of a type that this version does not know, a
custom one or one of a later version, has a fact without `kind`: the audit of the delivery counts
its number, and no other answer finds anything in it.

The columns:

- `session`: the row of `session_audit` that says whose session it is, in which notebook;
- `seq`: the number in the session, 1 and up. Facts are in the order of `seq`, and of equal numbers,
  which a client gives by mistake, of `ts` and `tie`: an order that arrival has no part in;
- `id`: the event's row in `events`;
- `rev`: the state of the store that the fact came with, see `aggregates`;
- `tie`: the last characters of the event's uuid;
- `kind`: the name of the event;
- `ts`, `received`: when it happened by the student's clock, and when it was stored, in
  milliseconds since 1970;
- `cell_id`, `cell_index`, `test`, `status`, `error_of`, `peek`, `summary`, `open_ms`, `away_ms`,
  `reason`, `first_seq`, `last_seq`, `duration_ms`, `active_ms`: the properties of these names,
  milliseconds and counts as whole numbers;
- `dropped`: the `count` of `events_dropped`;
- `reason` of `recording_paused`: its `until`, the end of the pause;
- `error_type`, `fold`: the type of the error and the key that `errorfold` gives it;
- `length`, `internal`: of a paste.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple


class Owner(NamedTuple):
    """Whose session: events of a simulated class are kept apart from those of a real one."""

    student: str
    notebook: str
    session: str
    simulated: int


class Fact(NamedTuple):
    """The columns of a row of `facts` that aggregates are made of; see the module for each.

    The facts of a session sort as they are: their order is that of the first columns.
    """

    seq: int
    ts: int
    tie: str
    id: int
    kind: str | None
    received: int
    active_ms: int | None = None
    cell_id: str | None = None
    cell_index: int | None = None
    test: str | None = None
    status: str | None = None
    error_of: str | None = None
    fold: str | None = None
    reason: str | None = None
    away_ms: int | None = None
    dropped: int | None = None
    open_ms: int | None = None
    error_type: str | None = None


ROW = (
    *("session", "rev", *Fact._fields),
    # For the answers alone.
    *("duration_ms", "peek", "summary", "length", "internal", "first_seq", "last_seq"),
)
"""All columns of `facts`."""

KINDS: dict[str, tuple[str, ...]] = {
    "blur": ("reason",),
    "cell_executed": ("cell_id", "cell_index", "status", "error_of", "duration_ms", "error"),
    "cell_marked": ("cell_id",),
    "consent_declined": (),
    "consent_given": (),
    "consent_withdrawn": (),
    "events_dropped": ("reason", "count", "first_seq", "last_seq"),
    "focus": ("reason", "away_ms"),
    "paste": ("cell_id", "cell_index", "length", "internal"),
    "recording_paused": ("until",),
    "recording_resumed": (),
    "session_ended": ("duration_ms",),
    "session_started": (),
    "solution_closed": ("cell_id", "cell_index", "peek", "summary", "open_ms"),
    "solution_peek": ("cell_id", "cell_index", "peek", "summary"),
    "test_failed": ("cell_id", "test", "duration_ms", "error"),
    "test_passed": ("cell_id", "test", "duration_ms"),
}
"""The properties that a fact has of each event, beside those of every event; `error` is last."""
_RENAMED = {"count": ("dropped",), "until": ("reason",), "error": ("error_type", "fold")}
"""The columns that a property goes to, where they have other names."""
_OF_EVERY_KIND = ROW[: ROW.index("cell_id")]
COLUMNS = {
    kind: (
        *_OF_EVERY_KIND,
        *(column for name in names for column in _RENAMED.get(name, (name,))),
    )
    for kind, names in (*KINDS.items(), (None, ()))
}
"""The columns that a fact of each kind has, in the order of its properties.

Most columns are of some kinds only. Columns that a fact leaves out are NULL, and cost nothing.
"""

_KIND = ROW.index("kind")
_INSERTS = {
    kind: f"INSERT OR REPLACE INTO facts ({', '.join(columns)})"
    f" VALUES ({', '.join('?' * len(columns))})"
    for kind, columns in COLUMNS.items()
}
_OF_KIND = {kind: itemgetter(*map(ROW.index, columns)) for kind, columns in COLUMNS.items()}
_FOLDED = {
    # `fact_of` puts a None behind, for columns that the kind does not have.
    kind: itemgetter(*(columns.index(name) if name in columns else -1 for name in Fact._fields))
    for kind, columns in COLUMNS.items()
}
_OF_SESSION = f"SELECT {', '.join(Fact._fields)} FROM facts WHERE session = ? ORDER BY seq"


def write_facts(connection: sqlite3.Connection, facts: Iterable[tuple[Any, ...]]) -> None:
    """Store facts, each with the `COLUMNS` of its kind, within a transaction."""
    by_kind: dict[str | None, list[tuple[Any, ...]]] = {}
    for fact in facts:
        by_kind.setdefault(fact[_KIND], []).append(fact)
    for kind, several in by_kind.items():
        connection.executemany(_INSERTS[kind], several)


def of_kind(row: Sequence[Any]) -> tuple[Any, ...]:
    """Leave out of a row with all columns those that its kind does not have."""
    columns: tuple[Any, ...] = _OF_KIND[row[_KIND]](row)
    return columns


def fact_of(columns: tuple[Any, ...]) -> Fact:
    """Make a fact of the columns of its kind."""
    return Fact._make(_FOLDED[columns[_KIND]]((*columns, None)))


def facts_of(connection: sqlite3.Connection, session: int) -> list[Fact]:
    """Give the facts of a session in their order."""
    facts = [Fact._make(row) for row in connection.execute(_OF_SESSION, (session,))]
    # The table has them by their numbers. Were SQLite to sort those of one number as well, it would
    # copy every row once more.
    facts.sort()
    return facts
