"""Signals that an instructor has seen: hidden for all instructors until there is something new."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from ..store.projection import next_rev

SIGNALS = ("S1", "S2", "S3", "S4", "S5", "S6")
_MAX_TEXT = 200


class SeenError(ValueError):
    """A mark that cannot be set, and why, in a sentence."""


class Seen(NamedTuple):
    """A mark.

    Attributes:
        student, notebook, exercise, signal: what was seen; the exercise is empty where the signal
            is about none.
        seen_by: who has seen it.
        at_ms: when, by the server's clock.
    """

    student: str
    notebook: str
    exercise: str
    signal: str
    seen_by: str
    at_ms: int


def read_seen(connection: sqlite3.Connection, since_ms: int, until_ms: int) -> list[Seen]:
    """Give the marks that were set between two moments, both included."""
    rows = connection.execute(
        f"SELECT {', '.join(Seen._fields)} FROM seen_signal"
        " WHERE at_ms BETWEEN ? AND ? ORDER BY at_ms",
        (since_ms, until_ms),
    )
    return [Seen(*row) for row in rows]


def check_seen(given: Any, seen_by: str, at_ms: int) -> Seen:
    """Check a mark from outside.

    Raises:
        SeenError: the mark is none.
    """
    if not isinstance(given, dict):
        raise SeenError("The mark is no object.")
    parts = [given.get(name) for name in ("student", "notebook", "exercise", "signal")]
    parts[2] = "" if parts[2] is None else parts[2]
    if not all(isinstance(part, str) and len(part) <= _MAX_TEXT for part in parts):
        raise SeenError("A mark has student, notebook, exercise and signal.")
    student, notebook, exercise, signal = (str(part) for part in parts)
    if signal not in SIGNALS or not student or not notebook:
        raise SeenError(f"A mark has a student, a notebook and a signal from {SIGNALS[0]} to S6.")
    return Seen(student, notebook, exercise, signal, seen_by[:_MAX_TEXT], at_ms)


def save_seen(connection: sqlite3.Connection, seen: Seen) -> None:
    """Set a mark, within a transaction."""
    connection.execute("INSERT OR REPLACE INTO seen_signal VALUES (?, ?, ?, ?, ?, ?)", seen)
    next_rev(connection)
