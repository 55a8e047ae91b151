"""`enable`: the flag, and the set-up cell where it is wanted, in many notebooks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ...notebook_cells import get_telemetry_setup_cell, is_setup_cell, read_setup_arguments
from ...notebooks.errors import NotebookError
from ...notebooks.flag import FLAG, default_notebook_id, refuse_notebook_id
from ...notebooks.notebookfile import NotebookFile, source_of
from ...notebooks.pythonsource import count_calls
from ...notebooks.textnotebook import TextNotebook
from ..arguments import add_project_key
from ..report import Report, UsageError
from .notebooks import (
    Notebook,
    PairWriter,
    add_notebook_arguments,
    find_notebooks,
    pair_of,
    read_notebooks,
)

HELP = """\
turn telemetry on in notebooks

Writes the flag into the notebooks' metadata; an id that is there stays. Gives each cell that has
no id one, and makes the file one of notebook format 4.5 for that: events then tell a cell by the
same id in every place, with and without the extension. With --setup-cell, also puts the set-up
cell before the first code cell, for Colab, VS Code and other places without the extension.
Everything else in the files keeps its bytes.

Of Jupytext's notebooks (.md, .py, .Rmd, .R, .jl) the header is changed, where the flag stands and
a filter that has Jupytext keep it. A folder or pattern means those with a notebook's header only;
the text of a pair is changed with its .ipynb file.
"""
EXAMPLES = """\
examples:
  jupyter telemetry enable course/
  jupyter telemetry enable D1.ipynb --id D1_Python_Tooling --setup-cell
  jupyter telemetry enable course/ --course "Biology 1"
  jupyter telemetry enable 'week*/**/*.ipynb' --dry-run
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry enable course/
notebook                        telemetry  notebook id        set-up cell
course/D1_Python_Tooling.ipynb  turned on  D1_Python_Tooling  no
course/D2_Pandas.ipynb          was on     D2_Pandas          no
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_notebook_arguments(parser)
    parser.add_argument(
        "--id",
        metavar="NOTEBOOK_ID",
        help="id of the one notebook; else the one it has, else its file's name",
    )
    parser.add_argument(
        "--course",
        help="the course that the notebooks are of, in which a student's consent holds; else"
        " the one they have, else their folder is the course",
    )
    parser.add_argument(
        "--no-ids",
        action="store_true",
        help="leave cells without ids and the notebook's format as they are",
    )
    parser.add_argument(
        "--new-header",
        action="store_true",
        help="make a Markdown file or script that is named itself a notebook, by a header",
    )
    parser.add_argument(
        "--setup-cell", action="store_true", help="put the set-up cell into the notebooks, too"
    )
    parser.add_argument(
        "--host", help="with --setup-cell: PostHog's address, for places without settings"
    )
    add_project_key(parser, "with --setup-cell: the PostHog project key, phc_…")
    parser.add_argument(
        "--certificate",
        metavar="SHA256",
        help="with --setup-cell: the fingerprint of a class collector's own certificate",
    )


def run(args: argparse.Namespace, report: Report) -> None:
    """Enable each notebook, or say why not."""
    args.id = args.id and args.id.strip()
    if args.id is not None and (refusal := refuse_notebook_id(args.id)):
        raise UsageError(f"--id {refusal}")
    args.course = args.course and args.course.strip()
    if args.course is not None and (refusal := refuse_notebook_id(args.course)):
        raise UsageError(f"--course {refusal}")
    extra = {
        "host": args.host,
        "api_key": args.project_key,
        "certificate": args.certificate,
    }
    extra = {name: value for name, value in extra.items() if value is not None}
    if extra and not args.setup_cell:
        raise UsageError(
            "--host, --project-key and --certificate are for the set-up cell: add --setup-cell"
        )
    try:
        get_telemetry_setup_cell("id", **extra)
    except ValueError as error:
        raise UsageError(str(error)) from error
    paths = find_notebooks(args.notebooks, report)
    if args.id is not None and len({pair_of(path) for path in paths}) > 1:
        raise UsageError(f"--id is for one notebook, and these are {len(paths)}")

    done: list[dict[str, Any]] = []
    report.document["notebooks"] = done
    writer = PairWriter()
    ids: dict[Path, str] = {}
    for notebook in read_notebooks(paths, report, args.new_header):
        try:
            pair = pair_of(notebook.path)
            notebook_id = args.id or notebook.flag.notebook or ids.get(pair) or _new_id(notebook)
            ids[pair] = notebook_id
            notebook.set_flag(True, notebook_id, args.course)
            if not args.no_ids:
                notebook.give_ids()
            setup_cell = _set_up(notebook, notebook_id, args.setup_cell, extra)
            is_changed = notebook.is_changed
            if not args.dry_run:
                writer.write(notebook)
        except NotebookError as error:
            report.problem(f"{notebook.path} {error}; skipped")
            continue
        done.append(
            {
                "path": str(notebook.path),
                "id": notebook_id,
                "setup_cell": setup_cell,
                "cell_ids": notebook.ids,
                "changed": is_changed,
            }
        )
        if setup_cell == "edited":
            report.problem(f"{notebook.path}: its set-up cell was edited by hand; left as it is")
        if setup_cell == "no" and args.setup_cell and isinstance(notebook, TextNotebook):
            report.note(
                f"{notebook.path} is a text: it got no set-up cell; put the code that"
                " get_telemetry_setup_cell gives into its first cell"
            )
        elif setup_cell == "no" and args.setup_cell:
            report.note(
                f"{notebook.path} is a notebook in {notebook.language}: it got no set-up cell,"
                " which is Python"
            )
        if setup_cell == "own":
            report.note(f"{notebook.path} calls setup_telemetry itself; no set-up cell was added")
    would_be = "would be " if args.dry_run else ""
    rows = [
        [
            notebook["path"],
            f"{would_be}turned on" if notebook["changed"] else "was on",
            notebook["id"],
            notebook["setup_cell"],
        ]
        for notebook in done
    ]
    if rows:
        report.table(["notebook", "telemetry", "notebook id", "set-up cell"], rows)
    for notebook_id, same in same_id(done).items():
        report.note(f"{len(same)} notebooks have the id {notebook_id}: {', '.join(same)}")


def same_id(notebooks: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Give the ids that several notebooks have, with these notebooks' paths.

    Files that differ in their suffixes only are a pair of Jupytext's, and one notebook.
    """
    paths: dict[str, list[str]] = {}
    for notebook in notebooks:
        if notebook["id"] is not None:
            paths.setdefault(notebook["id"], []).append(notebook["path"])
    return {
        notebook_id: same
        for notebook_id, same in paths.items()
        if len({Path(path).with_suffix("") for path in same}) > 1
    }


def setup_cell_of(notebook: Notebook) -> str:
    """Tell what set-up cell a notebook has.

    Returns:
        `yes`: as it was made; `edited`: ours, changed by hand; `own`: no such cell, but code
        that calls `setup_telemetry`; `no`.
    """
    cells = [cell for cell in notebook.cells if cell["cell_type"] == "code"]
    for cell in cells:
        if is_setup_cell(cell):
            return "yes" if read_setup_arguments(cell) else "edited"
    calls = any(count_calls(source_of(cell), "setup_telemetry") for cell in cells)
    return "own" if calls else "no"


def _new_id(notebook: Notebook) -> str:
    name = default_notebook_id(notebook.path)
    if refusal := refuse_notebook_id(name):
        raise NotebookError(f"needs an --id: the file's name will not do, it {refusal}")
    return name


def _set_up(notebook: Notebook, notebook_id: str, is_wanted: bool, extra: dict[str, Any]) -> str:
    """Put the set-up cell in, or bring a cell that is there up to date; see `setup_cell_of`."""
    found = setup_cell_of(notebook)
    if isinstance(notebook, TextNotebook):
        return found
    try:
        if found == "yes":
            index = next(i for i, cell in enumerate(notebook.cells) if is_setup_cell(cell))
            cell = notebook.cells[index]
            arguments = {**(read_setup_arguments(cell) or {}), **extra, "notebook_id": notebook_id}
            wanted = get_telemetry_setup_cell(**arguments)
            if wanted.source != source_of(cell):
                notebook.set_source(index, wanted.source)
            if wanted.metadata[FLAG] != cell["metadata"][FLAG]:
                notebook.set_metadata(index, FLAG, dict(wanted.metadata[FLAG]))
        elif found == "no" and is_wanted and (notebook.language or "python").lower() == "python":
            cell = dict(get_telemetry_setup_cell(notebook_id, **extra))
            cell["source"] = cell["source"].splitlines(keepends=True)
            # Jupyter writes the keys of a cell in this order.
            notebook.insert_cell(_first_code(notebook), dict(sorted(cell.items())))
            return "yes"
    except ValueError as error:
        raise NotebookError(f"can have no set-up cell: {error}; give another --id") from error
    return found


def _first_code(notebook: NotebookFile) -> int:
    """Give the place for the set-up cell: before all code, and below the title."""
    kinds = [cell["cell_type"] for cell in notebook.cells]
    return kinds.index("code") if "code" in kinds else len(kinds)
