"""Opened solutions: before any run of their exercise, after a failure, after the pass."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from .classroom import Classroom
from .work import Work

WHEN = ("before", "after_failure", "after_run", "after_pass")

# Without being told SQLite reads all facts of these sessions.
_SELECT = """
SELECT session, seq, kind, cell_id, summary, open_ms, ts
FROM facts INDEXED BY facts_of_solutions
WHERE kind IN ('solution_peek', 'solution_closed') AND session IN (
    SELECT id FROM session_audit WHERE simulated = ? AND notebook = ? AND peeks > 0
)
ORDER BY session, seq
"""


# Without being told SQLite reads all facts behind the peek.
_PASTES = """
SELECT 1 FROM facts INDEXED BY facts_of_pastes
WHERE session = ? AND seq > ? AND kind = 'paste' AND internal = 1 AND length >= ? AND ts <= ?
LIMIT 1
"""


class Peek(NamedTuple):
    """A solution that a student opened.

    Attributes:
        student, notebook: whose, in which notebook.
        number: of the exercise, among those of its notebook; None: the outline does not know the
            solution's cell.
        summary: what the solution is called.
        when: one of `WHEN`: what had been tried of the exercise when it was opened.
        open_ms: how long it was open; None: nothing tells that it was closed.
        at_ms: when it was opened, by the student's clock.
        is_copied: whether the solution was copied, see `peeks`.
    """

    student: str
    notebook: str
    number: int | None
    summary: str
    when: str
    open_ms: int | None
    at_ms: int
    is_copied: bool


def peeks(room: Classroom) -> list[Peek]:
    """Give every opened solution, session by session."""
    # Whether one was copied hangs on the thresholds.
    read = room.reading(("peeks", room.question.thresholds), partial(_read, room))
    students = {*room.students}
    return [peek for own in read.values() for peek in own if peek.student in students]


def _read(room: Classroom, notebook: str) -> list[Peek]:
    simulated = int(room.question.is_simulated)
    students = {session.id: session.student for session in room.sessions_of_all[notebook]}
    works = {(work.student, work.number): work for work in room.work_of_all[notebook]}
    outline = room.outlines[notebook]
    found: list[Peek] = []
    # A solution is open at most once: its closing belongs to the opening before.
    is_open: dict[tuple[int, str | None, str | None], int] = {}
    for session, seq, kind, cell_id, summary, open_ms, at_ms in room.connection.execute(
        _SELECT, (simulated, notebook)
    ).fetchall():
        key = (session, cell_id, summary)
        if kind == "solution_closed":
            if key in is_open:
                place = is_open.pop(key)
                found[place] = found[place]._replace(open_ms=open_ms)
            continue
        student, number = students[session], outline.places.get(("cell", cell_id or ""))
        when, is_copied = "before", False
        work = None if number is None else works.get((student, number))
        if number is not None and work is not None:
            tests = len(outline.exercises[number].tests)
            when = _when(work, tests, at_ms)
            passed_ms = work.passed_ms(tests)
            if passed_ms is not None and passed_ms >= at_ms:
                is_copied = _is_pasted(room, session, seq, at_ms, passed_ms)
        is_open[key] = len(found)
        found.append(Peek(student, notebook, number, summary or "", when, None, at_ms, is_copied))
    return found


def _is_pasted(room: Classroom, session: int, seq: int, at_ms: int, passed_ms: int) -> bool:
    """Tell whether enough was pasted soon after a peek and before the pass."""
    limits = room.question.thresholds
    until_ms = min(passed_ms, at_ms + limits.copied_minutes * 60_000)
    pasted = room.connection.execute(_PASTES, (session, seq, limits.copied_characters, until_ms))
    return pasted.fetchone() is not None


def counted(opened: Iterable[Peek], room: Classroom) -> list[dict[str, int]]:
    """Count, for each exercise of the room, how often a solution was opened when."""
    counts = [dict.fromkeys(WHEN, 0) for _ in room.exercises]
    for peek in opened:
        if peek.number is not None:
            counts[room.first_numbers[peek.notebook] + peek.number][peek.when] += 1
    return counts


def _when(work: Work, tests: int, at_ms: int) -> str:
    def was(moment: int | None) -> bool:
        return moment is not None and moment <= at_ms

    if was(work.passed_ms(tests)):
        return "after_pass"
    if was(work.first_fail_ms):
        return "after_failure"
    return "after_run" if was(work.first_run_ms) else "before"
