"""`codes`: a code for each member of a roster, by which events name students."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..collectorfile import add_database_argument, aggregates, path_of
from ..exporttarget import print_rows
from ..report import CommandError, Report, UsageError

if TYPE_CHECKING:
    from ...answers.roster import Member

HELP = """\
say which code stands for whom of a roster

With the setting `identity` at "pseudonym" events name a student by a code, and have no name. A code
is made of the id in the roster and a secret of the course: the same id and secret make the
same code, on every computer and in every term. Two of its characters check the others, so that a
slip is noticed where it is typed.

Without FILE the roster is the one that is kept, and the secret is in a file beside the
collector's, readable by its owner only; it is made when it is first needed. Where the events go to
PostHog there is no collector that knows the codes: name the roster's FILE, and keep the file of the
secret. Whoever has secret and roster can tell whose a code is. Without the secret nobody makes the
same codes again: keep a copy where you keep passwords, and none where the events are.
"""
EXAMPLES = """\
examples:
  jupyter telemetry codes
  jupyter telemetry codes class.csv --secret course.secret --csv
"""
# For the reference; a test holds it to what is said, but for the codes.
OUTPUT = """\
$ jupyter telemetry codes class.csv --secret course.secret
id        name      group  code
JOHN_DOE  John Doe  A      d14w-r9gp-ax34
ANN_LEE   Ann Lee   B      npxx-srx7-k42c
TEACHER                    dx9x-6k54-prrs

3 codes by the secret in course.secret
"""
_COLUMNS = ("id", "name", "group", "code")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="the roster; else the one that is kept"
    )
    parser.add_argument(
        "--secret", metavar="FILE", help="the file of the secret; else the one of the collector"
    )
    parser.add_argument("--csv", action="store_true", help="write CSV, as spreadsheets read it")
    add_database_argument(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Print the codes of the members, of staff too: under these, staff count nowhere."""
    from ...answers.codesecret import SecretError, make_secret, read_secret, secret_file
    from ...answers.studentcodes import code_of

    if args.csv and args.json:
        raise UsageError("--csv and --json are two forms of one output: give one of them")
    members = _members(args)
    path = Path(args.secret) if args.secret else secret_file(path_of(args))
    try:
        if args.dry_run and read_secret(path) is None:
            report.line(f"a secret would be made in {path}")
            return
        secret, is_made = make_secret(path)
    except SecretError as error:
        raise CommandError(f"{path} {error}") from error
    rows = [(each.id, each.name, each.group, code_of(secret, each.id)) for each in members]
    report.document.update(
        codes=[dict(zip(_COLUMNS, row, strict=True)) for row in rows],
        secret_file=str(path),
        is_secret_new=is_made,
    )
    if args.csv:
        _write(rows)
    else:
        report.table(list(_COLUMNS), [list(row) for row in rows])
        report.line()
        report.line(f"{len(rows)} code{'' if len(rows) == 1 else 's'} by the secret in {path}")
    if is_made:
        report.note(
            f"the secret in {path} is new, and for its owner only: without it nobody makes the same"
            " codes again"
        )


def _members(args: argparse.Namespace) -> list[Member]:
    from ...answers.members import read_members
    from ...answers.roster import RosterError, read_roster

    if args.file is None:
        with aggregates(args) as snapshot:
            members = [*read_members(snapshot.connection)]
        if not members:
            raise CommandError("no roster is kept: give FILE, or see jupyter telemetry roster")
        return members
    try:
        return [*read_roster(Path(args.file))]
    except RosterError as error:
        raise CommandError(f"{args.file} {error}") from error


def _write(rows: Iterable[Sequence[str]]) -> None:
    named = (dict(zip(_COLUMNS, row, strict=True)) for row in rows)
    print_rows(dict.fromkeys(_COLUMNS, str), named)
