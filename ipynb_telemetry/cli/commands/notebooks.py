"""Which notebooks a command means: files, folders and patterns."""

from __future__ import annotations

import argparse
import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ...notebooks.notebookfile import NotebookError, NotebookFile
from ..report import CommandError, Report, progress

SUFFIX = ".ipynb"


def add_notebook_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a command take notebooks."""
    parser.add_argument(
        "notebooks",
        nargs="+",
        metavar="NOTEBOOK",
        help="a notebook, a folder (with all below it), or a pattern such as 'week?/**/*.ipynb'",
    )


def read_notebooks(paths: Sequence[Path], report: Report) -> Iterator[NotebookFile]:
    """Read each file; a file that is no notebook is a problem, and does not stop the others."""
    for path in progress(paths, len(paths), "notebooks"):
        try:
            yield NotebookFile(path)
        except NotebookError as error:
            report.problem(f"{path} {error}; skipped")


def find_notebooks(arguments: Sequence[str], report: Report) -> list[Path]:
    """Give the notebooks that are meant, each once, in the order they are named.

    A folder means all notebooks in and below it, but for those in hidden folders, such as
    `.ipynb_checkpoints`. A name of a file that is not there is a problem.

    Raises:
        CommandError: there is none at all.
    """
    found: dict[str, Path] = {}
    for argument in arguments:
        paths = list(_expand(argument))
        if not paths:
            report.problem(f"{argument}: no notebook is there")
        for path in paths:
            found.setdefault(os.path.normcase(os.path.realpath(path)), path)
    if not found:
        raise CommandError("nothing to do")
    return list(found.values())


def _expand(argument: str) -> Iterator[Path]:
    path = Path(argument)
    if path.is_dir():
        yield from _below(path)
    elif path.exists():
        yield path
    # A pattern that no shell has expanded, as on Windows or in quotes.
    elif glob.has_magic(argument):
        for name in sorted(glob.glob(argument, recursive=True)):
            found = Path(name)
            if found.is_dir():
                yield from _below(found)
            elif found.suffix == SUFFIX:
                yield found


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(SUFFIX) and not name.startswith("."):
                yield Path(place, name)
