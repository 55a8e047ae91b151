"""Opened solutions: before any run of their exercise, after a failure, after the pass."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from .classroom import Classroom
from .work import Work

WHEN = ("before", "after_failure", "after_run", "after_pass")

# Without being told SQLite reads all facts of these sessions.
_SELECT = """
SELECT session, seq, kind, cell_id, peek, summary, open_ms, ts
FROM facts INDEXED BY facts_of_solutions
WHERE kind IN ('solution_peek', 'solution_closed') AND session IN (
    SELECT id FROM session_audit WHERE simulated = ? AND notebook = ? AND peeks > 0
)
ORDER BY session, seq
"""


class Peek(NamedTuple):
    """A solution that a student opened.

    Attributes:
        student, notebook: whose, in which notebook.
        number: of the exercise; None: the outline does not know the solution's cell.
        session, seq: the event that tells of it.
        summary: what the solution is called.
        when: one of `WHEN`: what had been tried of the exercise when it was opened.
        open_ms: how long it was open; None: nothing tells that it was closed.
        at_ms: when it was opened, by the student's clock.
    """

    student: str
    notebook: str
    number: int | None
    session: int
    seq: int
    summary: str
    when: str
    open_ms: int | None
    at_ms: int


def peeks(room: Classroom) -> list[Peek]:
    """Give every opened solution, session by session."""
    sessions = {session.id: session for session in room.sessions}
    first = room.first_numbers
    simulated = int(room.question.is_simulated)
    read = room.reading(
        "peeks",
        lambda notebook: room.connection.execute(_SELECT, (simulated, notebook)).fetchall(),
    )
    found: list[Peek] = []
    # A solution is open at most once: its closing belongs to the opening before.
    is_open: dict[tuple[int, str | None, str | None], int] = {}
    for session_id, seq, kind, cell_id, _, summary, open_ms, at_ms in chain(*read.values()):
        session = sessions.get(session_id)
        if session is None:
            continue
        key = (session_id, cell_id, summary)
        if kind == "solution_closed":
            if key in is_open:
                place = is_open.pop(key)
                found[place] = found[place]._replace(open_ms=open_ms)
            continue
        place_in_notebook = room.outlines[session.notebook].places.get(("cell", cell_id or ""))
        number = None if place_in_notebook is None else first[session.notebook] + place_in_notebook
        work = None if number is None else room.work.get((session.student, number))
        when = _when(work, 0 if number is None else room.tests_of(number), at_ms)
        is_open[key] = len(found)
        found.append(
            Peek(
                session.student,
                session.notebook,
                number,
                session_id,
                seq,
                summary or "",
                when,
                None,
                at_ms,
            )
        )
    return found


def counted(opened: Iterable[Peek], exercises: int) -> list[dict[str, int]]:
    """Count, for each exercise, how often a solution was opened when."""
    counts = [dict.fromkeys(WHEN, 0) for _ in range(exercises)]
    for peek in opened:
        if peek.number is not None:
            counts[peek.number][peek.when] += 1
    return counts


def _when(work: Work | None, tests: int, at_ms: int) -> str:
    def was(moment: int | None) -> bool:
        return moment is not None and moment <= at_ms

    if work is None:
        return "before"
    if was(work.passed_ms(tests)):
        return "after_pass"
    if was(work.first_fail_ms):
        return "after_failure"
    return "after_run" if was(work.first_run_ms) else "before"
