"""New events into facts and aggregates, in the transaction that stores the events.

`facts_state` has one row: the version that facts and aggregates are of, and the counter `rev`.
`facts_due` has the ranges of ids of those events whose facts are still to be made, and
`session_audit.is_stale` marks sessions whose facts are there and are still to be folded. All three
change with what they tell of, so a process that is killed anywhere leaves work to do, and nothing
half done. `building` does that work.

An event is stored whatever goes wrong here. A fault of ours leaves its events due; the work that is
done later leaves out the one session that it fails at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import chain, groupby, pairwise
from logging import getLogger
from operator import itemgetter
from typing import Any

from .aggregates import VERSION
from .extraction import Extract, read_facts
from .facts import fact_of, write_facts
from .sessionrows import SessionRows, own

LOG = getLogger(__name__)

# A late fact makes the fold of its session begin again. Where this is far more work than the new
# facts themselves, it is left to the background, which does it once for all that came meanwhile.
LATE_COST = 10  # facts folded again, for each new one

FRESH, STALE, FAULTY = 0, 1, 2
"""What `is_stale` may be; a faulty session's facts cannot be folded, and are left alone."""


def project(connection: sqlite3.Connection, first: int) -> None:
    """Make facts and aggregates of the events from that id on, which this transaction stored.

    Raises:
        sqlite3.Error: the store cannot be written to.
    """
    (last,) = connection.execute("SELECT max(id) FROM events").fetchone()
    if last is None or last < first:
        return
    connection.execute("SAVEPOINT projection")
    try:
        _project(connection, first, last)
    except sqlite3.Error:
        raise
    except Exception:  # a fault of ours: the events are stored all the same
        LOG.warning("Events are stored, and their facts are made later.", exc_info=True)
        connection.execute("ROLLBACK TO projection")
        add_due(connection, first, last)
    connection.execute("RELEASE projection")


def _project(connection: sqlite3.Connection, first: int, last: int) -> None:
    (version,) = connection.execute("SELECT version FROM facts_state").fetchone()
    if version != VERSION and not begin(connection, version, first - 1):
        if version > VERSION:
            add_due(connection, first, last)  # for a server of that version
        return
    rev = next_rev(connection)
    extracts = sorted(read_facts(connection, first, last))
    for session, added in add_facts(connection, extracts, rev):
        facts = [fact_of(columns) for columns in added]
        rows = SessionRows.load(connection, session)
        if rows.is_stale:
            continue
        if rows.at_seq < facts[0].seq and all(a.seq < b.seq for a, b in pairwise(facts)):
            rows.go_on(facts, rev)
        elif rows.events > LATE_COST * len(facts):
            mark(connection, [session], STALE)
        else:
            rows.begin_again(rev)


def begin(connection: sqlite3.Connection, version: int, last: int) -> bool:
    """Let facts and aggregates be of this version, if there are none of another one any more.

    Args:
        connection: within a transaction.
        version: the version that they are of.
        last: the last event whose facts the background is to make.
    """
    if version > VERSION:
        return False
    if connection.execute("SELECT EXISTS (SELECT 1 FROM session_audit)").fetchone()[0]:
        return False
    connection.execute("DELETE FROM facts_due")
    connection.execute("UPDATE facts_state SET version = ?, builds = builds + 1", (VERSION,))
    (first,) = connection.execute("SELECT min(id) FROM events").fetchone()
    if first is not None and first <= last:
        add_due(connection, first, last)
    return True


def add_facts(
    connection: sqlite3.Connection, extracts: Iterable[Extract], rev: int
) -> list[tuple[int, list[tuple[Any, ...]]]]:
    """Store facts; gives the columns of each by session, in the order of the facts."""
    added = []
    for owner, group in groupby(extracts, itemgetter(0)):
        session = own(connection, owner, rev)
        added.append((session, [(session, rev, *columns) for _, *columns in group]))
    write_facts(connection, chain.from_iterable(facts for _, facts in added))
    return added


def fold_again(connection: sqlite3.Connection, session: int, rev: int) -> None:
    """Make the rows of a session anew, of its facts."""
    rows = SessionRows.load(connection, session)
    rows.begin_again(rev)


def mark(connection: sqlite3.Connection, sessions: Iterable[int], staleness: int) -> None:
    """Set `is_stale` of sessions; a faulty one stays faulty."""
    connection.executemany(
        "UPDATE session_audit SET is_stale = ?1 WHERE id = ?2 AND is_stale < ?1",
        [(staleness, session) for session in sessions],
    )


def next_rev(connection: sqlite3.Connection) -> int:
    """Count the state of the store on; within a transaction."""
    connection.execute("UPDATE facts_state SET rev = rev + 1")
    return int(connection.execute("SELECT rev FROM facts_state").fetchone()[0])


def add_due(connection: sqlite3.Connection, first: int, last: int) -> None:
    """Leave the facts of the events of these ids to the background."""
    longer = connection.execute(
        "UPDATE facts_due SET last_id = ? WHERE last_id = ?", (last, first - 1)
    )
    if not longer.rowcount:
        connection.execute("INSERT OR REPLACE INTO facts_due VALUES (?, ?)", (first, last))
