"""Who needs an instructor now, and why, in a sentence.

Six signals, the weightiest first. Each is of an exercise that the student has not passed, so a pass
clears it, and of a student who did something within `recent_minutes`:

- S1 *same error*: the latest `same_error_runs` runs of a cell or test failed with one folded error;
- S2 *no progress*: active time in the exercise longer than `no_progress_minutes`, and longer than
  three quarters of the classmates needed to pass, where at least `classmates` have passed;
- S3 *many failures*: `wheel_spinning_fails` failed tests;
- S4 *solution before trying*: a solution was read while the exercise had no run;

An exercise without tests cannot be passed: S1 ends there with a run that does not fail, and S2 is
not told. Two signals are of a session, of which they tell that nothing is known:

- S5 *quiet*: no event for longer, in an open session, while at least half of the open sessions are
  at work;
- S6 *not arriving*: events of an open session are missing.

A signal that an instructor has seen is hidden for `seen_minutes`, for all instructors; another
signal, or one of another exercise, is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .classroom import Classroom, Session
from .figures import quantile
from .seen import read_seen
from .work import Work

MINUTE_MS = 60_000
_SLOWEST = 0.75


class Signal(NamedTuple):
    """A signal of a student.

    Attributes:
        student, notebook: whose, in which notebook.
        number: of the exercise; None: the signal is about none.
        signal: `S1` to `S6`.
        reason: the sentence.
        since_ms: when it began; `last_ms`: the student's last event; by the server's clock.
    """

    student: str
    notebook: str
    number: int | None
    signal: str
    reason: str
    since_ms: int
    last_ms: int


def answer(room: Classroom) -> dict[str, Any]:
    """Give a row for each student with a signal, the weightiest first."""
    now = room.question.at_ms
    hidden_ms = int(room.question.thresholds.seen_minutes * MINUTE_MS)
    seen = read_seen(room.events, now - hidden_ms, now)
    hidden = {each[:4] for each in seen}
    signals = [
        signal
        for signal in [*_of_work(room), *_of_sessions(room)]
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
        "here": len({session.student for session in _open_sessions(room)}),
        "expected": len(room.students),
        "not_started": sum(student not in started for student in room.students),
    }


def _exercise(room: Classroom, signal: Signal) -> str | None:
    return None if signal.number is None else room.exercises[signal.number].exercise


def _of_work(room: Classroom) -> Iterator[Signal]:
    limits, now = room.question.thresholds, room.question.at_ms
    recent = now - limits.recent_minutes * MINUTE_MS
    last: dict[str, int] = {}
    for session in room.sessions:
        last[session.student] = max(last.get(session.student, 0), session.last_received_ms)
    slow = _slow_ms(room)
    streaks = _streaks(room)
    for (student, number), work in room.work.items():
        exercise = room.exercises[number]
        if work.passed_ms(len(exercise.tests)) is not None:
            continue
        if last.get(student, 0) < recent:
            continue

        def signal(
            name: str,
            reason: str,
            since_ms: int,
            student: str = student,
            number: int = number,
            notebook: str = exercise.notebook,
        ) -> Signal:
            return Signal(student, notebook, number, name, reason, since_ms, last[student])

        title = exercise.title
        streak = streaks.get((student, number))
        if streak is not None and work.last_received_ms >= recent:
            times, error, since_ms = streak
            yield signal("S1", f"same {error} {times} times in {title}", since_ms)
        # The student's clock may be wrong; its differences are not.
        spent_since = work.last_received_ms - (work.last_ms - (work.first_run_ms or work.last_ms))
        is_tried = work.runs or work.tries
        if exercise.tests and is_tried and work.active_ms > slow[number]:
            minutes = work.active_ms // MINUTE_MS
            yield signal("S2", f"{minutes} min in {title} and not passed", spent_since)
        if work.fails >= limits.wheel_spinning_fails and not work.passed_tests:
            reason = f"{work.fails} tests failed in {title}, none passed"
            yield signal("S3", reason, spent_since)
        if work.peeks and not is_tried and _was_read(room, work):
            yield signal(
                "S4", f"opened the solution of {title} before any run", work.last_received_ms
            )


def _was_read(room: Classroom, work: Work) -> bool:
    enough = room.question.thresholds.peek_seconds * 1000
    is_open = work.peeks > work.closes
    return work.open_ms >= enough or (
        is_open and room.question.at_ms - work.last_received_ms >= enough
    )


def _slow_ms(room: Classroom) -> list[float]:
    """Give, for each exercise, the active time that is long."""
    limits = room.question.thresholds
    times: list[list[int]] = [[] for _ in room.exercises]
    for (_, number), work in room.work.items():
        if work.passed_ms(room.tests_of(number)) is not None:
            times[number].append(work.time_to_pass_ms)
    least = limits.no_progress_minutes * MINUTE_MS
    return [
        max(least, quantile(own, _SLOWEST)) if len(own) >= limits.classmates else least
        for own in times
    ]


_STREAKS = """
SELECT notebook, student, kind, item, streak, fold, streak_received_ms FROM item_state
WHERE simulated = ? AND streak >= ? AND notebook IN ({notebooks})
ORDER BY streak
"""


def _streaks(room: Classroom) -> dict[tuple[str, int], tuple[int, str, int]]:
    """Give the longest streak of an error by student and exercise: how often, type, since when."""
    first = room.first_numbers
    marks = ", ".join("?" * len(room.notebooks))
    least = room.question.thresholds.same_error_runs
    found = {}
    for notebook, student, kind, item, streak, fold, since_ms in room.connection.execute(
        _STREAKS.format(notebooks=marks),
        (int(room.question.is_simulated), least, *room.notebooks),
    ):
        place = room.outlines[notebook].places.get((kind, item))
        if place is not None:
            error = fold.partition("\n")[0]
            found[student, first[notebook] + place] = (streak, error, since_ms)
    return found


def _open_sessions(room: Classroom) -> list[Session]:
    """Give the sessions that have not ended, and of which something was heard lately."""
    gone = room.question.at_ms - room.question.thresholds.gone_minutes * MINUTE_MS
    return [
        session
        for session in room.sessions
        if not session.is_ended and session.last_received_ms >= gone
    ]


def _of_sessions(room: Classroom) -> Iterator[Signal]:
    limits, now = room.question.thresholds, room.question.at_ms
    recent = now - limits.recent_minutes * MINUTE_MS
    sessions = _open_sessions(room)
    last: dict[str, int] = {}
    for session in sessions:
        last[session.student] = max(last.get(session.student, 0), session.last_received_ms)
    at_work = sum(session.last_received_ms >= recent for session in sessions)
    is_class_active = at_work * 2 >= len(sessions)
    for session in sessions:
        heard_ms = session.last_received_ms
        if is_class_active and last[session.student] < recent:
            minutes = (now - heard_ms) // MINUTE_MS
            reason = f"quiet for {minutes} min"
            yield Signal(session.student, session.notebook, None, "S5", reason, heard_ms, heard_ms)
        is_young = now - session.first_received_ms < limits.heard_minutes * MINUTE_MS
        if session.missing and not is_young:
            many = "events are" if session.missing > 1 else "event is"
            reason = f"{session.missing} {many} not here: what the student does is not all known"
            yield Signal(session.student, session.notebook, None, "S6", reason, heard_ms, heard_ms)
