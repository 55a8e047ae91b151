"""Another class key, or another instructor's key, in the file of a class collector."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from .report import CommandError, Report

if TYPE_CHECKING:
    from sqlite3 import Connection

_PATIENCE_S = 10.0


def change_keys(args: argparse.Namespace, path: Path, report: Report) -> None:
    """Put other keys in force, as the arguments say; a collector that runs takes them.

    Raises:
        CommandError: the file is none of a class collector, or cannot be used.
    """
    from ..classcollector.keyring import now_ms
    from ..classcollector.keys import hash_instructor_key, new_instructor_key
    from ..classcollector.keytables import (
        read_keys,
        read_place,
        replace_instructor_key,
        rotate_class_key,
    )
    from ..settings.destination import Destination
    from ..settings.joinstring import JoinString, write_join_string
    from ..store.database import Database, StoreUnavailableError, transaction

    if not path.is_file():
        raise CommandError(f"{path} is not there: the collector makes it when it starts first")
    log = logging.getLogger(__name__)
    log.addHandler(logging.NullHandler())
    log.propagate = False
    database = Database(str(path), log, _PATIENCE_S)

    said: list[str] = []

    def change(connection: Connection) -> None:
        with transaction(connection):
            place = read_place(connection)
            if place is None or read_keys(connection) is None:
                raise CommandError(f"{path} is no file of a class collector that ever ran")
            if args.dry_run:
                said.append(f"a key in {path} would be changed")
                return
            if args.rotate_key:
                key = rotate_class_key(connection, now_ms(), round(args.grace * 60_000))
                destination = Destination(place.url, key, place.fingerprint)
                line = write_join_string(JoinString(place.class_name, destination))
                report.document.update(class_key=key, join=line, grace_minutes=args.grace)
                said.extend(_for_students(line, args.grace))
            if args.new_instructor_key:
                key = new_instructor_key()
                replace_instructor_key(connection, hash_instructor_key(key))
                report.document.update(instructor_key=key)
                said.extend(["Instructors log in with this key, shown this once:", f"  {key}"])

    try:
        database.use(change)
    except StoreUnavailableError as error:
        raise CommandError(f"{path} cannot be written to: {error.__cause__}") from error
    finally:
        database.close()
    report.tell(said)


def _for_students(line: str, grace: float) -> list[str]:
    until = f"for {grace:g} minutes more" if grace else "no longer"
    return [
        f"The key before is taken {until}. Students enter again, once:",
        f'  jupyter telemetry join "{line}"',
    ]
