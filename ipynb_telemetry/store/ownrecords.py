"""What a store tells a person about themselves, by the sessions that were claimed for them.

Nothing is told of other sessions under the same id, not even whether there are any: an id is a
name, and may be somebody else's.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from .accesslog import COLUMNS, STEP_MS, Page, Visit
from .aliases import ALL
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


_TIME = "strftime('%Y-%m-%dT%H:%M:%fZ', ({}) / 1000.0, 'unixepoch')"
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
# minute. Where an instructor has said that a name is another person's, the page of that person
# showed the events from then on, until the statement was taken back. By equality, for which SQLite
# makes an index: a sender may have invented many names. (The plus: two sides with different
# affinities would have none.)
_VISITS = f"""
WITH RECURSIVE own AS MATERIALIZED (
    SELECT distinct_id AS whose, notebook AS place, min(received_at) AS at FROM events {{where}}
    GROUP BY 1, 2),
    meant AS (
    SELECT whose, place, at, '9' AS until FROM own
    UNION SELECT person, place, max(at, {_TIME.format("at_ms")}),
        min(until, coalesce({_TIME.format("undone_ms")}, '9'))
    FROM meant JOIN person_alias ON student = whose
    WHERE session = '{ALL}' OR session IN
        (SELECT session FROM session_claim WHERE verifier = ?)),
    shown AS MATERIALIZED (
    SELECT whose, place, min(at) AS at, max(until) AS until FROM (
        SELECT whose, place, at, until FROM meant
        UNION ALL SELECT whose, '', at, until FROM meant
        UNION ALL SELECT '', place, at, until FROM meant
        UNION ALL SELECT '', '', at, until FROM meant)
    GROUP BY 1, 2)
SELECT {COLUMNS} FROM access_log a
CROSS JOIN shown ON shown.whose = +a.student AND shown.place = +a.notebook
WHERE shown.at <= {_TIME.format("a.last_ms + ?")} AND shown.until >= {_TIME.format("a.first_ms")}
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
    rows = connection.execute(_VISITS.format(where=where), (*values, verifier, STEP_MS))
    return [Visit(Page(*row[:4]), *row[4:]) for row in rows]
