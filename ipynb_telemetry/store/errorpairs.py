"""A run of a cell and the one before it: what the two add to the measures of a student's errors.

The measures were made for programs that are compiled again and again. In a notebook such a program
is a cell: a student edits one, runs it, then runs the test in the next. Runs of different cells are
no pair, or a cell that runs well between two failures of its test would hide them.
"""

from __future__ import annotations

from .aggregates import Audit, ItemState

EQ_BOTH, EQ_SAME = 8, 3
"""Points of a pair of runs that both ended by an error, and more where the types are the same."""


def next_run(audit: Audit, cell: ItemState, error_type: str | None, *, is_error: bool) -> None:
    """Go on to the next run of a cell in a session.

    `audit.red` is a sum of floats in the order of the runs, so that it is the same sum whether the
    fold went on from a stored row or began again.

    Args:
        audit: what the runs before have come to.
        cell: the cell's, `runs` not counting this one yet.
        error_type: of an error; one without a type is of another type than every other.
        is_error: whether the run ended by an error.
    """
    audit.eq_pairs += cell.runs > 0
    if not is_error:
        cell.error_type, cell.same_errors = None, 0
        return
    length = cell.same_errors
    is_same = length > 0 and error_type is not None and error_type == cell.error_type
    if length:
        audit.eq_score += EQ_BOTH + EQ_SAME * is_same
    if is_same:
        # By so much r**2 / (r + 1) grows when a stretch of `length` errors has another one.
        audit.red += 1 - 1 / (length * (length + 1))
    cell.error_type, cell.same_errors = error_type, length + 1 if is_same else 1
