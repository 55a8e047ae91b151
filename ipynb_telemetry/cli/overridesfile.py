"""The file of overrides that `configure` changes, setting by setting; what else is there stays."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..notebooks.atomicfile import write_file
from ..notebooks.jsontext import JsonText
from ..settings import labsettings, settingsfiles
from ..settings.inforce import PLUGIN
from .report import CommandError, Report, UsageError

SCOPES = ("sys-prefix", "user")
"""For whom the file is: all users of this environment, or whoever runs the command."""


def overrides_path(scope: str) -> Path:
    """Give the file that is for one of `SCOPES`."""
    if scope == "user":
        return settingsfiles.user_overrides_file()
    return settingsfiles.application_settings_dir() / "overrides.json"


def tell_what_wins(
    wanted: Mapping[str, Any], settings: Mapping[str, labsettings.Setting], report: Report
) -> None:
    """Report each other file whose value is in force, and not the one that was wanted.

    Args:
        wanted: settings by name.
        settings: those in force.
        report: gets a problem for each.
    """
    for name, value in labsettings.flat(wanted):
        if name in settings and settings[name].value != value:
            report.problem(f"{settings[name].path} also sets {name}, and wins")


def change_settings(
    path: Path, wanted: Mapping[str, Any], unset: Sequence[Sequence[str]], is_dry: bool
) -> tuple[bool, list[str]]:
    """Set some of the extension's settings in a file, and take others out.

    Args:
        path: the file, which may not be there yet.
        wanted: settings by name; of an object only the members that are to be set.
        unset: where each setting stands that is to be taken out: its name or, for a member of an
            object, two names.
        is_dry: write nothing.

    Returns:
        Whether anything changes, and which of `unset` the file does not have, joined by dots.

    Raises:
        CommandError: the file cannot be read, changed safely or written; it is as it was.
        UsageError: a setting is to be set and taken out.
    """
    # A setting that is named twice, or lies within another one that is named, goes with that.
    unset = [list(place) for place in dict.fromkeys(map(tuple, unset))]
    unset = [place for place in unset if place[:-1] not in unset]
    for place in unset:
        if _has(wanted, place):
            raise UsageError(f"{'.'.join(place)} is to be set and to be taken out")
    text = _read(path)
    try:
        document = json.loads(text)
    except ValueError as error:
        raise CommandError(f"{path} is not JSON ({error}); correct it, it is as it was") from error
    if not isinstance(document, dict) or not isinstance(document.get(PLUGIN, {}), dict):
        raise CommandError(f"{path} holds something else than settings; it is as it was")
    present = document.get(PLUGIN, {})
    there = [place for place in unset if _has(present, place)]
    absent = [".".join(place) for place in unset if place not in there]
    changed = JsonText(text, unit="  ")
    if PLUGIN in document:
        for place, value in _changes(present, wanted):
            changed.set([PLUGIN, *place], value)
    elif wanted:
        changed.set([PLUGIN], wanted)
    for place in there:
        changed.remove([PLUGIN, *place])
    if not there and not any(True for _ in _changes(present, wanted)):
        return False, absent
    expected = _without(_merged(present, wanted), there)
    if json.loads(changed.text) != {**document, PLUGIN: expected}:
        raise CommandError(f"{path} cannot be changed safely; it is as it was")
    if not is_dry:
        _write(path, changed.text)
    return True, absent


def _read(path: Path) -> str:
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        text = ""
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not JSON ({error}); correct it, it is as it was") from error
    return text if text.strip() else "{}\n"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, text.encode())
    except OSError as error:
        raise CommandError(
            f"{path} cannot be written: {error.strerror}. This takes the rights of whoever"
            " installed Jupyter; --for user is for you alone"
        ) from error


def _has(settings: Any, place: Sequence[str]) -> bool:
    for name in place:
        if not isinstance(settings, dict) or name not in settings:
            return False
        settings = settings[name]
    return True


def _changes(
    present: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Iterator[tuple[list[str], Any]]:
    """Give what is to be set, and where: of an object only the members that are wanted."""
    for name, value in wanted.items():
        there = present.get(name)
        if isinstance(value, dict) and isinstance(there, dict):
            yield from (([name, *place], each) for place, each in _changes(there, value))
        elif name not in present or json.dumps(there) != json.dumps(value):
            yield [name], value


def _merged(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(present)
    for name, value in wanted.items():
        there = merged.get(name)
        is_both = isinstance(value, dict) and isinstance(there, dict)
        merged[name] = {**(there or {}), **value} if is_both else value
    return merged


def _without(settings: dict[str, Any], places: Sequence[Sequence[str]]) -> dict[str, Any]:
    rest: dict[str, Any] = json.loads(json.dumps(settings))
    for *outer, name in places:
        holder = rest
        for each in outer:
            holder = holder[each]
        del holder[name]
    return rest
