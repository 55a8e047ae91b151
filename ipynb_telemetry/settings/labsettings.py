"""Which files have JupyterLab's settings of this extension, and which one a value is from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple

from .check import check_settings
from .destination import Destination, read_key
from .hubcollector import AddressError, read_hub_collector
from .inforce import PLUGIN, USER_FILE, SettingsUnavailableError, read_values
from .settingsfiles import inputs, overrides, schemas, user_settings_dir


class Layer(NamedTuple):
    """A file with settings.

    Attributes:
        kind: `default`, the extension's own; `administrator`, which changes what the defaults are;
            `user`, what was set in the Settings Editor.
        path: of the file.
        values: the settings it holds, by name; none where there is a problem.
        problem: why it does not count, and what JupyterLab makes of that, in words that follow the
            path.
        written: what is written in the file, whether it counts or not.
    """

    kind: Literal["default", "administrator", "user"]
    path: Path
    values: Mapping[str, Any]
    problem: str | None = None
    written: Mapping[str, Any] = {}


class Misspelling(NamedTuple):
    """What is wrong in a file that can be read, and what follows.

    Attributes:
        path: of the file.
        name: of the setting as it is written.
        text: what is wrong, in words that follow the path.
    """

    path: Path
    name: str
    text: str


class Setting(NamedTuple):
    """A value in force, and the file it is from."""

    value: Any
    path: Path


def layers() -> list[Layer]:
    """Give every file there is with settings of this extension, the file that wins last.

    In the order of jupyterlab_server: the schema's defaults, `overrides.d/*`, `overrides.json`,
    `overrides.json5`, `labconfig/default_setting_overrides.json` of each configuration folder,
    then the user's settings.
    """
    found = [_read("default", path) for path in schemas()]
    found += [_read("administrator", path) for path in overrides()]
    user = _read("user", user_settings_dir() / USER_FILE)
    refusal = _users_refusal() if user.values else None
    found.append(user._replace(values={}, problem=refusal) if refusal else user)
    return [layer for layer in found if layer.values or layer.problem]


def in_force(layers: list[Layer]) -> dict[str, Setting]:
    """Give the values that count, by name; a member of an object as `events.blur`.

    The values are read as a page reads them. Each is from the last file that says just this,
    where the user's files say nothing if an administrator has locked the settings.

    Raises:
        SettingsUnavailableError: a page would not get them either.
    """
    values = read_values(inputs()).in_force
    counting = [
        layer for layer in layers if layer.kind != "user" or values.get("locked") is not True
    ]
    return {
        name: Setting(value, path)
        for name, value in flat(values)
        if (path := _origin(name, value, counting)) is not None
    }


def values_in_force() -> dict[str, Any]:
    """Give the values that count, by name, as a page reads them.

    Raises:
        SettingsUnavailableError: a page would not get them either.
    """
    return read_values(inputs()).in_force


def hub_collector() -> Destination | None:
    """Give the class collector of the hub, where events go without a key; None: there is none."""
    with suppress(AddressError):
        return read_hub_collector()
    return None


def misspellings(layers: list[Layer]) -> list[Misspelling]:
    """Give every name of no setting and every value of the wrong kind, in files that count."""
    properties = _properties()
    if not properties:  # JupyterLab finds no extension: nothing counts
        return []
    is_locked = any(
        layer.kind == "administrator" and layer.written.get("locked") is True for layer in layers
    )
    found: list[Misspelling] = []
    for layer in layers:
        if layer.kind == "default" or (layer.kind == "user" and is_locked):
            continue
        values, faults = check_settings(properties, _without_nulls(layer.written))
        for fault in faults:
            effect = fault.effect(values)
            # The whole file of a user does not count for one value, and its other values neither.
            follows = effect and not (layer.kind == "user" and layer.problem)
            text = f"{fault}; until that is corrected, {effect}" if follows else str(fault)
            found.append(Misspelling(layer.path, fault.name, text))
    return found


def _without_nulls(written: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what JupyterLab takes for the default."""
    return {
        name: _without_nulls(value) if isinstance(value, Mapping) else value
        for name, value in written.items()
        if value is not None
    }


def shown(name: str, value: Any) -> str:
    """Write a value for people. Of a key only its beginning, of a refused one nothing."""
    if name != "projectKey" or not isinstance(value, str) or not value:
        return json.dumps(value, ensure_ascii=False)
    try:
        return f"{read_key(value)[:8]}…"
    except ValueError:
        return "(refused)"


def _origin(name: str, value: Any, layers: list[Layer]) -> Path | None:
    said = (name, json.dumps(value))
    for layer in reversed(layers):
        if said in ((each, json.dumps(there)) for each, there in flat(layer.values)):
            path: Path = layer.path
            return path
    return None


def flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give settings by name, a member of an object as `events.blur`."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{member}", each) for member, each in value.items())
        else:
            yield name, value


def _properties() -> Mapping[str, Any]:
    for path in schemas():
        with suppress(OSError, ValueError):
            properties = json.loads(path.read_text(encoding="utf-8")).get("properties", {})
            return properties if isinstance(properties, Mapping) else {}
    return {}


def _users_refusal() -> str | None:
    with suppress(SettingsUnavailableError):
        refusal = read_values(inputs()).refusal
        return refusal and f"{refusal}; JupyterLab ignores the whole file and says nothing"
    return None


def _read(kind: Literal["default", "administrator", "user"], path: Path) -> Layer:
    try:
        document = _parse(path.read_text(encoding="utf-8"), is_json5=path.suffix != ".json")
    except FileNotFoundError:
        return Layer(kind, path, {})
    except ImportError:
        return _bad(kind, path, "is JSON5, which takes the package json5 to read")
    except (OSError, ValueError) as error:
        return _bad(kind, path, f"cannot be read: {error}")
    if kind == "default":
        properties = document.get("properties", {})
        return Layer(kind, path, {name: each.get("default") for name, each in properties.items()})
    values = document
    if kind == "administrator" and isinstance(document, Mapping):
        values = document.get(PLUGIN, {})
    if not isinstance(values, Mapping):
        return _bad(kind, path, "holds no object where the settings should be")
    return Layer(kind, path, values, written=values)


def _bad(kind: Literal["default", "administrator", "user"], path: Path, problem: str) -> Layer:
    consequence = (
        "JupyterLab ignores it and says nothing"
        if kind == "administrator"
        else "JupyterLab gives a page no settings of ours then"
    )
    return Layer(kind, path, {}, f"{problem}; {consequence}")


def _parse(text: str, is_json5: bool) -> Any:
    if not is_json5:
        return json.loads(text)
    try:
        return json.loads(text)  # the Settings Editor may well have written plain JSON
    except ValueError:
        import json5

        return json5.loads(text)
