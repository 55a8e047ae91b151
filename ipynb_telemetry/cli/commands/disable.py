"""`disable`: no flag that is on, and no set-up cell, in many notebooks."""

from __future__ import annotations

import argparse
from typing import Any

from ...notebook_cells import is_setup_cell
from ...notebooks.errors import NotebookError
from ...notebooks.notebookfile import NotebookFile
from ..report import Report
from .enable import setup_cell_of
from .notebooks import PairWriter, add_notebook_arguments, find_notebooks, read_notebooks

HELP = """\
turn telemetry off in notebooks

Sets the flag in the notebooks' metadata to off, where their id stays, and takes the set-up cell
out. A call of setup_telemetry that you wrote yourself is yours to remove, and named as a problem.
Everything else in the files keeps its bytes.
"""
EXAMPLES = """\
examples:
  jupyter telemetry disable course/
  jupyter telemetry disable D1.ipynb --dry-run
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry disable course/
notebook                        telemetry
course/D1_Python_Tooling.ipynb  was off
course/D2_Pandas.ipynb          turned off
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_notebook_arguments(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Disable each notebook, or say why not."""
    done: list[dict[str, Any]] = []
    report.document["notebooks"] = done
    writer = PairWriter()
    for notebook in read_notebooks(find_notebooks(args.notebooks, report), report):
        try:
            notebook.set_flag(False)
            if isinstance(notebook, NotebookFile):
                for index in reversed(range(len(notebook.cells))):
                    if is_setup_cell(notebook.cells[index]):
                        notebook.remove_cell(index)
            is_changed = notebook.is_changed
            if not args.dry_run:
                writer.write(notebook)
        except NotebookError as error:
            report.problem(f"{notebook.path} {error}; skipped")
            continue
        done.append({"path": str(notebook.path), "changed": is_changed})
        if setup_cell_of(notebook) == "own":
            report.problem(
                f"{notebook.path} still calls setup_telemetry, which turns telemetry on where"
                " there is no extension; remove that call"
            )
    would_be = "would be " if args.dry_run else ""
    rows = [
        [notebook["path"], f"{would_be}turned off" if notebook["changed"] else "was off"]
        for notebook in done
    ]
    if rows:
        report.table(["notebook", "telemetry"], rows)
