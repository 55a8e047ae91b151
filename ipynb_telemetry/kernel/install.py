# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""How this comes into a kernel."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from .api import _connect, _names
from .request import _parent
from .shared import _IN_BROWSER, _shell


def _take_back() -> None:
    """Pyodide's kernel counts and keeps each cell, also that of a page which sends this, unseen."""
    if _IN_BROWSER and _parent()["content"]["silent"]:
        shell = _shell()
        shell.execution_count -= 1
        kept = shell.history_manager
        kept.input_hist_parsed.pop()
        kept.input_hist_raw.pop()
        kept._i00, kept._i, kept._ii = kept._i, kept._ii, kept._iii


def _install() -> None:
    """Begin, in a kernel that a front end has sent this file to."""
    with suppress(Exception):
        _take_back()
    _connect()


def __getattr__(name: str) -> Any:  # STUDENT_NAME and STUDENT_ID, as they are at that moment
    if name.startswith("STUDENT_") and name in _names():
        return _names()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _leave(names: dict[str, Any], found: dict[str, Any]) -> None:
    """Undo what exec'ing this text among `names` did, and put only the public ones there."""
    for name in ("_home", *globals()):
        names.pop(name, None)
        if name in found:
            names[name] = found[name]
    names.update(_names())
    _install()
