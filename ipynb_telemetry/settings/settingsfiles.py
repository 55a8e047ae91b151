"""Where JupyterLab keeps settings, on this machine and for this user."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .inforce import EXTENSION


def application_settings_dir() -> Path:
    """The folder of `overrides.json`, which holds for all users of this installation."""
    return _application_dir() / "settings"


def user_overrides_file() -> Path:
    """The file that does for one user what `overrides.json` does for all."""
    from jupyter_core.paths import jupyter_config_dir

    return Path(jupyter_config_dir(), "labconfig", "default_setting_overrides.json")


def schemas() -> list[Path]:
    """Give the file with the schema that pages have; none where JupyterLab finds no extension."""
    from jupyter_core.paths import jupyter_path

    folders = [Path(folder, EXTENSION, "schemas") for folder in jupyter_path("labextensions")]
    # Where a JupyterLab has the schema that was built with this extension in it.
    folders.append(_application_dir() / "schemas")
    paths = (folder / EXTENSION / "plugin.json" for folder in folders)
    return [path for path in paths if path.is_file()][:1]


def overrides() -> Iterator[Path]:
    """Give the files in which an administrator may change the defaults, the one that wins last."""
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


def inputs() -> dict[str, Any]:
    """Give what a server that is started here would read the settings from."""
    from jupyter_core.paths import jupyter_path

    return {
        "app_settings_dir": str(application_settings_dir()),
        "schemas_dir": str(_application_dir() / "schemas"),
        "settings_dir": str(user_settings_dir()),
        "labextensions_path": jupyter_path("labextensions"),
    }


def _application_dir() -> Path:
    try:
        from jupyterlab.commands import get_app_dir
    except ImportError:
        folder = os.environ.get("JUPYTERLAB_DIR")
        return Path(folder) if folder else Path(sys.prefix, "share", "jupyter", "lab")
    return Path(get_app_dir())


def user_settings_dir() -> Path:
    """The folder of what is set in the Settings Editor."""
    from jupyter_core.paths import jupyter_config_dir

    folder = os.environ.get("JUPYTERLAB_SETTINGS_DIR")
    return Path(folder) if folder else Path(jupyter_config_dir(), "lab", "user-settings")
