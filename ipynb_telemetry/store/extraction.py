"""The facts of stored events, extracted from what each event says in its JSON."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from functools import lru_cache
from logging import getLogger
from typing import Any

import orjson

from .errorfold import fold
from .facts import KINDS, Owner

LOG = getLogger(__name__)

_MAX_TEXT = 200  # characters, as long as the catalogue lets a name be
_LARGEST = 2**53 - 1
# 34 years of milliseconds: however many amounts are added up, SQLite can hold the sum.
_LARGEST_AMOUNT = 2**40

# A fact whose session has no row yet: its owner, and the columns of its kind from `seq` on. So
# extracts are sorted by session and its order as they are.
Extract = tuple[Any, ...]


def _text(value: Any) -> str | None:
    if type(value) is not str or not value:
        return None
    value = value[:_MAX_TEXT]
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
# The error is the last property of those that have one.
_PLANS: dict[str | None, list[tuple[str, Callable[[Any], Any]]]] = {
    kind: [(name, _READ[name]) for name in names if name != "error"]
    for kind, names in (*KINDS.items(), (None, ()))
}
_WITH_ERROR = frozenset(kind for kind, names in KINDS.items() if "error" in names)

_SELECT = (
    "SELECT id, uuid, event, distinct_id, notebook, timestamp, received_at, properties FROM events"
    " WHERE id BETWEEN ? AND ? AND notebook <> '' ORDER BY id"
)


def read_facts(connection: sqlite3.Connection, first: int, last: int) -> list[Extract]:
    """Extract the facts of the events of these ids, both included."""
    rows = connection.execute(_SELECT, (first, last))
    return [extract for row in rows if (extract := _extract_or_none(row)) is not None]


def in_order(extracts: Iterable[Extract]) -> list[Extract]:
    """Sort extracts by session and its order.

    The events of a session have mostly come in its order, those of all sessions mixed: each session
    is sorted by itself, which is nearly no work.
    """
    sessions: dict[Owner, list[Extract]] = {}
    for extract in extracts:
        sessions.setdefault(extract[0], []).append(extract)
    return [extract for owner in sorted(sessions) for extract in sorted(sessions[owner])]


def _extract_or_none(row: tuple[Any, ...]) -> Extract | None:
    try:
        return _extract(*row)
    except Exception:  # whatever an event holds: the others have their facts
        LOG.debug("The event %s has no fact.", row[0], exc_info=True)
        return None


def _extract(
    row: int, uuid: str, event: str, student: str, notebook: str, ts: str, received: str, text: str
) -> Extract | None:
    get = _properties(text).get
    session, seq = get("session_id"), get("seq")
    if type(session) is not str or type(seq) is not int or not 1 <= seq <= _LARGEST:
        return None
    owner = _owner(student, notebook, session, get("simulated") is True)
    if owner is None:
        return None
    kind = event if event in KINDS else None
    values = [read(get(name)) for name, read in _PLANS[kind]]
    if kind in _WITH_ERROR:
        values += _error(get("error"))
    at, came, active_ms = _milliseconds(ts), _received(received), _amount(get("active_ms"))
    return owner, seq, at, uuid[-12:], row, kind, came, active_ms, *values


def _properties(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)  # takes half a surrogate pair, too


def _error(error: Any) -> tuple[str | None, str | None]:
    """Give the type of an error and its fold, as far as it has them."""
    if type(error) is not dict:
        return None, None
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
