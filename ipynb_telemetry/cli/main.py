"""`jupyter telemetry`, from a terminal. Each verb is a file in `commands`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from .. import __version__
from .arguments import Parser, given, meant, verb_of
from .commands import (
    access,
    answers,
    backup,
    codes,
    collect,
    configure,
    disable,
    doctor,
    enable,
    export,
    forget,
    forward,
    hub_config,
    join,
    notice,
    outline,
    posthog,
    roster,
    simulate,
    status,
)
from .report import CommandError, Report, UsageError

VERBS = {
    verb.__name__.rpartition(".")[2].replace("_", "-"): verb
    for verb in (
        enable,
        disable,
        status,
        outline,
        roster,
        codes,
        answers,
        access,
        collect,
        configure,
        notice,
        join,
        doctor,
        export,
        backup,
        forget,
        forward,
        simulate,
        hub_config,
        posthog,
    )
}


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
    words = given(arguments)
    parser, verbs = parsers()
    if not words:
        parser.print_help()
        return 0
    try:
        verb = verb_of(words)
        if verb is not None and verb not in verbs:
            parser.error(f"there is no verb {verb!r}{meant(verb, verbs)}")
        args, unknown = parser.parse_known_args(words)
        if unknown:
            verbs[args.verb].refuse(unknown)
    except SystemExit as error:  # argparse has printed its help, or what is wrong
        return int(error.code or 0)
    report = Report(args.verb, args.json)
    is_wrong = False
    try:
        VERBS[args.verb].run(args, report)
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


def parsers() -> tuple[Parser, dict[str, Parser]]:
    """Make the parser of the command, and give those of its verbs by name."""
    parser = Parser(
        prog="jupyter telemetry",
        description="Student telemetry for notebook courses, from a terminal.",
    )
    parser.add_argument("--version", action="version", version=f"ipynb-telemetry {__version__}")
    places = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs = {}
    for name, verb in VERBS.items():
        summary, _, description = verb.HELP.strip().partition("\n")
        sub = places.add_parser(
            name,
            help=summary,
            description=f"{summary}\n\n{description.strip()}",
            epilog=verb.EXAMPLES,
        )
        verb.add_arguments(sub)
        sub.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and do nothing"
        )
        sub.add_argument("--json", action="store_true", help="print one JSON document")
        verbs[name] = sub
    return parser, verbs


def _leave_stdout() -> None:
    """Keep Python from complaining at its end that the reader of its output, `head`, has gone."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
