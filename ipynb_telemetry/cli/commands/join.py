"""`join`: a student's Jupyter server sends to the class collector that a join string names."""

from __future__ import annotations

import argparse
import time
from typing import Any

from ...kernel.post import _NOT_PINNED, _UNTRUSTED
from ...relay.rules import Answer, judge
from ...relay.transport import post_batch
from ...settings import labsettings
from ...settings.inforce import SettingsUnavailableError
from ...settings.joinstring import JoinString, JoinStringError, read_join_string
from ...store.event import now_utc
from ..overridesfile import SCOPES, change_settings, overrides_path, tell_what_wins
from ..report import CommandError, Report, UsageError, working

HELP = """\
join a class: send what is recorded to its collector

Takes the line that your instructor shows, asks the collector whether the line is right, and writes
the settings: the collector's address, the class key and, where the line has the fingerprint of a
certificate, that this certificate alone is trusted. Your Jupyter server then sends, and keeps what
the collector does not take. Nothing is written unless the collector answers and takes the key.
"""
EXAMPLES = """\
examples:
  jupyter telemetry join "https://192.168.1.20:8443#cs1.tcw_KEY.FINGERPRINT"
  jupyter telemetry join --for sys-prefix "https://collector.school.example#cs1.tcw_KEY"
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry join "https://192.168.1.20:8443#cs1.tcw_KEY.FINGERPRINT"
You are joined to class cs1 at 192.168.1.20:8443. Restart JupyterLab.
"""

TIMEOUT_S = 15
_ASK = "Ask your instructor for the line of today."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("join_string", metavar="LINE", help="the line that your instructor shows")
    parser.add_argument(
        "--for",
        dest="scope",
        choices=SCOPES,
        default="user",
        help="you alone, the default, or all users of this environment",
    )


def run(args: argparse.Namespace, report: Report) -> None:
    """Ask the collector, then write the settings."""
    try:
        joining = read_join_string(args.join_string)
    except JoinStringError as error:
        raise UsageError(f"{error} Nothing was written.") from error
    if not args.dry_run:
        with working(f"asking {joining.place}"):
            refusal = _refusal(joining)
        if refusal is not None:
            raise CommandError(f"{refusal} Nothing was written.")
    path = overrides_path(args.scope)
    wanted = _settings_of(joining)
    changed, _ = change_settings(path, wanted, [], args.dry_run)
    report.document.update(
        class_name=joining.class_name, place=joining.place, path=str(path), changed=changed
    )
    if args.dry_run:
        report.line(
            f"You would be joined to class {joining.class_name} at {joining.place}, which was not"
            f" asked; {path} would be {'written' if changed else 'left as it is'}."
        )
        return
    try:
        tell_what_wins(wanted, labsettings.in_force(labsettings.layers()), report)
    except SettingsUnavailableError as error:
        report.problem(f"{path} is written, but the settings in force {error}")
    place = f"class {joining.class_name} at {joining.place}"
    if report.exit_status == 0:
        report.line(f"You are joined to {place}. Restart JupyterLab.")
    else:
        report.line(f"You are not joined to {place} yet.")
        report.note(
            "where your own settings win, choose Restore to Defaults in JupyterLab's Settings"
            " Editor, under Student Telemetry; where an administrator's do, ask who set them"
        )


def _settings_of(joining: JoinString) -> dict[str, Any]:
    destination = joining.destination
    return {
        "projectKey": destination.api_key,
        "host": destination.host,
        "relay": True,
        # Also where there is none: a certificate of an earlier class is trusted no more.
        "certificate": destination.fingerprint,
    }


def _refusal(joining: JoinString) -> str | None:
    """Ask the collector by a batch of nothing; give why it is not to be joined, or None."""
    place = joining.place
    answer = post_batch(joining.destination, [], now_utc(), TIMEOUT_S)
    if answer.status is None:
        return _silence(place, answer)
    verdict = judge(answer, time.time())
    if verdict.kind == "accepted":
        return None
    if verdict.kind == "unauthorized":
        return (
            f"The collector at {place} refuses the class key: it was changed, or a letter of the"
            f" line is wrong. {_ASK}"
        )
    if answer.status == 429:
        return f"The collector at {place} is asked too often. Wait a minute, and try again."
    if answer.status >= 500:
        return f"The collector at {place} cannot answer now ({verdict.reason}). Try again later."
    return f"Something else than a class's collector answers at {place} ({answer.reason}). {_ASK}"


def _silence(place: str, answer: Answer) -> str:
    if answer.reason == _NOT_PINNED:
        return (
            f"At {place} answers a holder of another certificate than the line names: the line is"
            " mistyped or of another day, or somebody stands between you and the collector."
            f" Nothing was sent. {_ASK}"
        )
    if answer.reason == _UNTRUSTED:
        return (
            f"The certificate of {place} is not trusted here, and the line names none. Nothing was"
            f" sent. {_ASK}"
        )
    return (
        f"The collector at {place} cannot be reached: {answer.reason}. Are you in the network of"
        " the class, and has your instructor started it?"
    )
