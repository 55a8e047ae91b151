"""The person that each session is of, and a person's rows over all sessions.

Answers read persons, and not the names that events have: `session_audit` has both, `item_state` the
persons only. An alias that is set or taken back changes the person of some sessions, and the rows
of the persons that had or have them are made anew; no fact is read for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from .aggregates import Item, ItemState
from .aliases import read_aliases
from .sessionrows import READ_ITEMS, WRITE_STUDENT, student_values
from .studentitem import merged

# Sessions whose person may be another one than the name says.
_IN_QUESTION = """
SELECT id, student, notebook, session, person FROM session_audit
WHERE person <> student OR student IN (SELECT student FROM person_alias WHERE undone_ms IS NULL)
"""


def apply_aliases(connection: sqlite3.Connection, rev: int) -> None:
    """Let each session be of the person that the aliases in force say; within a transaction."""
    aliases = read_aliases(connection)
    changed: set[tuple[str, str]] = set()
    for row, student, notebook, session, before in connection.execute(_IN_QUESTION).fetchall():
        person = aliases.of(student, session)
        if person != before:
            connection.execute(
                "UPDATE session_audit SET person = ?, rev = ? WHERE id = ?", (person, rev, row)
            )
            changed |= {(notebook, before), (notebook, person)}
    regroup(connection, changed, rev)


def persons_in(
    connection: sqlite3.Connection, student: str, notebook: str | None
) -> set[tuple[str, str]]:
    """Give notebook and person of each session under a name in a notebook."""
    return set(
        connection.execute(
            "SELECT DISTINCT notebook, person FROM session_audit"
            " WHERE student = ? AND notebook = ?",
            (student, notebook),
        )
    )


def regroup(connection: sqlite3.Connection, whose: Iterable[tuple[str, str]], rev: int) -> None:
    """Make the rows of persons in notebooks anew, of those of their sessions."""
    for notebook, person in sorted(whose):
        connection.execute(
            "DELETE FROM item_state WHERE notebook = ? AND student = ?", (notebook, person)
        )
        found: dict[tuple[int, Item], list[tuple[int, str, ItemState]]] = {}
        for row, session, simulated in connection.execute(
            "SELECT id, session, simulated FROM session_audit WHERE person = ? AND notebook = ?",
            (person, notebook),
        ).fetchall():
            for kind, item, *values in connection.execute(READ_ITEMS, (row,)):
                state = ItemState(*values)
                states = found.setdefault((simulated, (kind, item)), [])
                states.append((state.first_ms, session, state))
        for (simulated, item), states in found.items():
            states.sort(key=lambda each: each[:2])
            whole = merged([state for _, _, state in states])
            connection.execute(
                WRITE_STUDENT, (notebook, person, simulated, *item, rev, *student_values(whole))
            )
