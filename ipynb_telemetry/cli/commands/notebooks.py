"""Which notebooks a command means: files, folders and patterns."""

from __future__ import annotations

import argparse
import glob
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ...notebooks.errors import NotebookError
from ...notebooks.notebookfile import NotebookFile
from ...notebooks.textnotebook import (
    TEXT_SUFFIXES,
    TextNotebook,
    is_text_notebook,
    is_text_suffix,
)
from ..report import CommandError, Report, progress

SUFFIX = ".ipynb"

Notebook = NotebookFile | TextNotebook


def add_notebook_arguments(parser: argparse.ArgumentParser) -> None:
    """Let a command take notebooks."""
    parser.add_argument(
        "notebooks",
        nargs="+",
        metavar="NOTEBOOK",
        help="a notebook, a folder (with all below it), or a pattern such as 'week?/**/*.ipynb'",
    )


def read_notebooks(
    paths: Sequence[Path], report: Report, new_header: bool = False
) -> Iterator[Notebook]:
    """Read each file; a file that is no notebook is a problem, and does not stop the others.

    Args:
        paths: of the files.
        report: what a file's trouble is told to.
        new_header: whether to give a text that is no notebook yet a header.
    """
    for path in progress(paths, len(paths), "notebooks"):
        try:
            is_text = is_text_suffix(path)
            notebook = TextNotebook(path, new_header) if is_text else NotebookFile(path)
        except NotebookError as error:
            report.problem(f"{path} {error}; skipped")
            continue
        if notebook.flaw:
            report.note(f"{path}: Jupyter opens it, though nbformat refuses it: {notebook.flaw}")
        yield notebook


def find_notebooks(arguments: Sequence[str], report: Report) -> list[Path]:
    """Give the notebooks that are meant, each once, in the order they are named.

    A folder means all notebooks in and below it, but for those in hidden folders, such as
    `.ipynb_checkpoints`. A Markdown file or a script is a notebook there, and for a pattern, when
    it has a notebook's header. The text of a pair comes after its `.ipynb` file, also where only
    that is named. A name of a file that is not there is a problem.

    Raises:
        CommandError: there is none at all.
    """
    found: dict[str, Path] = {}
    missing: list[str] = []
    for argument in arguments:
        paths = list(_expand(argument))
        if not paths:
            missing.append(argument)
        for path in paths:
            found.setdefault(os.path.normcase(os.path.realpath(path)), path)
    if not found:
        raise CommandError(f"no notebook is at {', '.join(missing)}")
    for argument in missing:
        report.problem(f"no notebook is at {argument}")
    ordered: dict[str, Path] = {}
    for key, path in found.items():
        ordered[key] = path
        for twin in _twins(path):
            same = os.path.normcase(os.path.realpath(twin))
            ordered.pop(same, None)
            ordered[same] = found.get(same, twin)
    return list(ordered.values())


def pair_of(path: Path) -> Path:
    """Give what the files of a pair have in common, and no other file has."""
    return path.absolute().with_suffix("")


class PairWriter:
    """Writes notebooks; the text of a pair after its `.ipynb` file.

    Jupytext opens no `.ipynb` file that is newer than its text and says something else.
    """

    def __init__(self) -> None:
        """Begin with nothing written."""
        self._written: set[Path] = set()

    def write(self, notebook: Notebook) -> None:
        """Write what is changed.

        Raises:
            NotebookError: nothing was written.
        """
        pair = pair_of(notebook.path)
        if isinstance(notebook, TextNotebook) and pair in self._written and not notebook.is_changed:
            with suppress(OSError):
                os.utime(notebook.path)
        if notebook.is_changed:
            notebook.write()
            self._written.add(pair)


def _twins(path: Path) -> Iterator[Path]:
    """Give the texts beside an `.ipynb` file that Jupytext takes for the same notebook."""
    if path.suffix == SUFFIX:
        for suffix in TEXT_SUFFIXES:
            twin = path.with_suffix(suffix)
            if twin.is_file() and is_text_notebook(twin):
                yield twin


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
            elif _is_notebook(found):
                yield found


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and _is_notebook(Path(place, name)):
                yield Path(place, name)


def _is_notebook(path: Path) -> bool:
    return path.suffix == SUFFIX or (is_text_suffix(path) and is_text_notebook(path))
