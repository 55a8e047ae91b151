"""Two measures of how a student fares with errors: sort keys that come with an explanation.

Both look at the runs of each cell in a session in their order, each ended well or by an error of
some type: `error.name`, and of R, whose errors have one name, the folded message. The store keeps
what they need in each session's row, `Audit`; no pair and no stretch goes over from one session to
the next, nor from one cell to another. Neither measure says much of a student: linear models of
exam scores reach an R² of 0.26 with the better one, the Error Quotient (Švábenský and others,
ITiCSE 2024, 280 students).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ..store.errorpairs import EQ_BOTH, EQ_SAME


class Session(Protocol):
    """A session's row, as far as the measures need it; `store.aggregates.Audit` explains each."""

    @property
    def eq_pairs(self) -> int:
        """The pairs of one run of a cell and its next."""

    @property
    def eq_score(self) -> int:
        """The points of the Error Quotient."""

    @property
    def red(self) -> float:
        """The Repeated Error Density."""


def error_quotient(sessions: Iterable[Session]) -> float | None:
    """Give the Error Quotient of a student's sessions, from 0 (best) to 1.

    A pair of consecutive runs that both ended by an error has 8 points, and 3 more if the errors
    are of the same type; any other pair has none. EQ = sum of points / 11 / number of pairs.

    Source: Matthew C. Jadud, Methods and tools for exploring novice compilation behaviour,
    ICER 2006, https://doi.org/10.1145/1151588.1151600

    Returns:
        The quotient; None without any pair.
    """
    points = pairs = 0
    for session in sessions:
        points += session.eq_score
        pairs += session.eq_pairs
    return points / (EQ_BOTH + EQ_SAME) / pairs if pairs else None


def repeated_error_density(sessions: Iterable[Session]) -> float | None:
    """Give the Repeated Error Density of a student's sessions: 0 and up, without a bound.

    For each longest stretch of consecutive runs that ended by an error of the same type, with
    r repeats (its length less 1): RED = sum of r² / (r + 1). The measure is not divided by the
    number of runs.

    Source: Brett A. Becker, A New Metric to Quantify Repeated Compiler Errors for Novice
    Programmers, ITiCSE 2016, https://doi.org/10.1145/2899415.2899463

    Returns:
        The density; None without any pair.
    """
    found = [session.red for session in sessions if session.eq_pairs]
    return sum(found) if found else None
