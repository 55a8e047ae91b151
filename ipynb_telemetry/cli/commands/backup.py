"""`backup`: a copy of the collector's file, while the server runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..collectorfile import add_database_argument, path_of
from ..report import CommandError, Report, UsageError, working

HELP = """\
copy the collector's file while the server runs

FILE then holds every event that was acknowledged before, all that is counted, and for a class
collector its keys: keep the copy as you keep the original. The copy is one file, readable by you
only, and is checked before it takes its place. To use a copy, stop the server and put the copy in
the place of the collector's file, without the files -wal and -shm beside that.

A student who is erased later is not erased from copies: delete these, or call forget with
--database for each.
"""
EXAMPLES = """\
examples:
  jupyter telemetry backup events-backup.sqlite3
  jupyter telemetry backup /backup/cs1.sqlite3 --force --database /srv/course/cs1.sqlite3
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry backup events-backup.sqlite3
4 events are in events-backup.sqlite3
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="the copy, which must not be there yet")
    parser.add_argument("--force", action="store_true", help="replace FILE where it is there")
    add_database_argument(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Make the copy."""
    from ...answers.codesecret import secret_file
    from ...store.backup import back_up
    from ...store.reading import EventFileError

    path, target = path_of(args), Path(args.file)
    own = {Path(f"{path}{suffix}").resolve() for suffix in ("", "-wal", "-shm")}
    if target.resolve() in own:
        raise UsageError(f"{target} is the collector's own file")
    report.document.update(database=str(path), file=str(target))
    if args.dry_run:
        verb = "would be replaced" if target.exists() else "would be written"
        report.line(f"{target} {verb}")
        return
    try:
        with working("copying"):
            backup = back_up(path, target, is_replaced=args.force)
    except EventFileError as error:
        raise CommandError(str(error)) from error
    except FileExistsError as error:
        raise CommandError(f"{target} is there already: --force replaces it") from error
    except OSError as error:
        raise CommandError(f"{target} cannot be written: {error.strerror or error}") from error
    report.document.update(events=backup.events, bytes=backup.size)
    report.line(f"{backup.events} events are in {target}")
    secret = secret_file(path)
    if secret.exists():
        report.note(
            f"the secret of the students' codes is not in the copy: keep {secret} where no events"
            " are, or nobody will know whose a code is"
        )
