"""The example notebook without its flag, and the flag of a notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .commandline import EXAMPLE

FLAG_LINES = b"""\
  "ipynb_telemetry": {
   "enabled": true,
   "notebook": "D1_Python_Tooling"
  },
"""


def unflagged(path: str | Path = "D1.ipynb") -> Path:
    """Copy the example without its flag."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = EXAMPLE.read_bytes()
    assert FLAG_LINES in content
    path.write_bytes(content.replace(FLAG_LINES, b""))
    return path


def flag_of(path: Path) -> Any:
    """Read what a notebook file says of telemetry."""
    return json.loads(path.read_bytes())["metadata"].get("ipynb_telemetry")
