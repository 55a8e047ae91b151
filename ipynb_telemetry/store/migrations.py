"""How the event store's file came to be: the statements that lead from each version to the next."""

from __future__ import annotations

# Entry n leads from user_version n to n + 1. Entries are only ever added.
# SQLite ends every index with the row id: each of these gives its rows newest first.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
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
    (
        # The facts and aggregates that answers read are a pure function of the events, and are
        # built again when their version changes. The one row of `facts_state` has that version,
        # the counter `rev`, and how often building was begun.
        """CREATE TABLE facts_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            version INTEGER NOT NULL,
            rev INTEGER NOT NULL,
            builds INTEGER NOT NULL
        )""",
        "INSERT INTO facts_state VALUES (1, 0, 0, 0)",
        # The ids of the events whose facts are still to be made, both included.
        "CREATE TABLE facts_due (first_id INTEGER PRIMARY KEY, last_id INTEGER NOT NULL)",
        """CREATE TABLE facts (
            session INTEGER NOT NULL, seq INTEGER NOT NULL, id INTEGER NOT NULL,
            rev INTEGER NOT NULL, tie TEXT NOT NULL, kind TEXT, ts INTEGER NOT NULL,
            received INTEGER NOT NULL, active_ms INTEGER, cell_id TEXT, cell_index INTEGER,
            test TEXT, status TEXT, error_of TEXT, fold TEXT, reason TEXT, away_ms INTEGER,
            dropped INTEGER, error_type TEXT, duration_ms INTEGER, peek INTEGER, summary TEXT,
            open_ms INTEGER, length INTEGER, internal INTEGER, first_seq INTEGER,
            last_seq INTEGER, PRIMARY KEY (session, seq, id)
        ) WITHOUT ROWID""",
        """CREATE TABLE session_audit (
            id INTEGER PRIMARY KEY, student TEXT NOT NULL, notebook TEXT NOT NULL,
            session TEXT NOT NULL, simulated INTEGER NOT NULL, rev INTEGER NOT NULL,
            is_stale INTEGER NOT NULL DEFAULT 0, events INTEGER NOT NULL DEFAULT 0,
            got INTEGER NOT NULL DEFAULT 0, at_seq INTEGER NOT NULL DEFAULT 0,
            drops INTEGER NOT NULL DEFAULT 0, explained INTEGER NOT NULL DEFAULT 0,
            suppressed INTEGER NOT NULL DEFAULT 0, invalid INTEGER NOT NULL DEFAULT 0,
            is_ended INTEGER NOT NULL DEFAULT 0, first_ms INTEGER NOT NULL DEFAULT 0,
            last_ms INTEGER NOT NULL DEFAULT 0, first_received_ms INTEGER NOT NULL DEFAULT 0,
            last_received_ms INTEGER NOT NULL DEFAULT 0, clock_ms INTEGER NOT NULL DEFAULT 0,
            late_p95_ms INTEGER NOT NULL DEFAULT 0, lateness TEXT NOT NULL DEFAULT '',
            active_ms INTEGER, gap_ms INTEGER NOT NULL DEFAULT 0,
            away_ms INTEGER NOT NULL DEFAULT 0, page_hidden INTEGER NOT NULL DEFAULT 0,
            window INTEGER NOT NULL DEFAULT 0, tab INTEGER NOT NULL DEFAULT 0,
            runs INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0,
            passes INTEGER NOT NULL DEFAULT 0, fails INTEGER NOT NULL DEFAULT 0,
            peeks INTEGER NOT NULL DEFAULT 0, pastes INTEGER NOT NULL DEFAULT 0,
            eq_pairs INTEGER NOT NULL DEFAULT 0, eq_score INTEGER NOT NULL DEFAULT 0,
            red REAL NOT NULL DEFAULT 0,
            at_ms INTEGER NOT NULL DEFAULT 0, at_active_ms INTEGER,
            pending_ms INTEGER NOT NULL DEFAULT 0, since_pass_ms INTEGER NOT NULL DEFAULT 0,
            is_away INTEGER NOT NULL DEFAULT 0, run_cell_index INTEGER,
            UNIQUE (student, notebook, session, simulated)
        )""",
        """CREATE TABLE cell_state (
            session INTEGER NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL,
            rev INTEGER NOT NULL, runs INTEGER NOT NULL DEFAULT 0,
            errors INTEGER NOT NULL DEFAULT 0, passes INTEGER NOT NULL DEFAULT 0,
            fails INTEGER NOT NULL DEFAULT 0, fails_before_pass INTEGER NOT NULL DEFAULT 0,
            peeks INTEGER NOT NULL DEFAULT 0, closes INTEGER NOT NULL DEFAULT 0,
            open_ms INTEGER NOT NULL DEFAULT 0, first_ms INTEGER NOT NULL DEFAULT 0,
            last_ms INTEGER NOT NULL DEFAULT 0, last_received_ms INTEGER NOT NULL DEFAULT 0,
            last_seq INTEGER NOT NULL DEFAULT 0, first_run_seq INTEGER, first_run_ms INTEGER,
            first_fail_seq INTEGER, first_fail_ms INTEGER, first_pass_seq INTEGER,
            first_pass_ms INTEGER, first_peek_seq INTEGER, first_peek_ms INTEGER,
            last_run_received_ms INTEGER, last_status TEXT, fold TEXT,
            streak INTEGER NOT NULL DEFAULT 0, streak_ms INTEGER,
            streak_received_ms INTEGER, error_type TEXT,
            same_errors INTEGER NOT NULL DEFAULT 0, cell_id TEXT, cell_index INTEGER,
            active_ms INTEGER NOT NULL DEFAULT 0, active_to_pass_ms INTEGER,
            PRIMARY KEY (session, kind, item)
        ) WITHOUT ROWID""",
        """CREATE TABLE error_group (
            session INTEGER NOT NULL, fold TEXT NOT NULL, kind TEXT NOT NULL,
            item TEXT NOT NULL, rev INTEGER NOT NULL, events INTEGER NOT NULL DEFAULT 0,
            first_ms INTEGER NOT NULL DEFAULT 0, last_ms INTEGER NOT NULL DEFAULT 0,
            last_seq INTEGER NOT NULL DEFAULT 0, last_received_ms INTEGER NOT NULL DEFAULT 0,
            sample INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (session, fold, kind, item)
        ) WITHOUT ROWID""",
        """CREATE TABLE time_slot (
            session INTEGER NOT NULL, slot INTEGER NOT NULL, rev INTEGER NOT NULL,
            events INTEGER NOT NULL DEFAULT 0, present INTEGER NOT NULL DEFAULT 0,
            runs INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0,
            passes INTEGER NOT NULL DEFAULT 0, fails INTEGER NOT NULL DEFAULT 0,
            peeks INTEGER NOT NULL DEFAULT 0, active_ms INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (session, slot)
        ) WITHOUT ROWID""",
        """CREATE TABLE item_state (
            notebook TEXT NOT NULL, student TEXT NOT NULL, simulated INTEGER NOT NULL,
            kind TEXT NOT NULL, item TEXT NOT NULL, rev INTEGER NOT NULL,
            sessions INTEGER NOT NULL DEFAULT 0, runs INTEGER NOT NULL DEFAULT 0,
            errors INTEGER NOT NULL DEFAULT 0, passes INTEGER NOT NULL DEFAULT 0,
            fails INTEGER NOT NULL DEFAULT 0, fails_before_pass INTEGER NOT NULL DEFAULT 0,
            peeks INTEGER NOT NULL DEFAULT 0, closes INTEGER NOT NULL DEFAULT 0,
            open_ms INTEGER NOT NULL DEFAULT 0, first_ms INTEGER NOT NULL DEFAULT 0,
            last_ms INTEGER NOT NULL DEFAULT 0, last_received_ms INTEGER NOT NULL DEFAULT 0,
            first_run_ms INTEGER, first_fail_ms INTEGER, first_pass_ms INTEGER,
            first_peek_ms INTEGER,
            last_run_received_ms INTEGER, last_status TEXT, fold TEXT,
            streak INTEGER NOT NULL DEFAULT 0, streak_ms INTEGER,
            streak_received_ms INTEGER, cell_id TEXT, cell_index INTEGER,
            active_ms INTEGER NOT NULL DEFAULT 0, active_to_pass_ms INTEGER,
            PRIMARY KEY (notebook, student, simulated, kind, item)
        ) WITHOUT ROWID""",
        "CREATE INDEX session_audit_to_fold ON session_audit (is_stale) WHERE is_stale = 1",
        "CREATE INDEX session_audit_by_notebook ON session_audit (notebook)",
        # For what is new since a reader last looked.
        "CREATE INDEX session_audit_by_rev ON session_audit (rev)",
        "CREATE INDEX item_state_by_rev ON item_state (rev)",
        "CREATE INDEX error_group_by_rev ON error_group (rev)",
        "CREATE INDEX time_slot_by_rev ON time_slot (rev)",
        # Nothing of a deleted event stays, nor does its id pass its facts on to another one. What
        # is left of the student's rows comes back when all is built again.
        """CREATE TRIGGER facts_forget AFTER DELETE ON events BEGIN
            DELETE FROM facts WHERE session IN (SELECT id FROM session_audit
                WHERE student = old.distinct_id AND notebook = old.notebook);
            DELETE FROM cell_state WHERE session IN (SELECT id FROM session_audit
                WHERE student = old.distinct_id AND notebook = old.notebook);
            DELETE FROM error_group WHERE session IN (SELECT id FROM session_audit
                WHERE student = old.distinct_id AND notebook = old.notebook);
            DELETE FROM time_slot WHERE session IN (SELECT id FROM session_audit
                WHERE student = old.distinct_id AND notebook = old.notebook);
            DELETE FROM session_audit
                WHERE student = old.distinct_id AND notebook = old.notebook;
            DELETE FROM item_state
                WHERE notebook = old.notebook AND student = old.distinct_id;
            UPDATE facts_state SET version = 0, rev = rev + 1;
        END""",
    ),
    (
        # Statements of an instructor, of which no event tells: the exercises of a notebook,
        # who is expected, which signals were seen. An exercise that a newer outline no longer has
        # keeps its row, without a position, and its items: what was done in it is not forgotten.
        """CREATE TABLE outline_exercise (
            notebook TEXT NOT NULL, exercise TEXT NOT NULL, title TEXT NOT NULL,
            position INTEGER, rev INTEGER NOT NULL, PRIMARY KEY (notebook, exercise)
        ) WITHOUT ROWID""",
        # `kind` is `cell`, `test` as in `item_state`, or `solution`: a Markdown cell that folds a
        # solution away. `position` is the place in the exercise, null for an item of the past.
        """CREATE TABLE outline_item (
            notebook TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL,
            exercise TEXT NOT NULL, position INTEGER, PRIMARY KEY (notebook, kind, item)
        ) WITHOUT ROWID""",
        """CREATE TABLE roster (
            student TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL,
            "group" TEXT NOT NULL, is_staff INTEGER NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE seen_signal (
            student TEXT NOT NULL, notebook TEXT NOT NULL, exercise TEXT NOT NULL,
            signal TEXT NOT NULL, seen_by TEXT NOT NULL, at_ms INTEGER NOT NULL,
            PRIMARY KEY (student, notebook, exercise, signal)
        ) WITHOUT ROWID""",
        # Who looked at which student's page; an empty notebook means all of them.
        """CREATE TABLE access_log (
            id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, reader TEXT NOT NULL,
            student TEXT NOT NULL, notebook TEXT NOT NULL
        )""",
        # The few facts that the answer about solutions reads one by one.
        """CREATE INDEX facts_of_solutions ON facts (session, seq)
            WHERE kind IN ('solution_peek', 'solution_closed')""",
        "CREATE INDEX facts_of_pastes ON facts (session, seq) WHERE kind = 'paste'",
    ),
    (
        # What `forward` has sent, event by event and for each destination. `reason` is why an event
        # was refused for good, null where it was taken.
        """CREATE TABLE forward_destination (
            id INTEGER PRIMARY KEY, host TEXT NOT NULL, api_key TEXT NOT NULL,
            UNIQUE (host, api_key)
        )""",
        """CREATE TABLE forwarded (
            event_id INTEGER NOT NULL, destination INTEGER NOT NULL, reason TEXT,
            PRIMARY KEY (event_id, destination)
        ) WITHOUT ROWID""",
        # SQLite gives the row id of a deleted event to another one, which must not inherit this.
        """CREATE TRIGGER forwarded_forgets AFTER DELETE ON events
            BEGIN DELETE FROM forwarded WHERE event_id = old.id; END""",
        # How often the relay's destination had changed when it took the event; null: not known.
        "ALTER TABLE relay_queue ADD COLUMN moves INTEGER",
    ),
    (
        # Of the only certificate that is trusted; empty: those of the environment are.
        "ALTER TABLE relay_destination ADD COLUMN fingerprint TEXT NOT NULL DEFAULT ''",
    ),
    (
        # Keys of a class collector. The class key in force has no `refused_ms`; those before it
        # have the time from which they are refused. Of the instructor's key and of the tokens of
        # sessions there are hashes only. Times are milliseconds since 1970.
        "CREATE TABLE class_key (key TEXT PRIMARY KEY, refused_ms INTEGER) WITHOUT ROWID",
        "CREATE TABLE instructor_key (id INTEGER PRIMARY KEY CHECK (id = 1), hash TEXT NOT NULL)",
        """CREATE TABLE instructor_session (
            token_hash TEXT PRIMARY KEY, ends_ms INTEGER NOT NULL
        ) WITHOUT ROWID""",
        # One row: where the class collector of this file ran last, for the line students enter.
        """CREATE TABLE class_collector (
            id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, url TEXT NOT NULL,
            fingerprint TEXT NOT NULL
        )""",
        # Which sender, a random id that a student's server or kernel has of itself, sent events of
        # which student: without a hub, a name is a claim.
        """CREATE TABLE sender (
            sender TEXT NOT NULL, student TEXT NOT NULL, first_ms INTEGER NOT NULL,
            last_ms INTEGER NOT NULL, PRIMARY KEY (sender, student)
        ) WITHOUT ROWID""",
    ),
)
