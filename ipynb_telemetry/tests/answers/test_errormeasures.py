"""The measures of errors, by the published test vectors and by their formulas."""

import random
from collections.abc import Sequence
from itertools import groupby, pairwise

import pytest

from ipynb_telemetry.answers.errormeasures import error_quotient, repeated_error_density
from ipynb_telemetry.store.aggregates import Audit
from ipynb_telemetry.store.errorfold import fold
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.facts import Fact
from ipynb_telemetry.store.sessionfold import Rows
from ipynb_telemetry.tests.support.aggregates import LOG, build, one, ran, told

OK, UNKNOWN = "", None

# The runs of the students A to I in the test files of SERI-CS/iticse24-error-measures, and the
# Error Quotients that its jadud.py documents for them. red.py of thomaswp/ProgSnap2Analysis gives
# these densities for the same runs.
PUBLISHED = [
    ("A", [OK, OK], 0, 0),
    ("B", ["X", OK, "Y"], 0, 0),
    ("C", ["X", OK, "X"], 0, 0),
    ("D", ["X", "Y"], 0.7272727272727273, 0),
    ("E", ["X", "X"], 1, 0.5),
    ("F", ["X", "X", "X"], 1, 4 / 3),
    ("G", ["X", "X", "Y"], 0.8636363636363636, 0.5),
    ("H", ["Y", "X", "X"], 0.8636363636363636, 0.5),
    ("I", ["X", "Y", "Z"], 0.7272727272727273, 0),
]


def run(seq: int, error: str | None, cell: str = "a") -> Fact:
    """Give a run that ended well (`OK`), by an error of this type, or by one without any."""
    status = "ok" if error == OK else "error"
    return Fact(
        seq,
        ts=seq,
        tie="",
        id=seq,
        kind="cell_executed",
        received=seq,
        cell_id=cell,
        status=status,
        error_type=error or None,
    )


def session(runs: Sequence[str | None]) -> Audit:
    rows = Rows()
    rows.fold([run(seq, error) for seq, error in enumerate(runs, 1)])
    return rows.audit


def quotient(sessions: Sequence[Sequence[str | None]]) -> float | None:
    """The formula, straight from its text."""
    pairs = [pair for runs in sessions for pair in pairwise(runs)]
    points = [
        0 if OK in (one, two) else 11 if one == two and one is not UNKNOWN else 8
        for one, two in pairs
    ]
    return sum(points) / 11 / len(pairs) if pairs else None


def density(sessions: Sequence[Sequence[str | None]]) -> float | None:
    """The formula, straight from its text."""
    repeats = [
        len(list(stretch)) - 1
        for runs in sessions
        for error, stretch in groupby(runs)
        if error not in (OK, UNKNOWN)
    ]
    return sum(r**2 / (r + 1) for r in repeats) if any(len(runs) > 1 for runs in sessions) else None


@pytest.mark.parametrize(("student", "runs", "eq", "red"), PUBLISHED)
def test_the_measures_are_the_published_ones(
    student: str, runs: list[str | None], eq: float, red: float
) -> None:
    found = [session(runs)]
    assert error_quotient(found) == pytest.approx(eq)
    assert repeated_error_density(found) == pytest.approx(red)


@pytest.mark.parametrize("seed", range(20))
def test_the_fold_gives_what_the_formulas_give(seed: int) -> None:
    chance = random.Random(seed)
    sessions = [
        chance.choices([OK, "X", "Y", UNKNOWN], [3, 5, 2, 1], k=chance.choice([0, 1, 2, 3, 60]))
        for _ in range(chance.randrange(5))
    ]
    found = [session(runs) for runs in sessions]
    assert error_quotient(found) == pytest.approx(quotient(sessions))
    assert repeated_error_density(found) == pytest.approx(density(sessions))


def test_without_two_runs_there_is_no_measure() -> None:
    assert error_quotient([]) is None
    assert error_quotient([session(["X"]), session(["X"])]) is None
    assert repeated_error_density([session(["X"]), session([])]) is None


def test_runs_of_two_cells_are_no_pair() -> None:
    rows = Rows()
    # The code runs well, and its test fails, three times; then the code fails once.
    rows.fold(
        [
            run(seq, "X" if seq % 2 == 0 else OK, "test" if seq % 2 == 0 else "code")
            for seq in range(1, 7)
        ]
    )
    rows.fold([run(7, "X", "code")])
    assert error_quotient([rows.audit]) == pytest.approx(22 / 11 / 5)
    assert repeated_error_density([rows.audit]) == pytest.approx(4 / 3)


def test_errors_of_r_are_told_apart_by_their_messages() -> None:
    messages = (
        "Error in f(x): object 'x' not found",
        "Error in g(2): object 'total' not found",
        'Error in g(2): could not find function "g"',
    )
    rows = Rows()
    rows.fold(
        [
            run(seq, "ERROR")._replace(fold=fold("ERROR", message, ""))
            for seq, message in enumerate(messages, 1)
        ]
    )
    # As the student G of the published ones.
    assert error_quotient([rows.audit]) == pytest.approx(0.8636363636363636)
    assert repeated_error_density([rows.audit]) == pytest.approx(0.5)


def test_a_late_run_stands_where_its_number_says() -> None:
    store = EventStore(":memory:", LOG)
    store.append([ran(1, 1, fails="'a'"), ran(4, 4, fails="'d'", status="aborted")])
    store.append([told("test_failed", 3, 3, test="t"), ran(5, 5, fails="'e'")])
    store.append([ran(2, 2, fails="'b'"), ran(6, 6)])
    build(store)
    found = one(store, "session_audit")
    store.close()
    assert (found["runs"], found["eq_score"], found["red"]) == (4, 22, pytest.approx(4 / 3))
