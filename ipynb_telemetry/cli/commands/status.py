"""`status`: which notebooks have telemetry, under which ids, and what tests they hold."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ...notebooks.celltests import nbgrader_test
from ...notebooks.notebookfile import source_of
from ...notebooks.pythonsource import count_calls, count_decorated
from ...notebooks.textnotebook import is_text_suffix
from ..report import Report
from .enable import same_id, setup_cell_of
from .notebooks import Notebook, add_notebook_arguments, find_notebooks, read_notebooks

HELP = """\
show which notebooks have telemetry

A table of notebook, telemetry (on or off), notebook id, set-up cell and tests: tracked_test
functions, cells that nbgrader marks as tests, and checks of Otter. Says which id several notebooks
share, and where cells have no ids in the file. Changes nothing.
"""
EXAMPLES = """\
examples:
  jupyter telemetry status course/
  jupyter telemetry status . --json
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry status course/
notebook                        telemetry  notebook id  set-up cell  tests
course/D1_Python_Tooling.ipynb  off                     no           7
course/D2_Pandas.ipynb          on         D2_Pandas    no           7

1 of 2 notebooks on, 14 tests
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
                "cell_ids": notebook.ids,
            }
        )
        if flag.problem:
            report.problem(f"{notebook.path} is off, its flag is malformed: {flag.problem}")
    same = same_id([notebook for notebook in seen if notebook["flag"] == "on"])
    report.document.update(notebooks=seen, same_id=same)
    if seen:
        rows = [
            [
                notebook["path"],
                notebook["flag"],
                notebook["id"] or "",
                notebook["setup_cell"],
                str(sum(notebook["tests"].values())),
                str(len(same[notebook["id"]])) if _shares(notebook, same) else "",
            ]
            for notebook in seen
        ]
        header = ["notebook", "telemetry", "notebook id", "set-up cell", "tests", "same id"]
        width = len(header) if same else len(header) - 1
        report.table(header[:width], [row[:width] for row in rows], states=1)
        on = sum(notebook["flag"] == "on" for notebook in seen)
        tests = sum(sum(notebook["tests"].values()) for notebook in seen)
        report.line()
        report.line(f"{on} of {_many(len(seen), 'notebook')} on, {_many(tests, 'test')}")
    _note_ids([notebook for notebook in seen if notebook["flag"] == "on"], report)
    for notebook_id, paths in same.items():
        report.note(f"{len(paths)} notebooks have the id {notebook_id}: {', '.join(paths)}")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _note_ids(notebooks: list[dict[str, Any]], report: Report) -> None:
    """Say where the ids of cells are not those of the file, and what to do."""
    mend = "jupyter telemetry enable writes ids into the files"
    derived = [
        notebook["path"]
        for notebook in notebooks
        # A text has no ids, and gets none.
        if notebook["cell_ids"] == "derived" and not is_text_suffix(Path(notebook["path"]))
    ]
    if derived:
        report.note(
            f"cells have no ids in {len(derived)} notebooks ({', '.join(derived[:3])}"
            f"{', …' if len(derived) > 3 else ''}): the extension derives them, other places"
            f" cannot; {mend}"
        )
    for notebook in notebooks:
        if notebook["cell_ids"] == "unsteady":
            report.note(
                f"{notebook['path']}: some cells have no id or one that is there twice, and get"
                f" another at each opening; {mend}"
            )


def count_tests(notebook: Notebook) -> dict[str, int]:
    """Count a notebook's tests by kind: `tracked_test`, `nbgrader`, `otter`."""
    cells = [cell for cell in notebook.cells if cell["cell_type"] == "code"]
    return {
        "tracked_test": sum(count_decorated(source_of(cell), "tracked_test") for cell in cells),
        "nbgrader": sum(len(nbgrader_test(cell["metadata"])) for cell in cells),
        "otter": sum(count_calls(source_of(cell), "grader.check") for cell in cells),
    }


def _shares(notebook: dict[str, Any], same: dict[str, list[str]]) -> bool:
    return notebook["flag"] == "on" and notebook["id"] in same
