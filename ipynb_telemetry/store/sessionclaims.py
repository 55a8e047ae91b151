"""Whose a session is: a page that began a session claims it for a person, whom nobody can name.

A session's id is random, and known to its page alone until events have it. The person is known by
the hash of a secret, the verifier, so that a claim tells nothing, and who reads the store cannot
ask in the person's place. The first claim of a session counts.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Sequence

from .tombstones import buried_sessions

MAX_CLAIMS = 20_000
"""The most sessions of a person: ten a day for five years."""
SESSION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VERIFIER = re.compile("[0-9a-f]{64}")
_CODE = re.compile("[0-9A-HJKMNP-TV-Z]{16}")


class TooManyClaimsError(Exception):
    """A person has as many sessions as are kept."""


def verifier_of(code: str) -> str | None:
    """Give what a person's code is known by; None: the text is no code.

    `src/identity/personcode.ts` computes the same.
    """
    if _CODE.fullmatch(code) is None:
        return None
    return hashlib.sha256(f"ipynb-telemetry person {code}".encode()).hexdigest()


def claim_sessions(
    connection: sqlite3.Connection, verifier: str, sessions: Sequence[str], at_ms: int
) -> None:
    """Let sessions be a person's that are nobody's yet, within a transaction.

    Sessions that were erased stay nobody's.

    Raises:
        TooManyClaimsError: nothing was claimed.
    """
    gone = buried_sessions(connection, sessions)
    connection.executemany(
        "INSERT INTO session_claim (session, verifier, at_ms) VALUES (?, ?, ?)"
        " ON CONFLICT (session) DO NOTHING",
        ((session, verifier, at_ms) for session in sessions if session not in gone),
    )
    if len(sessions_of(connection, verifier)) > MAX_CLAIMS:
        raise TooManyClaimsError


def hand_over(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Let all sessions of one verifier be another's, within a transaction.

    Raises:
        TooManyClaimsError: nothing was changed.
    """
    connection.execute("UPDATE session_claim SET verifier = ? WHERE verifier = ?", (new, old))
    if len(sessions_of(connection, new)) > MAX_CLAIMS:
        raise TooManyClaimsError


def sessions_of(connection: sqlite3.Connection, verifier: str) -> list[str]:
    """Give the sessions of a person."""
    rows = connection.execute("SELECT session FROM session_claim WHERE verifier = ?", (verifier,))
    return [session for (session,) in rows]


def is_known(connection: sqlite3.Connection, verifier: str) -> bool:
    """Whether anything was claimed for a person."""
    known = "SELECT EXISTS (SELECT 1 FROM session_claim WHERE verifier = ?)"
    return bool(connection.execute(known, (verifier,)).fetchone()[0])


def drop_claims(connection: sqlite3.Connection, verifier: str) -> None:
    """Let no session be this person's any more, within a transaction."""
    connection.execute("DELETE FROM session_claim WHERE verifier = ?", (verifier,))
