"""Simulated students in the collector's file, removed again."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import Any

from ..notebooks.errors import NotebookError
from ..notebooks.flag import default_notebook_id
from ..notebooks.notebookfile import NotebookFile
from .collectorfile import aggregates, path_of
from .report import CommandError, Report, working

_PATIENCE_S = 10.0


def remove(args: argparse.Namespace, report: Report) -> None:
    """Remove the simulated students that the arguments mean: of a notebook, or all.

    Raises:
        CommandError: the collector's file cannot be used.
    """
    from ..store.database import Database, StoreUnavailableError
    from ..store.removal import remove_events
    from ..store.simulated import find_expected, find_simulated
    from ..store.simulatedremoval import remove_expected

    with aggregates(args):
        pass  # a file that is none of this version's is neither changed nor set aside
    path = path_of(args)
    notebook = _notebook_id(args.notebook)
    log = logging.getLogger(__name__)
    log.addHandler(logging.NullHandler())
    log.propagate = False
    database = Database(str(path), log, _PATIENCE_S)
    try:
        found = find_simulated(database, notebook)
        expected = find_expected(database, found)
        events = sum(len(each.events) for each in found)
        removed = 0
        if not args.dry_run:
            with working("removing"):
                removed = sum(remove_events(database, found))
                if expected:
                    remove_expected(database, expected)
    except StoreUnavailableError as error:
        raise CommandError(f"{path} cannot be used at the moment: {error}") from error
    finally:
        database.close()
    students = len({each.student for each in found})
    document: dict[str, Any] = {"database": str(path), "notebook": notebook, "students": students}
    report.document.update(document, events=events, removed=removed, dry_run=args.dry_run)
    report.document.update(expected=len(expected))
    where = f" in {notebook}" if notebook else ""
    verb = "would be removed" if args.dry_run else "removed"
    if not events and not expected:
        report.line(f"no simulated student is there{where}")
    if events:
        many = f"{students} simulated student{'' if students == 1 else 's'}"
        report.line(f"{many}{where} with {events} event{'' if events == 1 else 's'} {verb}")
    if expected:
        many = f"{len(expected)} simulated student{'' if len(expected) == 1 else 's'}"
        report.line(f"{many} {verb} from the roster")


def _notebook_id(name: str | None) -> str | None:
    """Give the id of a notebook that is named by its file, or by its id."""
    if name is None or not Path(name).is_file():
        return name
    try:
        notebook = NotebookFile(Path(name))
    except NotebookError as error:
        raise CommandError(f"{name} {error}") from error
    return notebook.flag.notebook or default_notebook_id(notebook.path)
