"""The embedded collector's file, as a command finds it."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..settings.serverconfig import collector_file, server_config
from .report import CommandError

if TYPE_CHECKING:
    import sqlite3

    from ..store.reading import Snapshot

_PATIENCE_S = 5.0


def add_database_argument(parser: argparse.ArgumentParser) -> None:
    """Declare the option by which another file is named."""
    parser.add_argument(
        "--database", metavar="FILE", help="the collector's file; else the one Jupyter is set to"
    )


def path_of(args: argparse.Namespace) -> Path:
    """Give the file that is meant.

    Raises:
        CommandError: the server keeps its events in memory.
    """
    if args.database:
        return Path(args.database)
    path = collector_file(server_config())
    if path is None:
        raise CommandError("The server keeps its events in memory: ask its api/events instead.")
    return path


@contextmanager
def aggregates(args: argparse.Namespace) -> Iterator[Snapshot]:
    """Open the file for reading its aggregates, which only this version's tables have.

    Raises:
        CommandError: the file cannot be read, or is of another version.
    """
    from ..store.migrations import MIGRATIONS
    from ..store.reading import EventFileError, open_events

    path = path_of(args)
    try:
        with open_events(path) as snapshot:
            if snapshot.version < len(MIGRATIONS):
                raise CommandError(
                    f"{path} was last used by an older version: start Jupyter once, which builds"
                    " what the answers read"
                )
            if snapshot.version > len(MIGRATIONS):
                raise CommandError(f"{path} was written by a newer version of this package")
            yield snapshot
    except EventFileError as error:
        raise CommandError(str(error)) from error


def change(args: argparse.Namespace, work: Callable[[sqlite3.Connection], None]) -> None:
    """Change something in the file, beside a server that stores events; the file may be new.

    Raises:
        CommandError: the file cannot be written to.
    """
    from ..store.database import Database, StoreUnavailableError, transaction

    path = path_of(args)
    log = logging.getLogger(__name__)
    log.addHandler(logging.NullHandler())
    log.propagate = False
    database = Database(str(path), log, _PATIENCE_S)

    def write(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            work(connection)

    try:
        database.use(write)
    except StoreUnavailableError as error:
        raise CommandError(f"{path} cannot be written to: {error.__cause__}") from error
    finally:
        database.close()
