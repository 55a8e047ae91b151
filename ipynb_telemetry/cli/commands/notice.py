"""`notice`: what students are told and asked, for the course page."""

from __future__ import annotations

import argparse
import json
from html import escape

from ...settings import labsettings
from ...settings.destination import Destination, DestinationError
from ...settings.inforce import SettingsUnavailableError, destination_of
from ...settings.notice import Notice, make_notice
from ..collectoptions import LIMITS
from ..report import CommandError, Report, UsageError

HELP = """\
print the notice that students read, for the course page

In the words of the dialog, made from the settings in force here: who is responsible, what is
recorded and what is not, where it goes, how long it is kept, and which rights students have. A
class collector is asked after how many days it deletes events. The settings privacyNotice, notice
and consent have what an administrator writes. With --json it is a document with the notice's hash,
which the events consent_given, consent_declined and consent_withdrawn carry as notice_hash.
"""
EXAMPLES = """\
examples:
  jupyter telemetry notice
  jupyter telemetry notice --html --retention-days 180
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry notice
Your course records what you do in this notebook. Your instructor uses it to help you.

- **Recorded:** when you open and close the notebook, which cells you run and whether they fail, their code, their output and errors, test results, which solutions you open, when you leave and return, how much you paste, cells that mark themselves, what the course\N{RIGHT SINGLE QUOTATION MARK}s own exercises report
- **Not recorded:** single keystrokes, pasted text, other tabs, passwords and keys in your code
- **Where:** Your records stay on the Jupyter server.

Students can also work without recording: the lesson stays the same.
"""  # noqa: E501


_PATIENCE_S = 5.0

_MODES = {
    "informed": "Students can also work without recording: the lesson stays the same.",
    "opt-in": "Nothing is recorded unless a student says yes. Either answer is remembered, and can"
    " be changed at any time.",
    "required": "A policy requires this recording.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="as Markdown; the default")
    form.add_argument("--html", action="store_true", help="as a part of a page in HTML")
    parser.add_argument(
        "--retention-days",
        type=int,
        metavar="N",
        help="say that the collector deletes events after so many days; without it, a class"
        " collector that events go to is asked, and nothing is said where none answers. A Jupyter"
        " server's own collector has the number in its configuration",
    )


def run(args: argparse.Namespace, report: Report) -> None:
    """Print the notice."""
    if args.retention_days is not None and args.retention_days < 1:
        raise UsageError("--retention-days is a number of days, from 1 on")
    try:
        values = labsettings.values_in_force()
    except SettingsUnavailableError as error:
        raise CommandError(f"the settings in force {error}") from error
    if values.get("privacyNotice") is None or values.get("events") is None:
        raise CommandError(
            "nothing is recorded: privacyNotice or events cannot be read;"
            " jupyter telemetry configure --show says why"
        )
    destination = _destination(values)
    days = args.retention_days or _retention_days(destination)
    notice = make_notice(values, _where(destination), days)
    report.document.update(
        mode=notice.mode,
        text=notice.text,
        lines=[{"label": label, "text": text} for label, text in notice.lines],
        link=notice.link,
        policy=notice.policy,
        hash=notice.hash,
    )
    for line in (_html if args.html else _markdown)(notice):
        report.line(line)


def _destination(values: dict[str, object]) -> Destination | None:
    try:
        return destination_of(values) or labsettings.hub_collector()
    except DestinationError:
        return None


def _retention_days(destination: Destination | None) -> int | None:
    """Ask a class collector after how many days it deletes events; None: never, or not told."""
    if destination is None or not destination.is_class_collector:
        return None
    from ...relay.askingclass import ask_class_collector  # slow to import

    answer = ask_class_collector(
        destination, "GET", "notice/retention", (), b"", "", timeout_s=_PATIENCE_S
    )
    days = json.loads(answer.body).get("retention_days") if answer.status == 200 else None
    return days if type(days) is int and 0 < days <= LIMITS["retention_days"][1] else None


def _where(destination: Destination | None) -> str:
    if destination is None:
        return "Your records stay on the Jupyter server."
    if destination.is_class_collector:
        return f"Your records are sent to the class's collector at {destination.host}."
    return f"Your records are sent to PostHog at {destination.host}."


def _closing(notice: Notice) -> list[str]:
    return [_MODES[notice.mode], *([notice.policy] if notice.policy else [])]


def _markdown(notice: Notice) -> list[str]:
    rows = [f"- **{label}:** {text}" for label, text in notice.lines]
    link = [f"[More about this recording]({notice.link})", ""] if notice.link else []
    closing = [line for text in _closing(notice) for line in (text, "")]
    return [notice.text, "", *rows, "", *link, *closing[:-1]]


def _html(notice: Notice) -> list[str]:
    rows = [
        line
        for label, text in notice.lines
        for line in (f"  <dt>{escape(label)}</dt>", f"  <dd>{escape(text)}</dd>")
    ]
    link = (
        [f'<p><a href="{escape(notice.link)}">More about this recording</a></p>']
        if notice.link
        else []
    )
    paragraphs = [f"<p>{escape(text)}</p>" for text in _closing(notice)]
    return [f"<p>{escape(notice.text)}</p>", "<dl>", *rows, "</dl>", *link, *paragraphs]
