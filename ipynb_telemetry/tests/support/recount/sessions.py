"""What sessions tell: time, engagement, delivery and students, recounted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ipynb_telemetry.tests.support.recount.counting import SLOT_MS, Counted, Raw
from ipynb_telemetry.tests.support.recount.figures import (
    MINUTE_MS,
    active_ms,
    last_ms,
    own_sessions,
    quartiles,
    share,
    solved,
    span_and_away,
)


def time(counted: Counted, now_ms: int) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for student in counted.students:
        own = [
            0 if (work := counted.task_of(student, n)) is None else work["active_ms"]
            for n in range(len(counted.tasks))
        ]
        active = active_ms(counted, student)
        rows.append(
            {
                "student": student,
                "active_ms": active,
                "is_estimated": False,
                "exercises": own,
                "elsewhere_ms": active - sum(own),
            }
        )
    return {
        "idle_cap_ms": 60_000,
        "pause_cap_ms": 180_000,
        "exercises": [task.reference for task in counted.tasks],
        "students": rows,
        "active": quartiles([row["active_ms"] for row in rows if row["active_ms"]]),
        "by_exercise": [
            quartiles([row["exercises"][n] for row in rows if row["exercises"][n]])
            for n in range(len(counted.tasks))
        ],
    }


def engagement(counted: Counted, now_ms: int) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for student in counted.students:
        own = own_sessions(counted, student)
        if not own:
            continue
        span, away = span_and_away(counted, student)
        rows.append(
            {
                "student": student,
                "span_ms": span,
                "away_ms": away,
                "away_share": share(away, span),
                "leaves": {
                    reason: sum(each["leaves"][reason] for each in own)
                    for reason in ("page_hidden", "window", "tab")
                },
                "present": sorted({slot * SLOT_MS for each in own for slot in each["present"]}),
            }
        )
    slots = sorted({slot for row in rows for slot in row["present"]})
    return {
        "slots": [
            {"at_ms": slot, "present": sum(slot in row["present"] for row in rows)}
            for slot in slots
        ],
        "students": rows,
        "away_share": quartiles([row["away_share"] for row in rows]),
    }


def audit(counted: Counted, now_ms: int) -> dict[str, Any]:
    counts = dict.fromkeys(("complete", "open", "silent", "incomplete"), 0)
    rows: list[dict[str, Any]] = []
    for session in counted.sessions:
        own: Sequence[Raw] = session["events"]
        got = {raw.seq for raw in own}
        told = [raw.told for raw in own if raw.event == "events_dropped"]
        given_up = {
            seq
            for each in told
            if each["reason"] == "storage"
            for seq in range(each["first_seq"], each["last_seq"] + 1)
        } - got
        missing = max(got) - len(got) - len(given_up)
        is_ended = any(raw.event == "session_ended" for raw in own)
        last = max(raw.received_ms for raw in own)
        is_silent = now_ms - last > 10 * MINUTE_MS
        if not is_ended and not is_silent:
            state = "open"
        elif missing:
            state = "incomplete"
        else:
            state = "complete" if is_ended else "silent"
        counts[state] += 1
        rows.append(
            {
                **{name: session[name] for name in ("student", "notebook", "session")},
                "state": state,
                "expected": max(got),
                "got": len(got),
                "explained": len(given_up),
                "missing": missing,
                "suppressed": sum(each["count"] for each in told if each["reason"] == "rate"),
                "invalid": sum(each["count"] for each in told if each["reason"] == "invalid"),
                "first_ms": min(raw.received_ms for raw in own),
                "last_ms": last,
            }
        )
    return {"counts": counts, "sessions": sorted(rows, key=lambda row: row["session"])}


def late_p95_ms(counted: Counted, session: str) -> int:
    """Give the lateness that one event in twenty exceeds."""
    (own,) = [each["events"] for each in counted.sessions if each["session"] == session]
    late = sorted(raw.received_ms - raw.at_ms for raw in own)
    return late[len(late) - 1 - len(late) // 20] - late[0]


def students(counted: Counted, now_ms: int) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for student in counted.students:
        own = own_sessions(counted, student)
        points, pairs, density = 0, 0, 0.0
        for results in [each for session in own for each in session["results"].values()]:
            pairs += len(results) - 1
            stretch = 1
            for before, result in pairwise(results):
                if before is not None and result is not None:
                    points += 11 if before == result else 8
                if before is not None and before == result:
                    stretch += 1
                else:
                    density += (stretch - 1) ** 2 / stretch
                    stretch = 1
            density += (stretch - 1) ** 2 / stretch
        span, away = span_and_away(counted, student)
        rows.append(
            {
                "student": student,
                "notebooks": sorted({session["notebook"] for session in own}),
                "solved": solved(counted, student),
                "of": len([task for task in counted.tasks if task.tests]),
                **{
                    name: sum(session[name] for session in own)
                    for name in ("runs", "errors", "fails", "peeks", "pastes")
                },
                "active_ms": active_ms(counted, student),
                "away_share": share(away, span) if span else None,
                "eq": round(points / 11 / pairs, 3) if pairs else None,
                "red": round(density, 3) if pairs else None,
                "last_ms": last_ms(counted, student),
            }
        )
    return {"rows": rows}
