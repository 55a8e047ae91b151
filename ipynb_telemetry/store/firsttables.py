"""The tables of events and of the relay's queue, as they came to be up to version 0.1.0."""

from __future__ import annotations

# SQLite ends every index with the row id: each of these gives its rows newest first.
FIRST_TABLES: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            uuid TEXT NOT NULL UNIQUE,
            event TEXT NOT NULL,
            distinct_id TEXT NOT NULL,
            notebook TEXT,
            timestamp TEXT NOT NULL,
            properties TEXT NOT NULL,
            received_at TEXT NOT NULL
        )""",
        "CREATE INDEX events_by_time ON events (timestamp)",
        "CREATE INDEX events_by_student ON events (distinct_id, timestamp)",
        "CREATE INDEX events_by_notebook ON events (notebook, timestamp)",
        "CREATE INDEX events_by_type ON events (event, timestamp)",
    ),
    (
        # The events that came for the relay: waiting, delivered or set_aside. Delivered events are
        # remembered too, so that a repeat is not forwarded again.
        """CREATE TABLE relay_queue (
            event_id INTEGER PRIMARY KEY,
            state TEXT NOT NULL DEFAULT 'waiting',
            reason TEXT,
            max_bytes INTEGER
        )""",
        "CREATE INDEX relay_queue_by_state ON relay_queue (state)",
        # SQLite gives the row id of a deleted event to another one, which must not inherit this.
        """CREATE TRIGGER relay_queue_forgets AFTER DELETE ON events
            BEGIN DELETE FROM relay_queue WHERE event_id = old.id; END""",
        # One row: where events go, and how that goes. Times are seconds since 1970.
        """CREATE TABLE relay_destination (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            host TEXT NOT NULL,
            api_key TEXT NOT NULL,
            max_count INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            not_before REAL NOT NULL,
            problem TEXT,
            lease_until REAL NOT NULL DEFAULT 0,
            last_contact REAL
        )""",
    ),
    (
        # When not_before was set: a clock that says less has been set back since.
        "ALTER TABLE relay_destination ADD COLUMN paused_at REAL NOT NULL DEFAULT 0",
        "UPDATE relay_destination SET not_before = 0",
    ),
    (
        # Where events go, and how that goes at each destination. The highest `named` is that of the
        # destination that was named last. An id is never given again: took_until is an id.
        """CREATE TABLE relay_destinations (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            host TEXT NOT NULL,
            api_key TEXT NOT NULL,
            named INTEGER NOT NULL,
            took_until INTEGER,
            is_refusing INTEGER NOT NULL DEFAULT 0,
            max_count INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            not_before REAL NOT NULL,
            problem TEXT,
            settled_at REAL NOT NULL DEFAULT 0,
            lease_until REAL NOT NULL DEFAULT 0,
            last_contact REAL,
            UNIQUE (host, api_key)
        )""",
        # Who took which event was not recorded: the only destination there is took all.
        """INSERT INTO relay_destinations
            SELECT id, host, api_key, 1,
                (SELECT 1 FROM relay_queue WHERE state = 'delivered'),
                coalesce(problem LIKE '401%' OR problem LIKE '403%', 0),
                max_count, failures, not_before, problem, paused_at, lease_until, last_contact
            FROM relay_destination""",
        "DROP TABLE relay_destination",
        "ALTER TABLE relay_queue ADD COLUMN destination_id INTEGER",
        "UPDATE relay_queue SET destination_id = 1",
        "DROP INDEX relay_queue_by_state",
        "CREATE INDEX relay_queue_by_destination ON relay_queue (state, destination_id)",
    ),
    (
        # One row: where events go, and how that goes. `moves` counts its changes: what came of a
        # request from before the latest one says nothing of the present destination. `claims`
        # counts the batches that were taken: the lease is of the latest. Host and key are those
        # that were named last; both are null until one is in force.
        """CREATE TABLE relay_destination (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            moves INTEGER NOT NULL DEFAULT 0,
            claims INTEGER NOT NULL DEFAULT 0,
            host TEXT,
            api_key TEXT,
            max_count INTEGER NOT NULL DEFAULT 200,
            failures INTEGER NOT NULL DEFAULT 0,
            not_before REAL NOT NULL DEFAULT 0,
            problem TEXT,
            settled_at REAL NOT NULL DEFAULT 0,
            lease_until REAL NOT NULL DEFAULT 0,
            last_contact REAL
        )""",
        # Of the host's words only its status stays.
        """INSERT INTO relay_destination
            SELECT 1, 0, 0, host, api_key, max_count, failures, not_before,
                CASE WHEN problem GLOB '[1-5][0-9][0-9]*' THEN substr(problem, 1, 3) END,
                settled_at, lease_until, last_contact
            FROM relay_destinations ORDER BY named DESC LIMIT 1""",
        "INSERT OR IGNORE INTO relay_destination (id) VALUES (1)",
        "DROP TABLE relay_destinations",
        # Not by DROP COLUMN, which SQLite has since 3.35 only.
        "DROP TRIGGER relay_queue_forgets",
        "DROP INDEX relay_queue_by_destination",
        "ALTER TABLE relay_queue RENAME TO relay_queue_of_several",
        """CREATE TABLE relay_queue (
            event_id INTEGER PRIMARY KEY,
            state TEXT NOT NULL DEFAULT 'waiting',
            reason TEXT,
            max_bytes INTEGER
        )""",
        """INSERT INTO relay_queue
            SELECT event_id, state,
                CASE WHEN reason GLOB '[1-5][0-9][0-9]*' THEN substr(reason, 1, 3) ELSE reason END,
                max_bytes
            FROM relay_queue_of_several""",
        "DROP TABLE relay_queue_of_several",
        "CREATE INDEX relay_queue_by_state ON relay_queue (state)",
        """CREATE TRIGGER relay_queue_forgets AFTER DELETE ON events
            BEGIN DELETE FROM relay_queue WHERE event_id = old.id; END""",
    ),
)
