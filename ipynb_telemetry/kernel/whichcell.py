# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The cell whose code is at work, by the id that the event of its run tells."""

from __future__ import annotations

import os
import sys
import types
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from .request import _parent
from .shared import _MAX_LABEL, _state

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "ipynb-telemetry")


def _cell_of(request: Mapping[str, Any], code: str | None) -> str | None:
    """The cell's id or, where the front end sends none, an id that is made of its source.

    None where there is no source either.
    """
    told = request.get("metadata") or {}
    # VS Code's ids are addresses of the file, with its folders; the cell is what follows #.
    cell_id = told.get("cellId") or (told.get("colab") or {}).get("cell_id") or ""
    named = str(cell_id).rpartition("#")[2][:_MAX_LABEL]
    if named or code is None:
        return named or None
    source = code.strip().encode("utf-8", "replace").decode()
    return f"source-{uuid.uuid5(_NAMESPACE, source).hex[:12]}"


def _calling_cell() -> str | None:
    """The id of the cell whose code called us, by `await` too; None where that cannot be told.

    Nobody can tell of which cell a thread, a task or a forked process is: the kernel may be at
    another cell by then, and knows the last request only.
    """
    with suppress(Exception):
        forks = _state().forks
        if (forks is None or forks.pid == os.getpid()) and _is_called_by_cell():
            # Where no message says which cell runs, a reporter has heard of it by its hooks.
            runs = getattr(_state().reporter, "runs", None)
            request = _parent()
            heard: str | None = getattr(runs, "cell", None)
            return heard or _cell_of(request, request.get("content", {}).get("code"))
    return None


def _is_called_by_cell() -> bool:
    """Whether IPython's function that runs the code of cells has called us."""
    module = "IPython.core.interactiveshell"
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "run_code" and frame.f_globals.get("__name__") == module:
            return True
        frame = frame.f_back
    return False
