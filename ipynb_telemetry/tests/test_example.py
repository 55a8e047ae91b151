# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The example notebook, cell by cell in a real kernel, as a student would run it."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from .kernel.frontend import FrontEnd, a_page, running_kernel

PATH = Path(__file__).parents[2] / "examples" / "D1_Python_Tooling.ipynb"
NOTEBOOK = nbformat.read(PATH, as_version=nbformat.NO_CONVERT)
CELLS: dict[str, Any] = {cell.id: cell for cell in NOTEBOOK.cells}
EXERCISES = [f"ex{number}" for number in range(1, 8)]
DETAILS = re.compile(
    r"<details>\n<summary>Solution (\d): .+</summary>\n\n```python\n(.+)\n```\n\n</details>",
    re.DOTALL,
)


def solution(exercise: str) -> str:
    details = DETAILS.fullmatch(CELLS[f"{exercise}-solution"].source)
    assert details is not None
    return details[2]


def run_all(page: FrontEnd, solved: bool) -> dict[str, dict[str, Any]]:
    """Run every code cell, also after an error.

    Returns:
        For each cell id the kernel's reply, what was printed, and the events captured.
    """
    results = {}
    for cell_id, cell in CELLS.items():
        if cell.cell_type == "code":
            exercise, _, part = cell_id.partition("-")
            is_exercise = exercise in EXERCISES and part == "code"
            events = page.events(solution(exercise) if solved and is_exercise else cell.source)
            printed = "".join(content["text"] for content in page.contents("stream"))
            results[cell_id] = {"reply": page.reply, "printed": printed, "events": events}
    return results


def test_it_is_a_valid_flagged_notebook_as_a_course_hands_it_out() -> None:
    nbformat.validate(NOTEBOOK)
    assert (NOTEBOOK.nbformat, NOTEBOOK.nbformat_minor) == (4, 5)
    assert NOTEBOOK.metadata.ipynb_telemetry == {"enabled": True, "notebook": PATH.stem}
    assert NOTEBOOK.metadata.kernelspec.name == "python3"
    assert NOTEBOOK.metadata.language_info.name == "python"
    assert len(CELLS) == len(NOTEBOOK.cells)
    for cell in NOTEBOOK.cells:
        assert re.fullmatch(r"[a-z]+[0-9]?(-[a-z]+)?", cell.id), f"{cell.id} is no readable id"
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
    parts = ("", "-code", "-test", "-solution")
    found = [cell.id for cell in NOTEBOOK.cells if re.match(r"ex\d", cell.id)]
    assert found == [exercise + part for exercise in EXERCISES for part in parts]


def test_it_needs_nothing_but_the_standard_library() -> None:
    modules: set[str] = set()
    for cell in (cell.source for cell in NOTEBOOK.cells if cell.cell_type == "code"):
        for node in ast.walk(ast.parse(cell)):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                modules.add(node.module)
    modules.remove("ipynb_telemetry.bootstrap")  # the set-up cell does without it
    assert modules
    assert {module.partition(".")[0] for module in modules} <= sys.stdlib_module_names


@pytest.mark.parametrize("solved", [False, True])
def test_a_test_fails_until_its_exercise_is_solved(tmp_path: Path, solved: bool) -> None:
    with running_kernel(tmp_path) as kernel, a_page(kernel) as page:
        page.load()
        page.open()
        results = run_all(page, solved)
    tests = {exercise: results.pop(f"{exercise}-test") for exercise in EXERCISES}
    assert {
        cell_id for cell_id, cell in results.items() if cell["reply"]["status"] != "ok"
    } == set()
    for exercise, cell in tests.items():
        [(event, properties)] = cell["events"]
        assert properties["test"].startswith(f"{exercise[2:]} ")
        if solved:
            assert cell["reply"]["status"] == "ok"
            assert cell["printed"] == f"TEST PASSED: {properties['test']}\n"
            assert (event, properties["error"]) == ("test_passed", None)
        else:
            # The sixth exercise is to find the reason for an exception.
            expected = "KeyError" if exercise == "ex6" else "AssertionError"
            assert cell["reply"]["ename"] == expected
            assert cell["printed"].startswith(f"TEST FAILED: {properties['test']} - ")
            assert (event, properties["error"]["name"]) == ("test_failed", expected)


@pytest.mark.parametrize("installed", [True, False])
def test_it_also_runs_where_the_extension_is_not(tmp_path: Path, installed: bool) -> None:
    with running_kernel(tmp_path) as kernel, a_page(kernel) as page:
        if not installed:
            page.run("import sys; sys.modules['ipynb_telemetry'] = None", silent=True)
        results = run_all(page, solved=True)
    for exercise in EXERCISES:
        cell = results[f"{exercise}-test"]
        assert cell["reply"]["status"] == "ok"
        assert cell["events"] == []
        assert ("TEST PASSED" in cell["printed"]) is installed
    assert ("prints nothing has passed" in results["setup"]["printed"]) is not installed
