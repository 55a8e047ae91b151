"""`configure`: an administrator's settings, in the file where JupyterLab looks for them."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...settings import labsettings
from ...settings.destination import DestinationError, read_fingerprint, read_host, read_key
from ...settings.inforce import SettingsUnavailableError, destination_of
from ..overridesfile import SCOPES, change_settings, overrides_path, tell_what_wins
from ..report import Report, UsageError
from ..settingoptions import add_setting_options, read_setting_options

HELP = """\
set the extension's settings for all users, or show them

Writes JupyterLab's overrides.json and leaves what else is there. With --for user it writes the
file that does the same for you alone, labconfig/default_setting_overrides.json in Jupyter's
configuration folder. Running servers read either when they are restarted. Without an option that
sets something it shows what is in force, and where each value comes from.
"""
EXAMPLES = """\
examples:
  jupyter telemetry configure --project-key phc_YOUR_KEY --lock
  jupyter telemetry configure --host https://eu.i.posthog.com
  jupyter telemetry configure --project-key ""     (keep events on the Jupyter server)
  jupyter telemetry configure --no-capture-output --events blur=off focus=off
  jupyter telemetry configure --unset host events.blur
  jupyter telemetry configure --show
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry configure --no-capture-output --events blur=off focus=off
/opt/jupyter/share/jupyter/lab/settings/overrides.json: written
note: restart Jupyter servers that run: they read the settings when they start
"""

DEFAULT = "default"
MAX_SHOWN = 40  # characters of a value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.usage = (
        "%(prog)s [-h] [--show] [--for {sys-prefix,user}]\n"
        "         [--SETTING VALUE ...] [--unset NAME [NAME ...]]\n"
        "         [--dry-run] [--json]"
    )
    parser.add_argument("--show", action="store_true", help="show what is in force, and why")
    parser.add_argument(
        "--for",
        dest="scope",
        choices=SCOPES,
        default="sys-prefix",
        help="all users of this environment, the default, or you alone",
    )
    parser.add_argument(
        "--unset",
        metavar="NAME",
        nargs="+",
        action="extend",
        default=[],
        help="take settings out of the file, by the names that --show has, or misspelt ones",
    )
    add_setting_options(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Write what is given, show what is in force."""
    wanted = _wanted(args)
    unset = [name.split(".") for name in args.unset]
    if wanted or unset:
        path = overrides_path(args.scope)
        changed, absent = change_settings(path, wanted, unset, args.dry_run)
        for name in absent:
            report.note(f"{path} does not set {name}")
        report.document.update(path=str(path), changed=changed)
        would_be = "would be " if args.dry_run else ""
        report.line(f"{path}: {f'{would_be}written' if changed else 'nothing to change'}")
        if changed and not args.dry_run:
            report.note("restart Jupyter servers that run: they read the settings when they start")
        if args.scope == "user" and wanted.get("locked"):
            report.note("a lock in your own file holds only against the Settings Editor")
    layers = labsettings.layers()
    settings: dict[str, labsettings.Setting] = {}
    is_to_show = args.show or not (wanted or unset)
    try:
        settings = labsettings.in_force(layers)
    except SettingsUnavailableError as error:
        tell = report.problem if is_to_show else report.note
        tell(f"the settings in force {error}")
    if not args.dry_run:
        tell_what_wins(wanted, settings, report)
    if is_to_show:
        show_settings(settings, layers, report)
    for layer in layers:
        if layer.problem:
            report.problem(f"{layer.path} {layer.problem}")
    for path, _, text in labsettings.misspellings(layers):
        report.problem(f"{path}: {text}")
    try:
        destination_of({name: setting.value for name, setting in settings.items()})
    except DestinationError as error:
        report.problem(f"{error} Events stay on the Jupyter server.")


def show_settings(
    settings: Mapping[str, labsettings.Setting], layers: list[labsettings.Layer], report: Report
) -> None:
    """Add the settings in force to a report, each with what it is from; those that were set first.

    Args:
        settings: by name.
        layers: the files they may be from.
        report: gets a table, and below it where its files are.
    """
    report.document["settings"] = {
        name: {
            "value": _shown_value(name, setting.value),
            "from": str(setting.path),
        }
        for name, setting in sorted(settings.items())
    }
    names = _names_of(layers)
    rows = [
        [name, _cut(labsettings.shown(name, setting.value)), names[setting.path]]
        for name, setting in sorted(settings.items())
    ]
    if rows:
        report.table(["setting", "value", "from"], sorted(rows, key=lambda row: row[2] == DEFAULT))
    used = {setting.path for setting in settings.values()}
    files = [[name, str(path)] for path, name in names.items() if path in used and name != DEFAULT]
    if files:
        report.line()
        report.table((), files)


def _names_of(layers: list[labsettings.Layer]) -> dict[Path, str]:
    """Give a short name for each file, by path: a whole path in each row would fill the screen."""
    names: dict[Path, str] = {}
    seen: Counter[str] = Counter()
    for layer in layers:
        name = {"default": DEFAULT, "user": "Settings Editor"}.get(layer.kind, layer.path.name)
        seen[name] += 1
        names[layer.path] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return names


def _wanted(args: argparse.Namespace) -> dict[str, Any]:
    """Give the settings that are to be written, checked."""
    wanted = read_setting_options(args)
    try:
        if "host" in wanted:
            wanted["host"] = read_host(wanted["host"])
        if wanted.get("projectKey"):
            wanted["projectKey"] = read_key(wanted["projectKey"])
        if "certificate" in wanted:
            host = wanted.get("host", "https:")  # that of another file may come with it
            wanted["certificate"] = read_fingerprint(wanted["certificate"], host)
    except ValueError as error:
        raise UsageError(f"{error} Nothing was written.") from error
    return wanted


def _shown_value(name: str, value: Any) -> Any:
    return labsettings.shown(name, value) if name == "projectKey" else value


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"
