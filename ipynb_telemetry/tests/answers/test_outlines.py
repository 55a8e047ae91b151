"""Outlines as the collector keeps them."""

from typing import Any

import pytest

from ipynb_telemetry.answers.outlines import Exercise, Outline, read_outline
from ipynb_telemetry.answers.outlinesaving import OutlineError, check_exercises
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.asked import Story, ask, outline, two_exercises


def stored(store: EventStore) -> Outline:
    return store.database.use(lambda connection: read_outline(connection, "D1"))


def test_an_outline_is_read_as_it_was_stored(store: EventStore) -> None:
    outline(store, two_exercises())
    found = stored(store)
    assert list(found.exercises) == two_exercises()
    assert found.origin == "saved"
    assert found.places["test", "two"] == found.places["cell", "text-2"] == 1


def test_an_edited_notebook_keeps_what_was_done(store: EventStore) -> None:
    outline(store, two_exercises())
    Story(store, "BEFORE").run("a").test("one", passes=True)
    outline(
        store,
        [
            Exercise("D1", "new", "Exercise 0", ("n",), ("new",)),
            # Its test has another name and its cell another id now, but one cell is the same.
            Exercise("D1", "first", "Exercise 1a", ("a", "a2"), ("first",)),
            Exercise("D1", "two", "Exercise 2", ("b2",), ("two",)),
        ],
    )
    found = stored(store)
    assert [each.exercise for each in found.exercises] == ["new", "one", "two"]
    assert found.exercises[1].title == "Exercise 1a"
    assert found.places["test", "one"] == found.places["cell", "a2"] == 1
    assert found.places["cell", "b"] == found.places["cell", "b2"] == 2
    (row,) = ask(store, "progress")["students"]
    assert [cell and cell["runs"] for cell in row["cells"]] == [None, 1, None]


def test_an_exercise_that_comes_back_has_its_history(store: EventStore) -> None:
    first, second = two_exercises()
    outline(store, [first, second])
    Story(store, "BEFORE").test("two", passes=True)
    outline(store, [first])
    assert [len(row["cells"]) for row in ask(store, "progress")["students"]] == [1]
    outline(store, [first, second._replace(exercise="other")])
    assert [each.exercise for each in stored(store).exercises] == ["one", "two"]
    (row,) = ask(store, "progress")["students"]
    assert row["cells"][1]["state"] == "passed"


def test_tests_decide_before_cells(store: EventStore) -> None:
    outline(store, two_exercises())
    # The cells were swapped, the tests not.
    outline(
        store,
        [
            Exercise("D1", "x", "First", ("b", "c", "d"), ("one",)),
            Exercise("D1", "y", "Second", ("a",), ("two",)),
        ],
    )
    assert [each.exercise for each in stored(store).exercises] == ["one", "two"]


@pytest.mark.parametrize("side", ["before", "behind"])
def test_a_guessed_solution_stands_where_the_others_do(store: EventStore, side: str) -> None:
    story = Story(store, "JOHN_DOE")
    for number, place in enumerate((10, 20, 30)):
        story.run(f"cell-{number}", cell_index=place).test(f"test-{number}", passes=True)
        # Far from its own test, and near the one of another exercise.
        shift = -9 if side == "before" else 9
        story.peek(f"text-{number}", cell_index=place + shift)
    outline = stored(store)
    assert [outline.places["cell", f"text-{number}"] for number in range(3)] == [0, 1, 2]


def test_a_guessed_solution_is_of_the_nearest_test(store: EventStore) -> None:
    story = Story(store, "JOHN_DOE").run("a", cell_index=2).test("one", passes=True)
    story.peek("behind", cell_index=3).run("b", cell_index=6)
    story.peek("before", cell_index=8).run("t", cell_index=9).test("two", passes=True)
    outline = stored(store)
    assert [each.cells for each in outline.exercises] == [("a",), ("b", "t")]
    assert outline.places["cell", "behind"] == 0
    assert outline.places["cell", "before"] == 1


def test_without_tests_and_outline_there_is_none(store: EventStore) -> None:
    Story(store, "JOHN_DOE").run()
    assert stored(store) == Outline((), {}, "none")


GOOD = {"id": "one", "title": "Exercise 1", "cells": ["a"], "tests": ["one"]}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "no exercises"),
        ([], "no exercises"),
        ("abc", "no exercises"),
        ([GOOD, 5], "Exercise 2 of the outline is no object"),
        ([{**GOOD, "id": ""}], "id must be a text"),
        ([{**GOOD, "title": "x" * 201}], "title must be a text"),
        ([{**GOOD, "title": "a\nb"}], "title holds what no line shows"),
        ([{**GOOD, "cells": "abc"}], "cells must be a list"),
        ([{**GOOD, "tests": [5]}], "each of tests must be a text"),
        ([GOOD, GOOD], "one id"),
        ([{**GOOD, "id": str(n)} for n in range(501)], "at most 500"),
        ([{**GOOD, "cells": [str(n) for n in range(5001)]}], "at most 5000"),
    ],
)
def test_an_outline_that_is_none_is_refused(given: Any, words: str) -> None:
    with pytest.raises(OutlineError, match=words):
        check_exercises(given, "D1")


def test_what_the_command_line_prints_is_an_outline() -> None:
    (exercise,) = check_exercises(
        [{**GOOD, "headings": ["Day 1"], "summaries": ["S"], "solutions": ["text"]}], "D1"
    )
    assert exercise == Exercise("D1", "one", "Exercise 1", ("a",), ("one",), ("text",))
