"""`configure`: an administrator's settings, in the file where JupyterLab looks for them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ...notebooks.atomicfile import write_file
from ...notebooks.jsontext import JsonText
from ...settings import labsettings
from ...settings.destination import DestinationError, read_host, read_key
from ...settings.inforce import PLUGIN, SettingsUnavailableError, destination_of
from ..report import CommandError, Report, UsageError

HELP = """\
set PostHog's address and key for all users, or show the settings

Writes JupyterLab's overrides.json and leaves what else is there. With --for user it writes the
file that does the same for you alone, labconfig/default_setting_overrides.json in Jupyter's
configuration folder. Running servers read either when they are restarted. Without an option that
sets something it shows what is in force, and where each value comes from.
"""
EXAMPLES = """\
examples:
  jupyter telemetry configure --host https://eu.i.posthog.com --api-key phc_YOUR_KEY --lock
  jupyter telemetry configure --api-key ""     (keep events on the Jupyter server)
  jupyter telemetry configure --show
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--host", help="PostHog's address, https://…")
    parser.add_argument(
        "--api-key", metavar="KEY", help='the project key, phc_…; "" keeps events on the server'
    )
    parser.add_argument(
        "--lock",
        action=argparse.BooleanOptionalAction,
        help="whether these settings win over what students set",
    )
    parser.add_argument(
        "--relay",
        action=argparse.BooleanOptionalAction,
        help="whether the Jupyter server sends in the browsers' stead",
    )
    parser.add_argument(
        "--for",
        dest="scope",
        choices=("sys-prefix", "user"),
        default="sys-prefix",
        help="all users of this environment, the default, or you alone",
    )
    parser.add_argument("--show", action="store_true", help="show what is in force, and why")


def run(args: argparse.Namespace, report: Report) -> None:
    """Write what is given, show what is in force."""
    wanted = _wanted(args)
    if wanted:
        path = (
            labsettings.user_overrides_file()
            if args.scope == "user"
            else labsettings.application_settings_dir() / "overrides.json"
        )
        changed = _write(path, wanted, args.dry_run)
        report.document.update(path=str(path), changed=changed)
        would_be = "would be " if args.dry_run else ""
        report.line(f"{path}: {f'{would_be}written' if changed else 'nothing to change'}")
        if changed and not args.dry_run:
            report.note("restart Jupyter servers that run: they read the settings when they start")
        if args.scope == "user" and wanted.get("locked"):
            report.note("a lock in your own file holds only against the Settings Editor")
    layers = labsettings.layers()
    settings: dict[str, labsettings.Setting] = {}
    is_to_show = args.show or not wanted
    try:
        settings = labsettings.in_force(layers)
    except SettingsUnavailableError as error:
        tell = report.problem if is_to_show else report.note
        tell(f"the settings in force {error}")
    if not args.dry_run:
        for name, value in wanted.items():
            if name in settings and settings[name].value != value:
                report.problem(f"{settings[name].path} also sets {name}, and wins")
    if is_to_show:
        show_settings(settings, report)
    for layer in layers:
        if layer.problem:
            report.problem(f"{layer.path} {layer.problem}")
    try:
        destination_of({name: setting.value for name, setting in settings.items()})
    except DestinationError as error:
        report.problem(f"{error} Events stay on the Jupyter server.")


def show_settings(settings: dict[str, labsettings.Setting], report: Report) -> None:
    """Add the settings in force to a report, each with the file it is from."""
    report.document["settings"] = {
        name: {
            "value": _shown_value(name, setting.value),
            "from": str(setting.path),
        }
        for name, setting in sorted(settings.items())
    }
    rows = (
        [name, _cut(labsettings.shown(name, setting.value)), str(setting.path)]
        for name, setting in sorted(settings.items())
    )
    report.table(["setting", "value", "from"], rows)


def _wanted(args: argparse.Namespace) -> dict[str, Any]:
    """Give the settings that are to be written, checked."""
    wanted: dict[str, Any] = {}
    try:
        if args.host is not None:
            wanted["host"] = read_host(args.host)
        if args.api_key is not None:
            wanted["projectKey"] = read_key(args.api_key) if args.api_key else ""
    except ValueError as error:
        raise UsageError(f"{error} Nothing was written.") from error
    switches = {"locked": args.lock, "relay": args.relay}
    wanted.update((name, value) for name, value in switches.items() if value is not None)
    return wanted


def _write(path: Path, wanted: dict[str, Any], is_dry: bool) -> bool:
    """Merge settings into a file, which may not be there yet; tell whether anything changes."""
    try:
        old = path.read_bytes()
    except FileNotFoundError:
        old = b""
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
    try:
        text = old.decode() if old.strip() else "{}\n"
        document = json.loads(text)
    except ValueError as error:
        raise CommandError(f"{path} is not JSON ({error}); correct it, it is as it was") from error
    if not isinstance(document, dict) or not isinstance(document.get(PLUGIN, {}), dict):
        raise CommandError(f"{path} holds something else than settings; it is as it was")
    changed = JsonText(text, unit="  ")
    if PLUGIN not in document:
        changed.set([PLUGIN], wanted)
    else:
        present = document[PLUGIN]
        for name, value in wanted.items():
            if name not in present or json.dumps(present[name]) != json.dumps(value):
                changed.set([PLUGIN, name], value)
    new = changed.text.encode()
    if new == old:
        return False
    merged = {**document.get(PLUGIN, {}), **wanted}
    if json.loads(changed.text) != {**document, PLUGIN: merged}:
        raise CommandError(f"{path} cannot be changed safely; it is as it was")
    if not is_dry:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, new)
        except OSError as error:
            raise CommandError(
                f"{path} cannot be written: {error.strerror}. It takes the rights of whoever"
                " installed Jupyter; --for user is for you alone"
            ) from error
    return True


def _shown_value(name: str, value: Any) -> Any:
    return labsettings.shown(name, value) if name == "projectKey" else value


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
