"""The reference of the command line in Markdown, made of the parsers.

`python -m ipynb_telemetry.cli.reference` prints the page, docs/reference/command-line.md.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator

from .arguments import STATUSES, Parser
from .main import VERBS, parsers

WIDTH = 80
_OPENING = """\
# The command line

`jupyter telemetry` comes with the package; `python -m ipynb_telemetry` is the same. `--help` after
a verb says what stands here. Results go to standard output, trouble and progress to standard error.
`--json` prints one document instead: `ok`, then what the verb found or did, then `problems` and
`notes`, two lists of sentences. On a terminal, tables fit its width and have colours, unless
`NO_COLOR` is set; in a file or a pipe they are plain text.
"""


def reference() -> str:
    """Give the whole page."""
    os.environ["COLUMNS"] = str(WIDTH + 2)  # argparse keeps two free
    _, verbs = parsers()
    parts = [_OPENING.strip(), "\n".join(_verbs()), "## Exit status", "\n".join(_statuses())]
    for name, parser in verbs.items():
        parts += _verb(name, parser)
    return "\n\n".join(parts) + "\n"


def _verbs() -> Iterator[str]:
    yield "| Verb | What the verb does |"
    yield "| --- | --- |"
    for name, verb in VERBS.items():
        yield f"| [`{name}`](#{name}) | {verb.HELP.strip().partition(chr(10))[0]} |"


def _statuses() -> Iterator[str]:
    yield "| Exit status | Meaning |"
    yield "| --- | --- |"
    for status, meaning in STATUSES.items():
        yield f"| {status} | {meaning} |"


def _verb(name: str, parser: Parser) -> Iterator[str]:
    verb = VERBS[name]
    vars(parser)["color"] = False  # Python 3.14 would colour what it prints
    summary, _, description = verb.HELP.strip().partition("\n")
    yield f"## {name}"
    yield f"{summary[0].upper()}{summary[1:]}."
    yield _code("text", parser.format_usage())
    yield description.strip()
    for group in parser._action_groups:
        rows = [row for action in group._group_actions if (row := _row(action, parser))]
        if rows:
            noun = "Argument" if group.title == "positional arguments" else "Option"
            noun = "Setting" if group.title == "settings" else noun
            yield "\n".join([f"| {noun} | Meaning |", "| --- | --- |", *rows])
    examples = verb.EXAMPLES.strip().partition("\n")[2]
    yield _code("bash", "\n".join(line.strip() for line in examples.splitlines()))
    yield "The output is, for instance:"
    yield _code("text", verb.OUTPUT)


def _row(action: argparse.Action, parser: Parser) -> str | None:
    if action.help == argparse.SUPPRESS:
        return None
    # The same words as in the help: `--format {csv,jsonl}`, and all names of a switch.
    formatter = parser._get_formatter()
    shown = formatter._format_action_invocation(action)
    meaning = formatter._expand_help(action) if action.help else ""
    words = re.sub(r"([*<])", r"\\\1", _cell(meaning))
    return f"| `{_cell(shown)}` | {words} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(language: str, text: str) -> str:
    return f"```{language}\n{text.strip()}\n```"


if __name__ == "__main__":
    sys.stdout.write(reference())
