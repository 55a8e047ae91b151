"""`outline`: the exercises of notebooks, as headings and tests tell them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple

from ...notebooks.flag import default_notebook_id
from ...notebooks.notebookfile import NotebookFile
from ...notebooks.outline import Exercise, outline_of
from ...notebooks.textnotebook import TextNotebook
from ..collectorfile import add_database_argument, change
from ..report import CommandError, Report
from .notebooks import add_notebook_arguments, find_notebooks, read_notebooks

if TYPE_CHECKING:
    from sqlite3 import Connection

HELP = """\
show the exercises of notebooks

An exercise is told by headings and tests: the tests of a section, with the code before them. Shows
for each its title, its tests and how many solutions are folded away in it, and checks that each
test belongs to one exercise. A cell's metadata name an exercise by hand, as in
{"ipynb_telemetry": {"exercise": "Name"}}, or leave the cell out with false. Notebooks are never
changed. --save keeps the outlines in the embedded collector's file, for the answers about the
class; an exercise that shares tests or cells with one of before stays that one.
"""
EXAMPLES = """\
examples:
  jupyter telemetry outline course/
  jupyter telemetry outline course/D1_Python_Tooling.ipynb --json
  jupyter telemetry outline course/ --save
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry outline course/D1_Python_Tooling.ipynb
notebook           exercise                     tests                   solutions
D1_Python_Tooling  1. Virtual environments      1 virtual environment   1
D1_Python_Tooling  2. pip and requirements      2 parse a requirement   1
D1_Python_Tooling  3. Imports                   3 most common word      1
D1_Python_Tooling  4. Functions and type hints  4 mean with type hints  1
D1_Python_Tooling  5. Reading files             5 read a CSV file       1
D1_Python_Tooling  6. Debugging an exception    6 debug an exception    1
D1_Python_Tooling  7. Tests                     7 write a test          1

7 exercises in 1 notebook, 7 tests
"""


class Outline(NamedTuple):
    """The outline of a file.

    Attributes:
        path: of the file, as it was found.
        notebook: the notebook's id.
        exercises: in their order.
    """

    path: str
    notebook: str
    exercises: Sequence[Exercise]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_notebook_arguments(parser)
    parser.add_argument(
        "--save", action="store_true", help="keep the outlines for the answers about the class"
    )
    add_database_argument(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Read each notebook, and check the outlines."""
    outlines = list(read_outlines(args.notebooks, report))
    report.document["notebooks"] = [
        {
            "path": outline.path,
            "notebook": outline.notebook,
            "exercises": [asdict(exercise) for exercise in outline.exercises],
        }
        for outline in outlines
    ]
    if outlines:
        rows = [
            [
                outline.notebook,
                exercise.title,
                ", ".join(exercise.tests),
                str(len(exercise.summaries) or ""),
            ]
            for outline in outlines
            for exercise in outline.exercises
        ]
        if rows:
            report.table(["notebook", "exercise", "tests", "solutions"], rows)
            report.line()
        tests = sum(len(each.tests) for outline in outlines for each in outline.exercises)
        report.line(
            f"{_many(len(rows), 'exercise')} in {_many(len(outlines), 'notebook')},"
            f" {_many(tests, 'test')}"
        )
    problems = list(_problems(outlines))
    for problem in problems:
        report.problem(problem)
    if args.save and problems:
        report.note("nothing is kept while something means two things")
    elif args.save:
        _save([outline for outline in outlines if outline.exercises], args, report)


def _save(outlines: Sequence[Outline], args: argparse.Namespace, report: Report) -> None:
    from ...answers.outlinesaving import OutlineError, check_exercises, save_outline

    try:
        checked = {
            outline.notebook: check_exercises(
                [asdict(exercise) for exercise in outline.exercises], outline.notebook
            )
            for outline in outlines
        }
    except OutlineError as error:
        raise CommandError(str(error)) from error

    def save(connection: Connection) -> None:
        for notebook, exercises in checked.items():
            save_outline(connection, notebook, exercises)

    if not args.dry_run and checked:
        change(args, save)
    report.document["saved"] = [] if args.dry_run else [*checked]
    kept = "would be kept" if args.dry_run else "kept"
    report.line(f"{_many(len(checked), 'outline')} {kept}")


def read_outlines(names: Sequence[str], report: Report) -> Iterator[Outline]:
    """Give the outlines of notebooks and of those in folders, and note what is odd about them."""
    paths = find_notebooks(names, report)
    files = {path for path in paths if path.suffix == ".ipynb"}
    for notebook in read_notebooks(paths, report):
        if isinstance(notebook, TextNotebook):
            # The text of a pair says what its notebook says.
            if notebook.path.with_suffix(".ipynb") not in files:
                report.problem(
                    f"{notebook.path} is a text, whose outline is not read: make a notebook of it"
                    " with jupytext --to ipynb"
                )
            continue
        notebook_id = notebook.flag.notebook or default_notebook_id(notebook.path)
        if notebook.ids == "unsteady":
            report.note(
                f"{notebook.path}: some cells have no id or one that is there twice, so events"
                " name them otherwise; jupyter telemetry enable writes ids into the files"
            )
        yield Outline(str(notebook.path), notebook_id, _exercises(notebook, report))


def _exercises(notebook: NotebookFile, report: Report) -> list[Exercise]:
    exercises = outline_of(notebook)
    if not exercises:
        report.note(f"{notebook.path} has no exercises: neither tests nor code below a heading")
    elif not any(exercise.tests for exercise in exercises):
        report.note(f"{notebook.path} has no tests: each heading with code is an exercise")
    return exercises


def _problems(outlines: Sequence[Outline]) -> Iterator[str]:
    """Say which tests and notebook ids mean several things."""
    files: dict[str, list[str]] = {}
    for outline in outlines:
        files.setdefault(outline.notebook, []).append(outline.path)
        owners: dict[str, list[str]] = {}
        for exercise in outline.exercises:
            for test in exercise.tests:
                owners.setdefault(test, []).append(exercise.title)
        for test, titles in owners.items():
            if len(titles) > 1:
                yield (
                    f"{outline.path}: the test {test} stands in {len(titles)} exercises"
                    f" ({', '.join(titles)}); a result counts for the first: rename the others"
                )
    for notebook_id, paths in files.items():
        if len(paths) > 1:
            yield (
                f"{len(paths)} notebooks have the id {notebook_id}: {', '.join(paths)}; events do"
                " not tell them apart: give each its own id with jupyter telemetry enable --id"
            )


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
