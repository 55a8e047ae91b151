"""JupyterLab's settings of this extension as the files say: every place there is, and who wins."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ..kernel.address import _HOST
from ..kernel.shared import _WHITE
from .destination import Destination, read_host, read_key

PLUGIN = "ipynb-telemetry:plugin"
EXTENSION = "ipynb-telemetry"


class Layer(NamedTuple):
    """One file with settings.

    Attributes:
        kind: `default`, the extension's own; `administrator`, which changes what the defaults are;
            `user`, what was set in the Settings Editor.
        path: of the file.
        values: the settings it holds, by name; none where there is a problem.
        problem: why it is not read, in words. JupyterLab skips such a file and says nothing.
    """

    kind: Literal["default", "administrator", "user"]
    path: Path
    values: Mapping[str, Any]
    problem: str | None = None


class Setting(NamedTuple):
    """A value in force, and the file it is from."""

    value: Any
    path: Path


def application_settings_dir() -> Path:
    """The folder of `overrides.json`, which holds for all users of this installation."""
    return _application_dir() / "settings"


def user_overrides_file() -> Path:
    """The file that does for one user what `overrides.json` does for all."""
    from jupyter_core.paths import jupyter_config_dir

    return Path(jupyter_config_dir(), "labconfig", "default_setting_overrides.json")


def layers() -> list[Layer]:
    """Give every file there is with settings of this extension, the one that wins last.

    In the order of jupyterlab_server: the schema's defaults, `overrides.d/*`, `overrides.json`,
    `overrides.json5`, `labconfig/default_setting_overrides.json` of each configuration folder,
    then the user's settings.
    """
    found = [_read("default", path) for path in _schemas()]
    found += [_read("administrator", path) for path in _overrides()]
    user = _user_settings_dir() / EXTENSION / "plugin.jupyterlab-settings"
    found.append(_read("user", user))
    return [layer for layer in found if layer.values or layer.problem]


def in_force(layers: list[Layer]) -> dict[str, Setting]:
    """Give the values that count, by name; a member of an object as `events.blur`.

    As the front end has it: an administrator who sets `locked` has the last word.
    """
    settings: dict[str, Setting] = {}
    defaults: dict[str, Setting] = {}
    for layer in layers:
        if layer.kind == "user" and is_locked(settings):
            continue
        if layer.kind == "user":  # an object of the user's own stands instead of the others'
            for name in layer.values:
                _forget(settings, name)
        for name, value in _flat(layer.values):
            settings[name] = Setting(value, layer.path)
            if value is None:  # JupyterLab forgets then what the files before had to say
                _forget(settings, name)
                settings.update({name: defaults[name]} if name in defaults else {})
        if layer.kind == "default":
            defaults = dict(settings)
    return settings


def destination_of(settings: Mapping[str, Setting]) -> Destination | None:
    """Give where events go, or None: to the collector of the Jupyter server.

    Raises:
        ValueError: the host or the key in force is refused, so that events go to the collector.
    """
    key, host = (_text(settings, name, "") for name in ("projectKey", "host"))
    if not key:
        return None
    return Destination(read_host(host.strip(_WHITE) or _HOST), read_key(key))


def shown(name: str, value: Any) -> str:
    """Write a value for people. Of a key only its beginning, of a refused one nothing."""
    if name != "projectKey" or not isinstance(value, str) or not value:
        return json.dumps(value, ensure_ascii=False)
    try:
        return f"{read_key(value)[:8]}…"
    except ValueError:
        return "(refused)"


def _text(settings: Mapping[str, Setting], name: str, default: str) -> str:
    value = settings[name].value if name in settings else default
    return value if isinstance(value, str) else default


def is_locked(settings: Mapping[str, Setting]) -> bool:
    """Whether an administrator's values win. Of settings without the user's."""
    return "locked" in settings and settings["locked"].value is True


def _forget(settings: dict[str, Setting], name: str) -> None:
    """Take out a setting, or the members of one."""
    for each in [each for each in settings if f"{each}.".startswith(f"{name}.")]:
        del settings[each]


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):  # JupyterLab merges these, too
            yield from ((f"{name}.{member}", each) for member, each in value.items())
        else:
            yield name, value


def _schemas() -> list[Path]:
    from jupyter_core.paths import jupyter_path

    parts = (EXTENSION, "schemas", EXTENSION, "plugin.json")
    paths = (Path(folder, *parts) for folder in jupyter_path("labextensions"))
    return [path for path in paths if path.is_file()][:1]


def _overrides() -> Iterator[Path]:
    from jupyter_core.paths import jupyter_config_path

    settings = application_settings_dir()
    several = settings / "overrides.d"
    yield from sorted([*several.glob("*.json"), *several.glob("*.json5")])
    yield settings / "overrides.json"
    yield settings / "overrides.json5"
    for folder in reversed(jupyter_config_path()):
        name = Path(folder, "labconfig", "default_setting_overrides")
        yield from sorted(name.with_suffix(".d").glob("*.json"))
        yield name.with_suffix(".json")


def _read(kind: Literal["default", "administrator", "user"], path: Path) -> Layer:
    try:
        document = _parse(path.read_text(encoding="utf-8"), is_json5=path.suffix != ".json")
    except FileNotFoundError:
        return Layer(kind, path, {})
    except ImportError:
        return Layer(kind, path, {}, "is JSON5, which takes the package json5 to read")
    except (OSError, ValueError) as error:
        return Layer(kind, path, {}, f"cannot be read: {error}")
    if kind == "default":
        properties = document.get("properties", {})
        return Layer(kind, path, {name: each.get("default") for name, each in properties.items()})
    values = document
    if kind == "administrator" and isinstance(document, Mapping):
        values = document.get(PLUGIN, {})
    if not isinstance(values, Mapping):
        return Layer(kind, path, {}, "holds no object where the settings should be")
    return Layer(kind, path, values)


def _parse(text: str, is_json5: bool) -> Any:
    if not is_json5:
        return json.loads(text)
    try:
        return json.loads(text)  # the Settings Editor may well have written plain JSON
    except ValueError:
        import json5

        return json5.loads(text)


def _application_dir() -> Path:
    try:
        from jupyterlab.commands import get_app_dir
    except ImportError:
        folder = os.environ.get("JUPYTERLAB_DIR")
        return Path(folder) if folder else Path(sys.prefix, "share", "jupyter", "lab")
    return Path(get_app_dir())


def _user_settings_dir() -> Path:
    from jupyter_core.paths import jupyter_config_dir

    folder = os.environ.get("JUPYTERLAB_SETTINGS_DIR")
    return Path(folder) if folder else Path(jupyter_config_dir(), "lab", "user-settings")
