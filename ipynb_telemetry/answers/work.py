"""What a student has done in an exercise: the aggregates of its items put together.

An exercise is passed when each of its tests has passed at some time. Who has tried none of the
tests that an edited notebook has now is known by those of the past, as many of which must have
passed. An exercise without tests can be tried, and never passed.

**Active time to pass** is known by two measures, both of which can only be too long, so the smaller
counts: the active time that went to the exercise's cells and tests, which goes on when a student
comes back after the pass; and the active time since an exercise was passed before, which holds the
time of exercises that the student gave up.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from .outlines import Outline


class Work(NamedTuple):
    """A student's work at an exercise. Times are milliseconds; None: there was none.

    Attributes:
        student: id.
        number: of the exercise, among those of its notebook.
        runs: of its cells; `errors` of them failed.
        tries: results of its tests; `fails` of them failed; `fails_before_pass` before a pass.
        passed_tests: how many of its tests have passed, those of the past only where none of the
            present ones was tried.
        is_failing: whether a test that never passed has failed.
        first_run_ms, first_fail_ms: of a cell or test, by the student's clock.
        last_pass_ms: when the last of its tests passed for the first time.
        first_peek_ms: when a solution was first opened.
        peeks, closes, open_ms: how often solutions were opened and closed, and how long they were
            open.
        active_ms: active time that went to it.
        active_to_pass_ms: the active time between passes, up to that of its tests.
        last_received_ms: when something of it last came.
        last_ms: the same, by the student's clock.
        last_run_received_ms: when a run or a test of it last came.
    """

    student: str
    number: int
    runs: int
    errors: int
    tries: int
    fails: int
    fails_before_pass: int
    passed_tests: int
    is_failing: int
    first_run_ms: int | None
    first_fail_ms: int | None
    last_pass_ms: int | None
    first_peek_ms: int | None
    peeks: int
    closes: int
    open_ms: int
    active_ms: int
    active_to_pass_ms: int | None
    last_received_ms: int
    last_ms: int
    last_run_received_ms: int | None

    def passed_ms(self, tests: int) -> int | None:
        """Give when an exercise of so many tests was passed; None: it is not."""
        return self.last_pass_ms if 0 < tests <= self.passed_tests else None

    def state(self, tests: int) -> str | None:
        """Name the state of an exercise of so many tests; None: it is untouched.

        The states are `tried`, `failing`, `passed`, and `peeked`: passed after a solution had been
        opened.
        """
        passed_ms = self.passed_ms(tests)
        if passed_ms is not None:
            is_peeked = self.first_peek_ms is not None and self.first_peek_ms < passed_ms
            return "peeked" if is_peeked else "passed"
        if self.is_failing:
            return "failing"
        return "tried" if self.runs or self.tries else None

    @property
    def time_to_pass_ms(self) -> int:
        """Active time up to the pass, of an exercise that is passed."""
        return min(self.active_ms, self.active_to_pass_ms or self.active_ms)


_SELECT = """
SELECT student, place_of(kind, item) AS number,
    sum(CASE kind WHEN 'cell' THEN runs ELSE 0 END), sum(errors),
    sum(passes + fails), sum(fails), sum(fails_before_pass),
    CASE WHEN sum(kind = 'test' AND {present})
        THEN sum(first_pass_ms IS NOT NULL AND {present}) ELSE sum(first_pass_ms IS NOT NULL) END,
    max(kind = 'test' AND first_pass_ms IS NULL AND fails > 0),
    min(first_run_ms), min(first_fail_ms), max(first_pass_ms), min(first_peek_ms),
    sum(peeks), sum(closes), sum(open_ms), sum(active_ms), sum(active_to_pass_ms),
    max(last_received_ms), max(last_ms), max(last_run_received_ms)
FROM item_state
WHERE simulated = ? AND notebook = ? AND number IS NOT NULL
GROUP BY 1, 2
"""


def read_work(
    connection: sqlite3.Connection, notebook: str, outline: Outline, is_simulated: bool
) -> list[Work]:
    """Give the work of each student at each exercise of a notebook that has any."""
    places = outline.places
    present = {test for exercise in outline.exercises for test in exercise.tests}
    has_past = any(kind == "test" and item not in present for kind, item in places)
    connection.create_function(
        "place_of", 2, lambda kind, item: places.get((kind, item)), deterministic=True
    )
    connection.create_function("is_present", 1, present.__contains__, deterministic=True)
    select = _SELECT.format(present="is_present(item)" if has_past else "1")
    rows = connection.execute(select, (int(is_simulated), notebook)).fetchall()
    return [Work._make(row) for row in rows]
