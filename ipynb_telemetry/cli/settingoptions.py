"""An option for each setting of the extension, made of the settings' schema."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..settings.schema import SETTINGS
from .arguments import add_project_key, meant
from .report import UsageError

SWITCH = {"on": True, "off": False}
# An option that says better what it does than the setting's name would.
_NAMES = {"locked": "lock"}


def add_setting_options(parser: argparse.ArgumentParser) -> None:
    """Let a verb set each setting; the values that are given are in `read_setting_options`."""
    group = parser.add_argument_group("settings")
    for name, schema in SETTINGS.items():
        option = f"--{_NAMES.get(name) or re.sub(r'(?=[A-Z])', '-', name).lower()}"
        help_text = _help_of(schema).replace("%", "%%")
        if name == "projectKey":
            add_project_key(group, help_text)
        elif schema["type"] == "boolean":
            group.add_argument(
                option, dest=name, action=argparse.BooleanOptionalAction, help=help_text
            )
        elif schema["type"] == "object":
            known = ", ".join(schema["properties"])
            is_text = _has_texts(schema)
            group.add_argument(
                option,
                dest=name,
                metavar="NAME=TEXT" if is_text else "NAME=on|off",
                nargs="+",
                action="extend",
                help=f"{help_text} Names: {known}.",
            )
        elif "oneOf" in schema:
            choices = [each["const"] for each in schema["oneOf"]]
            told = "; ".join(f"{each['const']}: {each['title']}" for each in schema["oneOf"])
            group.add_argument(option, dest=name, choices=choices, help=f"{help_text} {told}.")
        else:
            kind = {"integer": int, "string": str}[schema["type"]]
            metavar = {int: "N", str: "TEXT"}[kind]
            group.add_argument(option, dest=name, type=kind, metavar=metavar, help=help_text)


def read_setting_options(args: argparse.Namespace) -> dict[str, Any]:
    """Give the settings that the arguments name, by name, each of the kind its schema says.

    Raises:
        UsageError: a value is not within what the schema takes.
    """
    given = vars(args)
    project_key = given.get("project_key")
    wanted = {} if project_key is None else {"projectKey": project_key}
    for name, schema in SETTINGS.items():
        value = given.get(name)
        if value is None:
            continue
        if schema["type"] == "object":
            read = _texts if _has_texts(schema) else _switches
            value = dict(read(name, value))
        elif schema["type"] == "integer" and not schema["minimum"] <= value <= schema["maximum"]:
            raise UsageError(
                f"{name} is a number from {schema['minimum']} to {schema['maximum']}, not {value}"
            )
        wanted[name] = value
    return wanted


def _help_of(schema: Mapping[str, Any]) -> str:
    default = schema["default"]
    told = ""
    if isinstance(default, bool):
        told = f" Default: {'on' if default else 'off'}."
    elif "oneOf" in schema or isinstance(default, int):
        told = f" Default: {default}."
    return f"{schema['title']}. {schema['description']}{told}"


def _has_texts(schema: Mapping[str, Any]) -> bool:
    """Tell whether the members of an object are texts, and no switches."""
    return all(each["type"] == "string" for each in schema["properties"].values())


def _texts(name: str, words: Iterable[str]) -> Iterable[tuple[str, str]]:
    known = SETTINGS[name]["properties"]
    for word in words:
        member, sign, text = word.partition("=")
        if member not in known:
            raise UsageError(f"{name} has no {member!r}{meant(member, known)}")
        if not sign:
            raise UsageError(f"{word} says nothing: {member}=TEXT")
        yield member, text.strip()


def _switches(name: str, words: Iterable[str]) -> Iterable[tuple[str, bool]]:
    known = SETTINGS[name]["properties"]
    is_open = SETTINGS[name].get("additionalProperties", True) is not False
    for word in words:
        switch, _, state = word.partition("=")
        # An event of a course's own has a switch too, and no word like those that are known.
        near = meant(switch, known)
        if switch not in known and (near or not is_open or not switch.isidentifier()):
            raise UsageError(f"{name} has no {switch!r}{near}")
        if state not in SWITCH:
            raise UsageError(f"{word} does not say whether {switch} is on or off: {switch}=off")
        yield switch, SWITCH[state]
