"""Who needs an instructor now, and why, in a sentence.

Six signals, the weightiest first. Each is of an exercise that the student has not passed, so a pass
clears it, and of a student who did something within `recent_minutes`:

- S1 *same error*: the latest `same_error_runs` runs of a cell or test failed with one folded error;
- S2 *no progress*: active time in the exercise, since its first run or since a test of it last
  passed for the first time, longer than `no_progress_minutes`, and longer than three quarters of
  the classmates needed to pass, where at least `classmates` have passed;
- S3 *many failures*: `wheel_spinning_fails` failed tests;
- S4 *solution before trying*: a solution was read while the exercise had no run.

An exercise without tests cannot be passed: S1 ends there with a run that does not fail, and S2 is
not told. Two signals are of a session, of which they tell that nothing is known:

- S5 *quiet*: no event for longer, in an open session, while at least half of the open sessions are
  at work;
- S6 *not arriving*: events of an open session are missing, by their numbers; or its latest event
  came more than `late_minutes` after it happened, and so had waited somewhere.

A student without a connection and one who sits and thinks look alike here: no event comes of
either, and S5 says no more than that. What waits in the student's browser or server is known only
when something behind it arrives, by a gap in the numbers, or when it arrives itself, late.

A signal that an instructor has seen is hidden for `seen_minutes`, for all instructors; another
signal, or one of another exercise, is not.
"""

from __future__ import annotations

from typing import Any

from .classroom import Classroom
from .seen import read_seen
from .sessionsignals import open_sessions, signals_of_sessions
from .signal import MINUTE_MS, Signal
from .worksignals import signals_of_work


def answer(room: Classroom) -> dict[str, Any]:
    """Give a row for each student with a signal, the weightiest first."""
    now = room.question.at_ms
    hidden_ms = int(room.question.thresholds.seen_minutes * MINUTE_MS)
    seen = read_seen(room.events, now - hidden_ms, now)
    hidden = {each[:4] for each in seen}
    signals = [
        signal
        for signal in [*signals_of_work(room), *signals_of_sessions(room)]
        if (signal.student, signal.notebook, _exercise(room, signal) or "", signal.signal)
        not in hidden
    ]
    signals.sort(key=lambda each: (each.signal, each.since_ms, each.student))
    rows: dict[str, dict[str, Any]] = {}
    for signal in signals:
        row = rows.get(signal.student)
        if row is None:
            number = signal.number
            rows[signal.student] = {
                "student": signal.student,
                "notebook": signal.notebook,
                "exercise": _exercise(room, signal),
                "title": None if number is None else room.exercises[number].title,
                "signal": signal.signal,
                "reason": signal.reason,
                "since_ms": signal.since_ms,
                "last_ms": signal.last_ms,
                "also": [],
            }
        elif signal.signal not in (row["signal"], *row["also"]):
            row["also"].append(signal.signal)
    started = {session.student for session in room.sessions}
    students = {*room.students}
    open_now = {session.student for session in open_sessions(room)}
    here = [student for student in room.students if student in open_now]
    not_started = [student for student in room.students if student not in started]
    return {
        "rows": list(rows.values()),
        "seen": [
            {
                "student": each.student,
                "notebook": each.notebook,
                "exercise": each.exercise or None,
                "signal": each.signal,
                "by": each.seen_by,
                "at_ms": each.at_ms,
            }
            for each in seen
            if each.student in students and each.notebook in room.outlines
        ],
        "here": len(here),
        "here_students": here,
        "expected": len(room.students),
        "not_started": len(not_started),
        "not_started_students": not_started,
    }


def _exercise(room: Classroom, signal: Signal) -> str | None:
    return None if signal.number is None else room.exercises[signal.number].exercise
