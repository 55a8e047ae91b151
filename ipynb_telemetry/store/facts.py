"""The narrow fact that answers need of an event, extracted once, when the event is stored.

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

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from functools import lru_cache
from itertools import starmap
from logging import getLogger
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from .errorfold import fold

LOG = getLogger(__name__)

MAX_TEXT = 200  # characters, as long as the catalogue lets a name be
_LARGEST = 2**53 - 1
# 34 years of milliseconds: however many amounts are added up, SQLite can hold the sum.
_LARGEST_AMOUNT = 2**40


class Owner(NamedTuple):
    """Whose session: events of a simulated class are kept apart from those of a real one."""

    student: str
    notebook: str
    session: str
    simulated: int


# A fact whose session has no row yet: owner, `seq`, `ts`, `tie`, `id`, and the columns from `kind`
# on. So extracts are sorted by session and its order as they are.
Extract = tuple[Owner, int, int, str, int, tuple[Any, ...]]


class Fact(NamedTuple):
    """A row of `facts`; see the module for its columns. `session` and `rev` are of the store."""

    session: int
    seq: int
    id: int
    rev: int
    tie: str
    kind: str | None
    ts: int
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
    # The columns from here on are for the answers alone, see `facts_of`.
    duration_ms: int | None = None
    peek: int | None = None
    summary: str | None = None
    length: int | None = None
    internal: int | None = None
    first_seq: int | None = None
    last_seq: int | None = None


def _text(value: Any) -> str | None:
    if type(value) is not str or not value:
        return None
    value = value[:MAX_TEXT]
    if value.isascii():
        return str(value)
    # Half a surrogate pair is JSON, and no text that SQLite takes.
    return str(value.encode("utf-8", "replace").decode())


def _whole(value: Any) -> int | None:
    return value if type(value) is int and -_LARGEST <= value <= _LARGEST else None


def _amount(value: Any) -> int | None:
    """Read a duration or a count: no less than 0, in whole units."""
    if type(value) is int:
        return value if 0 <= value <= _LARGEST_AMOUNT else None
    return round(value) if type(value) is float and 0 <= value <= _LARGEST_AMOUNT else None


def _truth(value: Any) -> int | None:
    return int(value) if type(value) is bool else None


_READ: dict[str, Callable[[Any], Any]] = {
    "cell_id": _text,
    "cell_index": _whole,
    "test": _text,
    "status": _text,
    "error_of": _text,
    "duration_ms": _amount,
    "peek": _amount,
    "summary": _text,
    "open_ms": _amount,
    "length": _amount,
    "internal": _truth,
    "reason": _text,
    "away_ms": _amount,
    "count": _amount,
    "first_seq": _whole,
    "last_seq": _whole,
    "until": _text,
}
"""How a property is read, by its name."""
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
"""The properties that a fact has of each event, beside those that it has of every one."""
_COLUMN = {"count": "dropped", "until": "reason"}
# By kind: which property goes, read how, to which of a fact's columns behind `active_ms`.
_TIMES = Fact._fields.index("cell_id")
_BEHIND = len(Fact._fields) - _TIMES
_PLANS = {
    kind: [
        (name, _READ[name], Fact._fields.index(_COLUMN.get(name, name)) - _TIMES)
        for name in names
        if name in _READ
    ]
    for kind, names in KINDS.items()
}
_WITH_ERROR = frozenset(kind for kind, names in KINDS.items() if "error" in names)
_TYPE_COLUMN = Fact._fields.index("error_type") - _TIMES
_FOLD_COLUMN = Fact._fields.index("fold") - _TIMES

_SELECT = (
    "SELECT id, uuid, event, distinct_id, notebook, timestamp, received_at, properties FROM events"
    " WHERE id BETWEEN ? AND ? AND notebook <> '' ORDER BY id"
)
# Most columns are of some kinds only. Those that a fact leaves out are NULL, and cost nothing.
_KIND = Fact._fields.index("kind")
_WRITTEN = {
    kind: (*range(_TIMES), *sorted({_TIMES + column for _, _, column in plan} | errors))
    for kind, plan in (*_PLANS.items(), (None, []))
    for errors in [{_TIMES + _TYPE_COLUMN, _TIMES + _FOLD_COLUMN} if kind in _WITH_ERROR else set()]
}
_INSERTS = {
    kind: (
        f"INSERT OR REPLACE INTO facts ({', '.join(Fact._fields[each] for each in columns)})"
        f" VALUES ({', '.join('?' * len(columns))})",
        itemgetter(*columns),
    )
    for kind, columns in _WRITTEN.items()
}
_FOLDED = Fact._fields[: Fact._fields.index("duration_ms")]
_OF_SESSION = f"SELECT {', '.join(_FOLDED)} FROM facts WHERE session = ? ORDER BY seq, ts, tie"


def read_facts(connection: sqlite3.Connection, first: int, last: int) -> list[Extract]:
    """Extract the facts of the events of these ids, both included."""
    rows = connection.execute(_SELECT, (first, last))
    return [extract for row in rows if (extract := _extract_or_none(row)) is not None]


def write_facts(connection: sqlite3.Connection, facts: Iterable[tuple[Any, ...]]) -> None:
    """Store facts, each with its columns in order, within a transaction."""
    by_kind: dict[str | None, list[tuple[Any, ...]]] = {}
    for fact in facts:
        by_kind.setdefault(fact[_KIND], []).append(fact)
    for kind, several in by_kind.items():
        insert, columns = _INSERTS[kind]
        connection.executemany(insert, map(columns, several))


def facts_of(connection: sqlite3.Connection, session: int) -> Iterator[Fact]:
    """Give the facts of a session in their order, with the columns that aggregates are made of."""
    return starmap(Fact, connection.execute(_OF_SESSION, (session,)))


def _extract_or_none(row: tuple[Any, ...]) -> Extract | None:
    try:
        return _extract(*row)
    except Exception:  # whatever an event holds: the others have their facts
        LOG.debug("The event %s has no fact.", row[0], exc_info=True)
        return None


def _extract(
    row: int, uuid: str, event: str, student: str, notebook: str, ts: str, received: str, text: str
) -> Extract | None:
    properties = _properties(text)
    session, seq = properties.get("session_id"), properties.get("seq")
    if type(session) is not str or type(seq) is not int or not 1 <= seq <= _LARGEST:
        return None
    owner = _owner(student, notebook, session, properties.get("simulated") is True)
    if owner is None:
        return None
    behind: list[Any] = [None] * _BEHIND
    plan = _PLANS.get(event)
    if plan is None:
        kind = None
    else:
        kind = event
        for name, check, column in plan:
            if (value := properties.get(name)) is not None:
                behind[column] = check(value)
        if event in _WITH_ERROR and type(error := properties.get("error")) is dict:
            behind[_TYPE_COLUMN], behind[_FOLD_COLUMN] = _error(error)
    times = (_milliseconds(ts), _received(received), _amount(properties.get("active_ms")))
    return owner, seq, times[0], uuid[-12:], row, (kind, *times, *behind)


def _properties(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)  # takes half a surrogate pair, too


def _error(error: dict[str, Any]) -> tuple[str | None, str | None]:
    """Give the type of an error and its fold, as far as it has them."""
    name = error.get("name")
    if type(name) is not str or not name:
        return None, None
    texts = (error.get("value"), error.get("traceback"))
    value, traceback = (part if type(part) is str else "" for part in texts)
    return _text(name), _storable(fold(name, value, traceback))


def _storable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@lru_cache(maxsize=4096)
def _owner(student: str, notebook: str, session: str, simulated: bool) -> Owner | None:
    name = _text(session)
    return None if name is None else Owner(student, notebook, name, int(simulated))


def _milliseconds(text: str) -> int:
    return _minute(text[:16]) + int(text[17:19] + text[20:23])


# The events of a request have one time of receipt.
_received = lru_cache(maxsize=4096)(_milliseconds)


@lru_cache(maxsize=4096)
def _minute(text: str) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=timezone.utc)
    return int(moment.timestamp()) * 1000
