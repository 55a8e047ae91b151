"""What has been forwarded where by hand: which of a store's events a destination still lacks."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from ..settings.destination import Destination
from ..store.database import Database, transaction
from ..store.reading import Selection, conditions
from ..store.simulated import is_simulated
from .wire import MAX_EVENT_BYTES, WaitingEvent

# An event that the relay has delivered to the same place is not sent again. Where the relay's place
# has changed since, or nobody recorded it, the event is sent: one uuid makes two of it one.
_STATE = """
CASE WHEN sent.event_id IS NOT NULL AND sent.reason IS NULL THEN 'delivered'
    WHEN sent.event_id IS NOT NULL AND NOT :again THEN 'set_aside'
    WHEN relayed.event_id IS NOT NULL THEN 'delivered'
    WHEN is_simulated(distinct_id, properties) THEN 'simulated'
    WHEN timestamp < :old THEN 'historical'
    ELSE 'recent' END
"""
_EVENTS = """
events
    LEFT JOIN forwarded AS sent ON sent.event_id = events.id AND sent.destination =
        (SELECT id FROM forward_destination WHERE host = :host AND api_key = :key)
    LEFT JOIN relay_queue AS relayed ON relayed.event_id = events.id
        AND relayed.state = 'delivered' AND relayed.moves =
        (SELECT moves FROM relay_destination WHERE host = :host AND api_key = :key)
"""
_EVENTS_BY_ROW = _EVENTS.replace("events\n", "events NOT INDEXED\n", 1)


class Wanted(NamedTuple):
    """The events that are to be sent, where a destination lacks them.

    Attributes:
        selection: which events.
        old: the time before which they are historical, as `to_utc` writes it.
        again: whether events that were refused before are sent again.
    """

    selection: Selection
    old: str
    again: bool = False


class Counts(NamedTuple):
    """How many of the wanted events are where.

    Attributes:
        historical: to be sent as old ones.
        recent: to be sent as they are.
        delivered: were taken before.
        set_aside: were refused before.
        simulated: of simulated students, never sent.
        last_id: of all these, the row that was stored last; 0: there is none.
    """

    historical: int = 0
    recent: int = 0
    delivered: int = 0
    set_aside: int = 0
    simulated: int = 0
    last_id: int = 0

    @property
    def due(self) -> int:
        """How many are to be sent."""
        return self.historical + self.recent


class Refused(NamedTuple):
    """An event that a destination refused for good, and why."""

    uuid: str
    event: str
    distinct_id: str
    timestamp: str
    reason: str


def count(connection: sqlite3.Connection, destination: Destination, wanted: Wanted) -> Counts:
    """Count the wanted events by what has become of them at a destination.

    Args:
        connection: to the store; reading will do.
        destination: where to.
        wanted: which events.
    """
    where, values = _where(destination, wanted)
    connection.create_function("is_simulated", 2, is_simulated, deterministic=True)
    rows = connection.execute(
        f"SELECT {_STATE} AS now, count(*), max(events.id) FROM {_EVENTS} {where} GROUP BY now",
        values,
    ).fetchall()
    counted = {state: number for state, number, _ in rows}
    return Counts(**counted, last_id=max((last for *_, last in rows), default=0))


def refused(
    connection: sqlite3.Connection, destination: Destination, wanted: Wanted
) -> list[Refused]:
    """Give the wanted events that a destination refused for good, oldest first."""
    where, values = _where(destination, wanted, "sent.reason IS NOT NULL")
    rows = connection.execute(
        "SELECT uuid, event, distinct_id, timestamp, sent.reason"
        f" FROM {_EVENTS} {where} ORDER BY events.id",
        values,
    )
    return [Refused(*row) for row in rows]


class Ledger:
    """Keeps what one destination has taken or refused. Methods raise StoreUnavailableError."""

    def __init__(self, database: Database, destination: Destination) -> None:
        """Use the database of the event store."""
        self._database = database
        self._destination = destination

    def owed(
        self, wanted: Wanted, state: str, ids: tuple[int, int], limit: int
    ) -> list[WaitingEvent]:
        """Give events that are to be sent, in the order in which they were stored.

        Args:
            wanted: which events.
            state: `historical` or `recent`.
            ids: only events beyond the first row and up to the second.
            limit: most events.
        """
        where, values = _where(
            self._destination,
            wanted,
            f"events.id > :after AND events.id <= :last AND {_STATE} = :state",
        )
        query = (
            "SELECT events.id, uuid, event, distinct_id, timestamp, properties, :most"
            # By row, from one batch to the next: an index would have the events sorted each time.
            f" FROM {_EVENTS_BY_ROW} {where} ORDER BY events.id LIMIT :limit"
        )
        values.update(state=state, after=ids[0], last=ids[1], limit=limit, most=MAX_EVENT_BYTES)

        def read(connection: sqlite3.Connection) -> list[WaitingEvent]:
            connection.create_function("is_simulated", 2, is_simulated, deterministic=True)
            return [WaitingEvent(*row) for row in connection.execute(query, values)]

        return self._database.use(read)

    def settle(self, events: Sequence[WaitingEvent], reason: str | None) -> None:
        """Record that events were taken, or for which reason they were refused for good.

        What was taken no longer waits in the relay's queue, if the relay sends to the same place.
        """
        place = self._destination[:2]  # host and key

        def record(connection: sqlite3.Connection) -> None:
            with transaction(connection):
                connection.execute(
                    "INSERT OR IGNORE INTO forward_destination (host, api_key) VALUES (?, ?)", place
                )
                # Not by the row id alone: the event may be gone, and the id another event's.
                connection.executemany(
                    "INSERT OR REPLACE INTO forwarded SELECT events.id, place.id, ?"
                    " FROM events, forward_destination AS place"
                    " WHERE uuid = ? AND host = ? AND api_key = ?",
                    ((reason, event.uuid, *place) for event in events),
                )
                if reason is None:
                    connection.executemany(
                        "UPDATE relay_queue SET state = 'delivered', reason = NULL, moves ="
                        " (SELECT moves FROM relay_destination) WHERE state <> 'delivered'"
                        " AND event_id = (SELECT id FROM events WHERE uuid = ?) AND EXISTS"
                        " (SELECT 1 FROM relay_destination WHERE host = ? AND api_key = ?)",
                        ((event.uuid, *place) for event in events),
                    )

        self._database.use(record)


def _where(
    destination: Destination, wanted: Wanted, *more: str
) -> tuple[str, dict[str, str | int]]:
    """Give the WHERE of a query on `_EVENTS`, and its values by name.

    Args:
        destination: where to.
        wanted: which events.
        more: conditions besides.
    """
    where, listed = conditions(wanted.selection)
    values: dict[str, str | int] = {
        "host": destination.host,
        "key": destination.api_key,
        "old": wanted.old,
        "again": int(wanted.again),
    }
    for number, value in enumerate(listed):
        where = where.replace("?", f":value{number}", 1)
        values[f"value{number}"] = value
    if more:
        where = f"{where} AND" if where else "WHERE"
        where += f" {' AND '.join(more)}"
    return where, values
