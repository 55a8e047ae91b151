"""JupyterLab's folders for a test: our schema, an administrator's settings and a user's."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

PLUGIN = "ipynb-telemetry:plugin"
SCHEMA = Path(__file__).parents[3] / "schema" / "plugin.json"


class Lab:
    """The folders of a JupyterLab that has this extension's settings."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        schemas = directory / "labextensions" / "ipynb-telemetry" / "schemas" / "ipynb-telemetry"
        schemas.mkdir(parents=True, exist_ok=True)
        shutil.copy(SCHEMA, schemas)

    @property
    def config(self) -> dict[str, Any]:
        """The configuration of a server with this JupyterLab."""
        return {
            "app_dir": str(self._directory / "app"),
            "app_settings_dir": str(self._directory / "app" / "settings"),
            "schemas_dir": str(self._directory / "app" / "schemas"),
            "user_settings_dir": str(self._directory / "user"),
            "extra_labextensions_path": [str(self._directory / "labextensions")],
            "labextensions_path": [],
        }

    @property
    def user_file(self) -> Path:
        return self._directory / "user" / "ipynb-telemetry" / "plugin.jupyterlab-settings"

    def save(self, **values: Any) -> None:
        """Save the user's settings, all of them."""
        self.user_file.parent.mkdir(parents=True, exist_ok=True)
        self.user_file.write_text(json.dumps(values))

    def override(self, **values: Any) -> None:
        """Write an administrator's settings; the newest JupyterLab reads them when it starts."""
        path = self._directory / "app" / "settings" / "overrides.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({PLUGIN: values}))
