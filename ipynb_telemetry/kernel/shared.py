# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""What every copy of the kernel side in a process shares, and what all its parts need."""

from __future__ import annotations

import sys
import types
from typing import Any

__version__ = "0.1.0"
_VERSION = 1  # of the Comm protocol
_TARGET = "ipynb_telemetry"
_MAX_LABEL = 200  # characters of an id, a preview or a source line
_IN_BROWSER = sys.platform == "emscripten"  # Pyodide: no threads, and no message while a cell runs


def _state() -> Any:
    """What all copies in this process share: data only, the functions are each copy's own."""
    state = sys.modules.setdefault("_ipynb_telemetry", types.ModuleType("_ipynb_telemetry"))
    fresh: dict[str, Any] = {"comms": {}, "warned": set(), "student": None, "notebook": None}
    fresh.update(reporter=None, deliveries=[], is_set_up=False, ends=False)
    fresh.update(called=None, destination=None, looks=False)
    fresh.update(handshakes={}, failed=set(), asked=set())
    for name, value in fresh.items():
        vars(state).setdefault(name, value)
    return state


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
