"""How forwarding goes, read from the event store."""

from __future__ import annotations

import sqlite3
from typing import Any

from ..store.event import epoch_to_utc

MAX_REASONS_READ = 100  # events


def read_status(
    connection: sqlite3.Connection, now: float, hindrance: str | None = None
) -> dict[str, Any]:
    """Tell how forwarding goes, as the status route answers.

    Args:
        connection: to the store, for reading.
        now: in seconds since 1970.
        hindrance: why nothing is sent at all, whatever came of it before.
    """
    counts = dict(
        connection.execute(
            "SELECT state, count(*) FROM relay_queue WHERE state IN ('waiting', 'set_aside')"
            " GROUP BY state"
        )
    )
    refusals = connection.execute(
        "SELECT reason, count(*) FROM (SELECT event_id, reason FROM relay_queue"
        " WHERE state = 'set_aside' ORDER BY event_id LIMIT ?)"
        " GROUP BY reason ORDER BY min(event_id)",
        (MAX_REASONS_READ,),
    ).fetchall()
    problem, last_contact, not_before, settled_at = connection.execute(
        "SELECT problem, last_contact, not_before, settled_at FROM relay_destination"
    ).fetchone()
    waiting = counts.get("waiting", 0)
    is_paused = waiting and settled_at <= now < not_before
    status = {
        "waiting": waiting,
        "set_aside": counts.get("set_aside", 0),
        "refusals": [{"reason": reason, "count": count} for reason, count in refusals],
        "problem": problem,
        "last_contact": last_contact and epoch_to_utc(last_contact),
        "next_attempt": epoch_to_utc(not_before) if is_paused else None,
    }
    is_kept = status["waiting"] + status["set_aside"] > 0
    if is_kept and hindrance:
        return {**status, "problem": hindrance, "next_attempt": None}
    return status if is_kept else {**status, "problem": None}
