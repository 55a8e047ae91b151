"""`jupyter telemetry`, from a terminal. Each verb is a file in `commands`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from .. import __version__
from .commands import configure, disable, doctor, enable, export, status
from .report import CommandError, Report, UsageError

VERBS = (enable, disable, status, configure, doctor, export)
EPILOG = """\
exit status: 0 all is done and well; 1 something could not be done or needs attention, as the
lines on standard error say; 2 the arguments are wrong, nothing was done; 130 interrupted.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: those of the command line, without the program; None: of this process.

    Returns:
        The exit status: 0 well, 1 something is wrong, 2 wrong arguments, 130 interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal may lack characters a file's name has
            stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    try:
        args = parser.parse_args(arguments)
    except SystemExit as error:  # argparse has printed its help, or what is wrong
        return int(error.code or 0)
    report = Report(args.verb, args.json)
    is_wrong = False
    try:
        args.run(args, report)
    except CommandError as error:
        is_wrong = isinstance(error, UsageError)
        report.problem(str(error))
    except KeyboardInterrupt:
        print(f"\njupyter telemetry {args.verb}: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        _leave_stdout()
        return 1
    try:
        report.print()
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_stdout()
    return 2 if is_wrong else report.exit_status


def _parser() -> argparse.ArgumentParser:
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="jupyter telemetry",
        description="Student telemetry for notebook courses, from a terminal.",
        epilog=EPILOG,
        formatter_class=formatter,
    )
    parser.add_argument("--version", action="version", version=f"ipynb-telemetry {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in VERBS:
        name = verb.__name__.rpartition(".")[2]
        summary, _, description = verb.HELP.strip().partition("\n")
        sub = verbs.add_parser(
            name,
            help=summary,
            description=f"{summary}\n{description}",
            epilog=f"{verb.EXAMPLES.strip()}\n\n{EPILOG}",
            formatter_class=formatter,
            allow_abbrev=False,
        )
        verb.add_arguments(sub)
        sub.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and do nothing"
        )
        sub.add_argument("--json", action="store_true", help="print one JSON document")
        sub.set_defaults(run=verb.run)
    return parser


def _leave_stdout() -> None:
    """Keep Python from complaining at its end that the reader of its output, `head`, has gone."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
