"""The relay's destinations in the event store: which there are, how each fares, whose turn it is.

All this is done within a transaction. `now` is in seconds since 1970.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from ..settings.destination import Destination
from .rules import Answer, Pace, Verdict
from .standing import Standing, corrects

LEASE_S = 10
# Of those that nothing is kept for, those that were named last.
MAX_IDLE = 20

_KEEPS = "SELECT 1 FROM relay_queue WHERE destination_id = destination.id AND state"


class Turn(NamedTuple):
    """A destination that something waits for, and that may be sent to now."""

    id: int
    destination: Destination
    pace: Pace


def name(connection: sqlite3.Connection, destination: Destination) -> int:
    """Make this the destination that was named last; what is known of it stays. Give its id."""
    is_new = find(connection, destination) is None
    connection.execute(
        "INSERT INTO relay_destinations"
        " (host, api_key, max_count, failures, not_before, problem, named)"
        " VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(named), 0) + 1 FROM relay_destinations))"
        " ON CONFLICT (host, api_key) DO UPDATE SET named = excluded.named",
        (*destination, *Pace()),
    )
    if is_new:
        connection.execute(
            f"DELETE FROM relay_destinations AS destination"
            f" WHERE NOT EXISTS ({_KEEPS} IN ('waiting', 'set_aside')) AND id NOT IN"
            " (SELECT id FROM relay_destinations ORDER BY named DESC LIMIT ?)",
            (MAX_IDLE,),
        )
    (latest,) = connection.execute(
        "SELECT id FROM relay_destinations ORDER BY named DESC LIMIT 1"
    ).fetchone()
    return int(latest)


def find(connection: sqlite3.Connection, destination: Destination) -> int | None:
    """Give the id of a destination, if it is known."""
    row = connection.execute(
        "SELECT id FROM relay_destinations WHERE host = ? AND api_key = ?", destination
    ).fetchone()
    return row and int(row[0])


def correct(connection: sqlite3.Connection) -> None:
    """Let what is kept for wrong destinations wait for the one named last, if it corrects them."""
    standings = [
        Standing(*row)
        for row in connection.execute(
            "SELECT id, took_until, is_refusing, settled_at, failures, problem"
            " FROM relay_destinations ORDER BY named DESC"
        )
    ]
    for other in standings[1:]:
        if corrects(standings[0], other):
            connection.execute(
                "UPDATE relay_queue SET destination_id = ?, state = 'waiting', reason = NULL,"
                " max_bytes = NULL WHERE state IN ('waiting', 'set_aside') AND destination_id = ?",
                (standings[0].id, other.id),
            )


def next_turn(connection: sqlite3.Connection, now: float) -> Turn | float | None:
    """Give the destination whose turn it is: of those that may be sent to, not the latest again.

    Returns:
        None: nothing waits for any. A number: so many seconds until the first may be sent to.
    """
    waits: list[float] = []
    for row in connection.execute(
        "SELECT id, host, api_key, max_count, failures, not_before, problem, settled_at,"
        " lease_until FROM relay_destinations AS destination"
        f" WHERE EXISTS ({_KEEPS} = 'waiting') ORDER BY settled_at, id"
    ):
        turn = Turn(row[0], Destination(*row[1:3]), Pace(*row[3:7]))
        wait_s = _wait_s(turn.pace.not_before, *row[7:], now)
        if wait_s <= 0:
            return turn
        waits.append(wait_s)
    return min(waits, default=None)


def hold(connection: sqlite3.Connection, destination: Destination, until: float) -> None:
    """Leave a destination to one server until then."""
    connection.execute(
        "UPDATE relay_destinations SET lease_until = ? WHERE host = ? AND api_key = ?",
        (until, *destination),
    )


def record(
    connection: sqlite3.Connection,
    destination: Destination,
    pace: Pace,
    answer: Answer,
    verdict: Verdict,
    now: float,
) -> None:
    """Record what came of an attempt, and free the destination for the next one."""
    is_answer = answer.status is not None
    connection.execute(
        "UPDATE relay_destinations SET max_count = ?, failures = ?, not_before = ?, problem = ?,"
        " settled_at = ?, lease_until = 0, last_contact = coalesce(?, last_contact),"
        " is_refusing = coalesce(?, is_refusing), took_until ="
        " CASE WHEN ? THEN (SELECT max(id) FROM relay_destinations) ELSE took_until END"
        " WHERE host = ? AND api_key = ?",
        (
            *pace,
            now,
            now if is_answer else None,
            verdict.kind == "unauthorized" if is_answer else None,
            verdict.kind == "accepted",
            *destination,
        ),
    )


def _wait_s(not_before: float, settled_at: float, lease_until: float, now: float) -> float:
    """Give the seconds a pause or a claim lasts; a clock that is set back makes neither longer."""
    pause_s = not_before - now if settled_at <= now else 0.0
    lease_s = lease_until - now if lease_until <= now + LEASE_S else 0.0
    return max(pause_s, lease_s, 0.0)
