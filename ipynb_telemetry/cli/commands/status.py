"""`status`: which notebooks have telemetry, under which ids, and what tests they hold."""

from __future__ import annotations

import argparse
from typing import Any

from ...notebooks.notebookfile import NotebookFile, source_of
from ...notebooks.pythonsource import count_calls, count_decorated
from ..report import Report
from .enable import same_id, setup_cell_of
from .notebooks import add_notebook_arguments, find_notebooks, read_notebooks

HELP = """\
show which notebooks have telemetry

A table of notebook, flag, id, set-up cell and tests: tracked_test functions, cells that nbgrader
marks as tests, and checks of Otter. Says which id several notebooks share. Changes nothing.
"""
EXAMPLES = """\
examples:
  jupyter telemetry status course/
  jupyter telemetry status . --json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_notebook_arguments(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Look at each notebook."""
    seen: list[dict[str, Any]] = []
    for notebook in read_notebooks(find_notebooks(args.notebooks, report), report):
        flag = notebook.flag
        seen.append(
            {
                "path": str(notebook.path),
                "flag": "malformed" if flag.problem else "on" if flag.enabled else "off",
                "id": flag.notebook,
                "setup_cell": setup_cell_of(notebook),
                "tests": count_tests(notebook),
            }
        )
        if flag.problem:
            report.problem(f"{notebook.path} is off, its flag is malformed: {flag.problem}")
    same = same_id([notebook for notebook in seen if notebook["flag"] == "on"])
    report.document.update(notebooks=seen, same_id=same)
    if seen:
        report.table(
            ["notebook", "flag", "id", "set-up cell", "tests", "same id"],
            (
                [
                    notebook["path"],
                    notebook["flag"],
                    notebook["id"] or "",
                    notebook["setup_cell"],
                    str(sum(notebook["tests"].values())),
                    str(len(same[notebook["id"]])) if _shares(notebook, same) else "",
                ]
                for notebook in seen
            ),
        )
    for notebook_id, paths in same.items():
        report.note(f"{len(paths)} notebooks have the id {notebook_id}: {', '.join(paths)}")


def count_tests(notebook: NotebookFile) -> dict[str, int]:
    """Count a notebook's tests by kind: `tracked_test`, `nbgrader`, `otter`."""
    cells = [cell for cell in notebook.cells if cell["cell_type"] == "code"]
    return {
        "tracked_test": sum(count_decorated(source_of(cell), "tracked_test") for cell in cells),
        "nbgrader": sum(_is_autograded(cell["metadata"].get("nbgrader")) for cell in cells),
        "otter": sum(count_calls(source_of(cell), "grader.check") for cell in cells),
    }


def _is_autograded(mark: Any) -> bool:
    """Whether nbgrader's mark is that of a cell whose runs are results, as in nbgrader.ts."""
    if not isinstance(mark, dict) or not isinstance(mark.get("grade_id"), str):
        return False
    return mark.get("grade") is True and not any(
        mark.get(by) is True for by in ("solution", "task")
    )


def _shares(notebook: dict[str, Any], same: dict[str, list[str]]) -> bool:
    return notebook["flag"] == "on" and notebook["id"] in same
