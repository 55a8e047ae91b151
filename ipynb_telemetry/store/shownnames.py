"""What students are called, where they may write their names in whatever letters."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable

from .event import Event

MAX_NAME = 200
_MARK = '"student_name"'
# An id that a page makes of such a name ends so. Other ids are names by themselves, and whoever may
# send could have somebody shown under another one.
_SUFFIXED = re.compile(r".+-[0-9A-HJKMNP-TV-Z]{6}", re.DOTALL)


def note_names(connection: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Remember what events say that their students are called, within a transaction."""
    names = {
        event.distinct_id: name
        for event in events
        if event.event == "session_started"
        and _MARK in event.properties
        and _SUFFIXED.fullmatch(event.distinct_id)
        and (name := _name_of(event.properties))
    }
    connection.executemany(
        "INSERT INTO shown_name VALUES (?, ?)"
        " ON CONFLICT (student) DO UPDATE SET name = excluded.name",
        names.items(),
    )


def renew_name(connection: sqlite3.Connection, student: str) -> None:
    """Have a student called as the events say that are left, within a transaction.

    A name goes with the event that told it, which somebody else may have sent.
    """
    connection.execute("DELETE FROM shown_name WHERE student = ?", (student,))
    left = connection.execute(
        "SELECT properties FROM events WHERE distinct_id = ? AND event = 'session_started'"
        f" AND instr(properties, '{_MARK}') ORDER BY id DESC",
        (student,),
    )
    name = next(filter(None, (_name_of(properties) for (properties,) in left)), "")
    if name and _SUFFIXED.fullmatch(student):
        connection.execute("INSERT INTO shown_name VALUES (?, ?)", (student, name))


def read_names(connection: sqlite3.Connection) -> dict[str, str]:
    """Give what students are called, by their ids."""
    return dict(connection.execute("SELECT student, name FROM shown_name").fetchall())


def _name_of(properties: str) -> str:
    """Give the name that an event tells; empty: none that could be shown."""
    try:
        name = json.loads(properties).get("student_name")
    except (ValueError, AttributeError, RecursionError):
        return ""
    if not isinstance(name, str) or len(name) > MAX_NAME:
        return ""
    # A mark of direction could turn what stands beside the name; the two joiners are part of names.
    seen = name.replace("\u200c", "").replace("\u200d", "")
    return name.strip() if seen.isprintable() else ""
