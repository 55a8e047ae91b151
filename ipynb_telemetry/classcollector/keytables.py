"""The keys, sessions and the place of a class collector, in the tables of its store."""

from __future__ import annotations

from collections.abc import Mapping
from sqlite3 import Connection
from typing import NamedTuple

from . import keys


class KeptKeys(NamedTuple):
    """The keys and sessions that the store holds.

    Attributes:
        class_keys: for each class key when it is refused, in milliseconds since 1970; None: it is
            in force. There is one of these.
        instructor_hash: of the instructor's key.
        sessions: for the hash of each session's token when the session ends.
    """

    class_keys: Mapping[str, int | None]
    instructor_hash: str
    sessions: Mapping[str, int]

    @property
    def class_key(self) -> str:
        """The class key in force."""
        return next(key for key, refused_ms in self.class_keys.items() if refused_ms is None)


class Place(NamedTuple):
    """Where a class collector was reached when it ran last.

    Attributes:
        class_name: of the class.
        url: of the collector, without a slash at the end.
        fingerprint: of a certificate that the collector made itself; empty: of none.
    """

    class_name: str
    url: str
    fingerprint: str


def read_keys(connection: Connection) -> KeptKeys | None:
    """Give the keys and sessions; None: there are no keys yet."""
    class_keys = dict(connection.execute("SELECT key, refused_ms FROM class_key"))
    kept = connection.execute("SELECT hash FROM instructor_key").fetchone()
    if kept is None or None not in class_keys.values():
        return None
    sessions = dict(connection.execute("SELECT token_hash, ends_ms FROM instructor_session"))
    return KeptKeys(class_keys, kept[0], sessions)


def write_keys(connection: Connection, kept: KeptKeys) -> None:
    """Write keys and sessions into a store that has none."""
    connection.executemany("INSERT OR IGNORE INTO class_key VALUES (?, ?)", kept.class_keys.items())
    connection.execute("INSERT OR IGNORE INTO instructor_key VALUES (1, ?)", [kept.instructor_hash])
    connection.executemany(
        "INSERT OR IGNORE INTO instructor_session VALUES (?, ?)", kept.sessions.items()
    )


def rotate_class_key(connection: Connection, now_ms: int, grace_ms: int) -> str:
    """Put a new class key in force, and give it.

    Args:
        connection: within a transaction.
        now_ms: the present time, in milliseconds since 1970.
        grace_ms: how long the key in force until now is taken still.
    """
    key = keys.new_class_key()
    connection.execute(
        "UPDATE class_key SET refused_ms = ? WHERE refused_ms IS NULL", [now_ms + grace_ms]
    )
    connection.execute("INSERT INTO class_key VALUES (?, NULL)", [key])
    return key


def replace_instructor_key(connection: Connection, hashed: str) -> None:
    """Put another instructor's key in force; whoever is logged in is logged out."""
    connection.execute("INSERT OR REPLACE INTO instructor_key VALUES (1, ?)", [hashed])
    connection.execute("DELETE FROM instructor_session")


def open_session(connection: Connection, token_hash: str, now_ms: int, ends_ms: int) -> None:
    """Keep a session, and forget those that have ended."""
    connection.execute("DELETE FROM instructor_session WHERE ends_ms <= ?", [now_ms])
    connection.execute("INSERT INTO instructor_session VALUES (?, ?)", [token_hash, ends_ms])


def close_session(connection: Connection, token_hash: str) -> None:
    """Forget a session."""
    connection.execute("DELETE FROM instructor_session WHERE token_hash = ?", [token_hash])


def read_place(connection: Connection) -> Place | None:
    """Give where the collector ran last; None: it never did."""
    found = connection.execute("SELECT name, url, fingerprint FROM class_collector").fetchone()
    return None if found is None else Place(*found)


def write_place(connection: Connection, place: Place) -> None:
    """Remember where the collector runs."""
    connection.execute("INSERT OR REPLACE INTO class_collector VALUES (1, ?, ?, ?)", place)
