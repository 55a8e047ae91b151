"""What a store tells a person about themselves, by the sessions that were claimed for them.

Nothing is told of other sessions under the same id, not even whether there are any: an id is a
name, and may be somebody else's.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from .accesslog import COLUMNS, STEP_MS, Page, Visit
from .reading import Selection, conditions


class Summary(NamedTuple):
    """How much there is of a person.

    Attributes:
        events, sessions: how many.
        forwarded: events that another place, such as PostHog, has taken.
        waiting: events that wait to be forwarded, or that were refused there.
    """

    events: int
    sessions: int
    forwarded: int
    waiting: int


_COUNTS = """
WITH own AS (SELECT id FROM events {where})
SELECT
    (SELECT count(*) FROM own),
    (SELECT count(*) FROM session_audit WHERE session IN
        (SELECT session FROM session_claim WHERE verifier = ?)),
    (SELECT count(*) FROM own WHERE id IN (SELECT event_id FROM relay_queue
        WHERE state = 'delivered' UNION SELECT event_id FROM forwarded WHERE reason IS NULL)),
    (SELECT count(*) FROM own JOIN relay_queue ON event_id = id WHERE state <> 'delivered')
"""
# A visit that ended before a person's first event came saw nothing of theirs; its end is known to a
# minute. By equality, for which SQLite makes an index: a sender may have invented many names. (The
# plus: two sides with different affinities would have none.)
_VISITS = f"""
WITH own AS MATERIALIZED (
    SELECT distinct_id AS whose, notebook AS place, min(received_at) AS at FROM events {{where}}
    GROUP BY 1, 2),
    shown AS MATERIALIZED (
    SELECT whose, place, min(at) AS at FROM (
        SELECT whose, place, at FROM own
        UNION ALL SELECT whose, '', at FROM own
        UNION ALL SELECT '', place, at FROM own
        UNION ALL SELECT '', '', at FROM own)
    GROUP BY 1, 2)
SELECT {COLUMNS} FROM access_log a
CROSS JOIN shown ON shown.whose = +a.student AND shown.place = +a.notebook
WHERE shown.at <= strftime('%Y-%m-%dT%H:%M:%fZ', (a.last_ms + ?) / 1000.0, 'unixepoch')
ORDER BY first_ms, a.id
"""


def summarize(connection: sqlite3.Connection, verifier: str) -> Summary:
    """Count what a store has of a person."""
    where, values = conditions(Selection(owner=verifier))
    query = _COUNTS.format(where=where)
    return Summary(*connection.execute(query, (*values, verifier)).fetchone())


def own_accesses(connection: sqlite3.Connection, verifier: str) -> list[Visit]:
    """Give the visits that a person's events were part of, the earliest first."""
    where, values = conditions(Selection(owner=verifier))
    rows = connection.execute(_VISITS.format(where=where), (*values, STEP_MS))
    return [Visit(Page(*row[:4]), *row[4:]) for row in rows]
