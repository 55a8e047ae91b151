"""The settings there are, as schema/plugin.json defines them.

`npm run docs` writes the same into the package, so that the command line knows the settings where
no JupyterLab has the extension.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

SETTINGS: dict[str, dict[str, Any]] = json.loads(
    files(__package__).joinpath("schema.json").read_text("utf-8")
)["properties"]
"""JSON Schema of each setting by name, in the order of the Settings Editor."""
