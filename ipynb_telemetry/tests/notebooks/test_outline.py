"""Exercises, told by headings and tests."""

from __future__ import annotations

from typing import Any

import pytest

from ipynb_telemetry.notebooks.outline import Exercise, outline_of_cells

Cell = dict[str, Any]


def text(source: str, **metadata: Any) -> Cell:
    return {"cell_type": "markdown", "source": source, "metadata": metadata}


def code(cell_id: str, *tests: str, **metadata: Any) -> Cell:
    lines = [f"@tracked_test({test!r})\ndef t(): pass\n" for test in tests]
    return {
        "cell_type": "code",
        "id": cell_id,
        "source": "".join(lines) or f"x = {cell_id!r}",
        "metadata": metadata,
    }


def outline(*cells: Cell) -> list[Exercise]:
    return outline_of_cells(cells)


def short(exercises: list[Exercise]) -> list[tuple[str, list[str], list[str]]]:
    return [(each.title, [*each.cells], [*each.tests]) for each in exercises]


def test_a_section_with_its_parts_is_an_exercise() -> None:
    exercises = outline(
        text("# Day 1"),
        code("setup"),
        text("## Exercise 1"),
        text("### Task"),
        code("a"),
        text("### Test"),
        code("b", "one"),
        text("### Solution\n<details><summary>Solution 1</summary>x</details>"),
        text("## Exercise 2"),
        code("c"),
        code("d", "two", "three"),
        code("e", "four"),
        text("## Afterword"),
        code("f"),
    )
    assert exercises == [
        Exercise(
            id="one",
            title="Exercise 1",
            headings=("Day 1", "Exercise 1"),
            cells=("a", "b"),
            tests=("one",),
            summaries=("Solution 1",),
            solutions=("25f9bd61a8f4afff",),
        ),
        Exercise(
            id="two",
            title="Exercise 2",
            headings=("Day 1", "Exercise 2"),
            cells=("c", "d", "e"),
            tests=("two", "three", "four"),
        ),
    ]


def test_parts_with_tests_of_their_own_are_exercises() -> None:
    cells = [
        text("## Statistics"),
        text("### Mean"),
        code("a", "mean"),
        text("### Median"),
        code("b", "median"),
        text("## Words"),
        code("c", "words"),
    ]
    assert short(outline(*cells)) == [
        ("Mean", ["a"], ["mean"]),
        ("Median", ["b"], ["median"]),
        ("Words", ["c"], ["words"]),
    ]


def test_turns_of_code_and_tests_below_a_heading() -> None:
    cells = [
        text("# Loops"),
        code("a"),
        code("b", "first"),
        code("c"),
        text("a hint"),
        code("d", "second"),
        code("e"),
    ]
    assert short(outline(*cells)) == [
        ("Loops: first", ["a", "b"], ["first"]),
        ("Loops: second", ["c", "d", "e"], ["second"]),
    ]


def test_the_title_of_the_notebook_is_no_exercise_unless_it_is_alone() -> None:
    only = outline(text("# Day 1"), text("## Exercise 1"), code("a", "one"))
    assert short(only) == [("Exercise 1", ["a"], ["one"])]
    assert short(outline(text("# Day 1"), code("a", "one"))) == [("Day 1", ["a"], ["one"])]
    assert short(outline(code("a"), code("b", "one"))) == [("one", ["a", "b"], ["one"])]


def test_without_tests_each_heading_with_code_is_an_exercise() -> None:
    cells = [
        code("before"),
        text("# Day 1"),
        text("## A"),
        code("a"),
        code("b"),
        text("## Words"),
        text("## B\n<details><summary>S</summary></details>"),
        code("c"),
    ]
    exercises = outline(*cells)
    assert short(exercises) == [("A", ["a", "b"], []), ("B", ["c"], [])]
    assert [each.id for each in exercises] == ["a", "c"]
    assert exercises[1].summaries == ("S",)
    assert outline(code("a")) == []
    assert outline() == []


def test_an_exercise_named_by_hand() -> None:
    cells = [
        text("## Part"),
        code("intro", ipynb_telemetry={"exercise": False}),
        code("a", ipynb_telemetry={"exercise": "  Warm \n up "}),
        code("b"),
        code("c", "one", ipynb_telemetry={"exercise": "Second"}),
        text("## Next"),
        code("d", "two"),
        text("### Deep", ipynb_telemetry={"exercise": "By a text"}),
        code("e"),
    ]
    assert short(outline(*cells)) == [
        ("Warm up", ["a", "b"], []),
        ("Second", ["c"], ["one"]),
        ("Next", ["d"], ["two"]),
        ("By a text", ["e"], []),
    ]


@pytest.mark.parametrize("given", [7, "", " ", None, True, [], {}])
def test_a_name_that_is_none_counts_for_nothing(given: Any) -> None:
    cells = [text("## A"), code("a", "one", ipynb_telemetry={"exercise": given})]
    assert short(outline(*cells)) == [("A", ["a"], ["one"])]
    assert short(outline(text("## A"), code("a", "one", ipynb_telemetry=given))) == [
        ("A", ["a"], ["one"])
    ]


def test_ids_are_each_exercise_s_own() -> None:
    cells = [text("## A"), code("a", "same"), text("## B"), code("b", "same")]
    assert [each.id for each in outline(*cells)] == ["same", "same-2"]


def test_cells_of_an_old_format_have_the_ids_that_the_page_gives_them() -> None:
    cells = [text("## A"), {**code("a", "one"), "id": "stray"}]
    (with_ids,) = outline_of_cells(cells)
    (without,) = outline_of_cells(cells, has_ids=False)
    assert with_ids.cells == ("stray",)
    assert len(without.cells[0]) == 16
    assert without.tests == ("one",)
