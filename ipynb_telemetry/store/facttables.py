"""The tables of facts and aggregates, as they were made first; `aggregates` says what they hold."""

from __future__ import annotations

FACT_TABLES: tuple[str, ...] = (
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
)
