"""What is left of who was erased: salted hashes of ids, by which late events are refused.

An instructor erases a student, by the id; students erase their own sessions, of which nothing comes
in any more.

An event that was captured before the erasure may wait anywhere: in a browser, in a kernel's file.
When such an event comes, the event is taken and dropped, so that its sender sends it no more; how
many were dropped is counted. What is captured after the erasure is stored.

The salt is in the same file. So the hash hides the id from who reads on, not from who has the file
and tries names.
"""

from __future__ import annotations

import hmac
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from .event import Event, to_utc

_MOST_AHEAD = timedelta(days=1)
"""How far ahead a student's clock is believed to be."""


NEVER = ""
"""The `until` of a student of whom nothing was refused by the id: their sessions are erased."""
_SESSION_ID = re.compile(r'"session_id":\s*"([^"\\]{1,200})"')


class Tombstone(NamedTuple):
    """An erasure.

    Attributes:
        until: events with this time or an earlier one are refused; as `to_utc` writes it, or
            `NEVER`.
        refused: how many have been.
    """

    until: str
    refused: int


def bury(connection: sqlite3.Connection, student: str, at: str) -> str:
    """Refuse from now on what a student did up to now; within a transaction.

    A student's clock that runs ahead is allowed for, as far as the events that are stored tell of
    it, and up to a day.

    Args:
        connection: of the store, which still has the student's sessions.
        student: the id.
        at: the time of the erasure, as `to_utc` writes it.

    Returns:
        The time up to which events are refused, by the clock of their sender.
    """
    (lead_ms,) = connection.execute(
        "SELECT coalesce(-min(clock_ms), 0) FROM session_audit WHERE student = ?", (student,)
    ).fetchone()
    lead = min(max(timedelta(milliseconds=lead_ms), timedelta()), _MOST_AHEAD)
    moment = datetime.fromisoformat(at[:-1]).replace(tzinfo=timezone.utc)
    until = to_utc((moment + lead).isoformat())
    _bury(connection, student, until)
    return until


def bury_name(connection: sqlite3.Connection, student: str) -> None:
    """Let the store know that an id was erased with its last session; within a transaction.

    No event is refused by the id, which may be somebody else's too.
    """
    _bury(connection, student, NEVER)


def _bury(connection: sqlite3.Connection, student: str, until: str) -> None:
    connection.execute(
        "INSERT INTO tombstone (hash, until) VALUES (?, ?) ON CONFLICT (hash)"
        " DO UPDATE SET until = max(until, excluded.until)",
        (_hash(connection, student), until),
    )


def bury_sessions(connection: sqlite3.Connection, sessions: Iterable[str]) -> None:
    """Refuse from now on all that is of these sessions; within a transaction."""
    connection.executemany(
        "INSERT INTO session_tombstone (hash) VALUES (?) ON CONFLICT (hash) DO NOTHING",
        [(_hash_of_session(connection, session),) for session in sessions],
    )


def buried_sessions(connection: sqlite3.Connection, sessions: Iterable[str]) -> set[str]:
    """Give those of the sessions that were erased."""
    (has_any,) = connection.execute("SELECT EXISTS (SELECT 1 FROM session_tombstone)").fetchone()
    if not has_any:
        return set()
    known = "SELECT 1 FROM session_tombstone WHERE hash = ?"
    return {
        session
        for session in sessions
        if connection.execute(known, (_hash_of_session(connection, session),)).fetchone()
    }


def tombstone_of(connection: sqlite3.Connection, student: str) -> Tombstone | None:
    """Give the erasure of a student; None: there was none."""
    found = connection.execute(
        "SELECT until, refused FROM tombstone WHERE hash = ?", (_hash(connection, student),)
    ).fetchone()
    return found and Tombstone(*found)


def without_erased(connection: sqlite3.Connection, events: Sequence[Event]) -> Sequence[Event]:
    """Give the events that no erasure refuses, and count the others; within a transaction."""
    return _without_students(connection, _without_sessions(connection, events))


def _without_sessions(connection: sqlite3.Connection, events: Sequence[Event]) -> Sequence[Event]:
    named = {each for event in events for each in _SESSION_ID.findall(event.properties)}
    gone = buried_sessions(connection, named)
    if not gone:
        return events
    taken, refused = [], Counter[str]()
    for event in events:
        session = _session_of(event)
        if session in gone:
            refused[session] += 1
        else:
            taken.append(event)
    connection.executemany(
        "UPDATE session_tombstone SET refused = refused + ? WHERE hash = ?",
        [(count, _hash_of_session(connection, each)) for each, count in refused.items()],
    )
    return taken


def _session_of(event: Event) -> str:
    # The text may have such an id within code, too.
    try:
        session = json.loads(event.properties).get("session_id")
    except (ValueError, AttributeError):
        return ""
    return session if isinstance(session, str) else ""


def _without_students(connection: sqlite3.Connection, events: Sequence[Event]) -> Sequence[Event]:
    (has_any,) = connection.execute("SELECT EXISTS (SELECT 1 FROM tombstone)").fetchone()
    if not has_any:
        return events
    until: dict[str, str] = {}
    for student in {event.distinct_id for event in events}:
        tombstone = tombstone_of(connection, student)
        if tombstone is not None:
            until[student] = tombstone.until
    if not until:
        return events
    taken = [event for event in events if event.timestamp > until.get(event.distinct_id, "")]
    for student, last in until.items():
        refused = sum(each.distinct_id == student and each.timestamp <= last for each in events)
        if refused:
            connection.execute(
                "UPDATE tombstone SET refused = refused + ? WHERE hash = ?",
                (refused, _hash(connection, student)),
            )
    return taken


def _hash_of_session(connection: sqlite3.Connection, session: str) -> bytes:
    return _hash(connection, f"session {session}")


def _hash(connection: sqlite3.Connection, student: str) -> bytes:
    (salt,) = connection.execute("SELECT salt FROM tombstone_salt").fetchone()
    return hmac.digest(salt, student.encode("utf-8", "surrogatepass"), "sha256")
