"""The row of a session: how its facts change it, whatever they tell of cells and tests."""

from __future__ import annotations

from collections.abc import Sequence

from .aggregates import IDLE_MS, Audit
from .facts import Fact
from .lateness import Lateness


def begin(audit: Audit, fact: Fact) -> None:
    """Let a session begin with its first fact."""
    audit.first_ms = audit.last_ms = audit.at_ms = audit.pass_ms = fact.ts
    audit.first_received_ms = audit.last_received_ms = fact.received
    audit.clock_ms = fact.received - fact.ts


def pass_time(audit: Audit, fact: Fact) -> int:
    """Go on to the time of a fact; gives the active time since the fact before."""
    gap = 0
    if not audit.is_away and fact.ts > audit.at_ms:
        gap = min(fact.ts - audit.at_ms, IDLE_MS)
    before = audit.gap_ms if audit.at_active_ms is None else audit.at_active_ms
    # Clients that give no running total have the sum in `session_ended` all the same.
    if fact.active_ms is not None and fact.kind != "session_ended":
        worked = max(0, fact.active_ms - before)
        audit.at_active_ms = before + worked
    else:
        worked = gap if audit.at_active_ms is None else 0
    audit.gap_ms += gap
    audit.at_ms, audit.at_received_ms = fact.ts, fact.received
    if fact.active_ms is not None:
        audit.active_ms = max(audit.active_ms or 0, fact.active_ms)
    return worked


def count(audit: Audit, facts: Sequence[Fact]) -> None:
    """Count facts, their numbers and their times."""
    times = [fact.ts for fact in facts]
    received = [fact.received for fact in facts]
    ahead = [fact.received - fact.ts for fact in facts]
    lateness = Lateness(audit.clock_ms, audit.lateness)
    lateness.add(ahead)
    audit.lateness, audit.late_p95_ms = lateness.text, lateness.p95_ms
    audit.clock_ms = min(audit.clock_ms, *ahead)
    audit.first_ms = min(audit.first_ms, *times)
    audit.last_ms = max(audit.last_ms, *times)
    audit.first_received_ms = min(audit.first_received_ms, *received)
    audit.last_received_ms = max(audit.last_received_ms, *received)
    audit.events += len(facts)
    audit.got += len({fact.seq for fact in facts} - {audit.at_seq})
    audit.at_seq = facts[-1].seq


def note(audit: Audit, fact: Fact) -> None:
    """Count what concerns the session alone."""
    kind = fact.kind
    if kind == "blur":
        audit.is_away = 1
        if fact.reason in ("page_hidden", "window", "tab"):
            setattr(audit, fact.reason, getattr(audit, fact.reason) + 1)
    elif kind == "focus":
        audit.is_away = 0
        audit.away_ms += fact.away_ms or 0
    elif kind == "paste":
        audit.pastes += 1
    elif kind == "session_ended":
        audit.is_ended = 1
    elif kind == "events_dropped":
        if fact.reason == "storage":
            audit.drops += 1
        elif fact.reason == "rate":
            audit.suppressed += fact.dropped or 0
        elif fact.reason == "invalid":
            audit.invalid += fact.dropped or 0
