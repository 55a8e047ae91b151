"""The files of JupyterLab's settings on the machine of a command line under test."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from .commandline import CommandLine
from .lab import SCHEMA


def overrides(telemetry: CommandLine) -> Path:
    return telemetry.application / "settings" / "overrides.json"


def user_overrides(telemetry: CommandLine) -> Path:
    return telemetry.config / "labconfig" / "default_setting_overrides.json"


def put(path: Path, document: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def install_front_end(telemetry: CommandLine, version: str = "0.1.0") -> None:
    """Put the extension's package.json and schema where JupyterLab looks for them."""
    folder = telemetry.data / "labextensions" / "ipynb-telemetry"
    package = {"name": "ipynb-telemetry", "version": version, "jupyterlab": {"extension": True}}
    put(folder / "package.json", package)
    schemas = folder / "schemas" / "ipynb-telemetry"
    schemas.mkdir(parents=True)
    shutil.copy(SCHEMA, schemas)
