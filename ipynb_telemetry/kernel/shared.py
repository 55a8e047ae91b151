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
# What JavaScript's `trim` takes away, which is not what `strip` takes away by itself.
_WHITE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_WHITE += "\u2028\u2029\u202f\u205f\u3000\ufeff"
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
