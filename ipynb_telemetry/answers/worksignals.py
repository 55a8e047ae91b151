"""The signals of students' work, S1 to S4; `needs` says what each means."""

from __future__ import annotations

from collections.abc import Iterator

from .classroom import Classroom
from .figures import quantile
from .signal import MINUTE_MS, Signal
from .standstill import standstills
from .work import Work

_SLOWEST = 0.75


def signals_of_work(room: Classroom) -> Iterator[Signal]:
    """Give the signals of all students, in no order."""
    limits, now = room.question.thresholds, room.question.at_ms
    recent = now - limits.recent_minutes * MINUTE_MS
    last: dict[str, int] = {}
    for session in room.sessions:
        last[session.student] = max(last.get(session.student, 0), session.last_received_ms)
    open_work = {
        (student, number): work
        for (student, number), work in room.work.items()
        if work.passed_ms(room.tests_of(number)) is None and last.get(student, 0) >= recent
    }
    slow = _slow_ms(room)
    slowly = standstills(
        room,
        [
            (student, number)
            for (student, number), work in open_work.items()
            if work.active_ms > slow[number] and room.tests_of(number) and _is_tried(work)
        ],
    )
    streaks = _streaks(room)
    for (student, number), work in open_work.items():
        exercise = room.exercises[number]

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
        standstill = slowly.get((student, number))
        if standstill is not None and standstill.active_ms > slow[number]:
            minutes = standstill.active_ms // MINUTE_MS
            so_far = "since a test passed" if standstill.is_after_pass else "and not passed"
            since_ms = _received_ms(work, standstill.begun_ms)
            yield signal("S2", f"{minutes} min in {title} {so_far}", since_ms)
        if work.fails >= limits.wheel_spinning_fails and not work.passed_tests:
            reason = f"{work.fails} tests failed in {title}, none passed"
            yield signal("S3", reason, _received_ms(work, work.first_run_ms))
        if work.peeks and not _is_tried(work) and _was_read(room, work):
            yield signal(
                "S4", f"opened the solution of {title} before any run", work.last_received_ms
            )


def _is_tried(work: Work) -> bool:
    return bool(work.runs or work.tries)


def _received_ms(work: Work, at_ms: int | None) -> int:
    """Give a moment of the student's clock by the server's; None: the work's latest."""
    # The student's clock may be wrong; its differences are not.
    return work.last_received_ms - (work.last_ms - (work.last_ms if at_ms is None else at_ms))


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
