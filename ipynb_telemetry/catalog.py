"""The events there are, as src/events/catalog.ts defines them.

`npm run docs` writes the definition into conformance/events.json, and the same into the package:
what is installed has no conformance/ beside it.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

_DEFINITION = json.loads(files(__package__).joinpath("events.json").read_text("utf-8"))

ENVELOPE: dict[str, dict[str, Any]] = _DEFINITION["envelope"]["properties"]
"""What each event has beside its own properties: JSON Schema by name."""

PROPERTIES: dict[str, dict[str, dict[str, Any]]] = {
    name: event["schema"]["properties"] for name, event in _DEFINITION["events"].items()
}
"""The properties of each event: JSON Schema by event and name, in order."""
