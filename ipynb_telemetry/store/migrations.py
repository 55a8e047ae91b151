"""How the event store's file came to be: the statements that lead from each version to the next."""

from __future__ import annotations

from .facttables import FACT_TABLES
from .firsttables import FIRST_TABLES

# Entry n leads from user_version n to n + 1. Entries are only ever added.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    *FIRST_TABLES,
    FACT_TABLES,
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
    (
        # When a test last passed and when the latest event came; active time since a test passed.
        "ALTER TABLE session_audit ADD COLUMN pass_ms INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE session_audit ADD COLUMN at_received_ms INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE cell_state ADD COLUMN first_active_ms INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE cell_state ADD COLUMN active_parts TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE item_state ADD COLUMN first_active_ms INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE item_state ADD COLUMN active_parts TEXT NOT NULL DEFAULT ''",
    ),
    (
        # A line a visit, with its first and last look. Who looked at all students' code of a cell,
        # or of an exercise's, has a line without a student.
        "ALTER TABLE access_log RENAME TO access_log_of_looks",
        """CREATE TABLE access_log (
            id INTEGER PRIMARY KEY, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
            reader TEXT NOT NULL, student TEXT NOT NULL, notebook TEXT NOT NULL, cell TEXT NOT NULL
        )""",
        """INSERT INTO access_log
            SELECT id, at_ms, at_ms, reader, student, notebook, '' FROM access_log_of_looks""",
        "DROP TABLE access_log_of_looks",
        "CREATE INDEX access_log_by_page ON access_log (reader, student, notebook, cell)",
    ),
    (
        # Nothing of a deleted event stays: the collector hears again who sends.
        "CREATE INDEX sender_by_student ON sender (student)",
        """CREATE TRIGGER sender_forgets AFTER DELETE ON events
            BEGIN DELETE FROM sender WHERE student = old.distinct_id; END""",
    ),
    (
        # Of erased students: a hash of the id, by which late events are refused that have the time
        # `until` or an earlier one, and how many were.
        "CREATE TABLE tombstone_salt (salt BLOB NOT NULL)",
        "INSERT INTO tombstone_salt VALUES (randomblob(32))",
        """CREATE TABLE tombstone (
            hash BLOB PRIMARY KEY, until TEXT NOT NULL, refused INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID""",
    ),
    (
        # Whose sessions are: a hash of a person's code, by which the person sees and erases them.
        """CREATE TABLE session_claim (
            session TEXT PRIMARY KEY, verifier TEXT NOT NULL, at_ms INTEGER NOT NULL
        ) WITHOUT ROWID""",
        "CREATE INDEX session_claim_by_verifier ON session_claim (verifier)",
        "CREATE INDEX session_audit_by_session ON session_audit (session)",
        # Of sessions that their person erased: a hash of the id, by which all that comes late is
        # refused, and how much was.
        """CREATE TABLE session_tombstone (
            hash BLOB PRIMARY KEY, refused INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID""",
    ),
    (
        # Whose sessions are: the person, who has the name of the events unless an instructor has
        # said otherwise. `item_state` has persons.
        "ALTER TABLE session_audit ADD COLUMN person TEXT NOT NULL DEFAULT ''",
        "UPDATE session_audit SET person = student",
        "CREATE INDEX session_audit_by_person ON session_audit (person, notebook)",
        # A statement `change`, which has a row for each session, or one without for all of them.
        """CREATE TABLE person_alias (
            change INTEGER NOT NULL, at_ms INTEGER NOT NULL, said_by TEXT NOT NULL,
            student TEXT NOT NULL, session TEXT NOT NULL, person TEXT NOT NULL,
            undone_ms INTEGER, undone_by TEXT, PRIMARY KEY (change, session)
        ) WITHOUT ROWID""",
        """CREATE UNIQUE INDEX person_alias_in_force ON person_alias (student, session)
            WHERE undone_ms IS NULL""",
        # As before, but that the rows over all sessions are those of the persons.
        "DROP TRIGGER facts_forget",
        """CREATE TRIGGER facts_forget AFTER DELETE ON events BEGIN
            DELETE FROM item_state WHERE notebook = old.notebook
                AND student IN (SELECT person FROM session_audit
                    WHERE student = old.distinct_id AND notebook = old.notebook);
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
            UPDATE facts_state SET version = 0, rev = rev + 1;
        END""",
    ),
    (
        # What students who may write their name in whatever letters are called, by the latest
        # `session_started` that said so. The name goes with the last event.
        "CREATE TABLE shown_name (student TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TRIGGER shown_name_forgets AFTER DELETE ON events BEGIN
            DELETE FROM shown_name WHERE student = old.distinct_id AND NOT EXISTS
                (SELECT 1 FROM events WHERE distinct_id = old.distinct_id);
        END""",
    ),
    (
        # The few facts that tell who takes a pause.
        """CREATE INDEX facts_of_pauses ON facts (session, seq)
            WHERE kind = 'recording_paused'""",
    ),
    (
        # What the dialog that asks a student for a name offers of the roster.
        "CREATE TABLE roster_offer (id INTEGER PRIMARY KEY CHECK (id = 1), offer TEXT NOT NULL)",
    ),
)
