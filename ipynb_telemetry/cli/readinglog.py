"""What the command line reads of a class, in the access log too."""

from __future__ import annotations

import argparse
import getpass
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .collectorfile import change
from .report import CommandError, Report

if TYPE_CHECKING:
    import sqlite3

    from ..store.reading import Snapshot


def write_reading(
    args: argparse.Namespace, snapshot: Snapshot, students: Iterable[str], report: Report
) -> None:
    """Write down that the account that calls reads; where that fails, a note says so.

    Whoever may read the file needs no command for that: the line is for who wants to account.

    Args:
        args: name the file.
        snapshot: of the file; tables of another version are left as they are.
        students: those that are read of; none: all of the class.
        report: of the command.
    """
    from ..store.accesslog import Page, log_access
    from ..store.migrations import MIGRATIONS

    if snapshot.version != len(MIGRATIONS):
        return
    reader = f"{_account()} (command line)"
    pages = [Page(reader, student) for student in students] or [Page(reader)]

    def write(connection: sqlite3.Connection) -> None:
        for page in pages:
            log_access(connection, page, int(time.time() * 1000))

    try:
        change(args, write)
    except CommandError as error:
        report.note(f"the access log does not have this reading: {error}")


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        return "somebody"
