# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The ways into a kernel: sent by a front end, imported, or exec'd among a student's names."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from .api import _connect, _names
from .request import _parent
from .shared import _IN_BROWSER, _shell, _state


def _take_back() -> None:
    """Uncount the cell that sent this: Pyodide's kernel counts and keeps cells that nobody sees."""
    if _IN_BROWSER and _parent()["content"]["silent"]:
        shell = _shell()
        shell.execution_count -= 1
        kept = shell.history_manager
        kept.input_hist_parsed.pop()
        kept.input_hist_raw.pop()
        kept._i00 = kept._i
        kept._i = kept._ii
        kept._ii = kept._iii


def _install() -> None:
    """Begin, in a kernel that a front end has sent this file to."""
    with suppress(Exception):
        _take_back()
    _connect()


def __getattr__(name: str) -> Any:
    """STUDENT_NAME and STUDENT_ID of the module, as they are at that moment."""
    if name.startswith("STUDENT_") and name in _names():
        return _names()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _leave(names: dict[str, Any], found: dict[str, Any]) -> None:
    """Undo the exec of this text among a student's `names`, and put only the public names there.

    `found` are the names with their values before.
    """
    for name in ("_home", *globals()):
        names.pop(name, None)
        if name in found:
            names[name] = found[name]
    given = _names()
    names.update(given)
    if _shell():
        _state().given.update(given)
    _install()
