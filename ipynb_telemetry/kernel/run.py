# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""One run of a cell."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from .errors import _error, _message, _traceback
from .outputs import _Outputs
from .shared import _MAX_LABEL
from .text import _clean, _cut, _without_tokens

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "ipynb-telemetry")


class _Run:
    """One run of one cell."""

    def __init__(self, parent: Mapping[str, Any], code: str | None) -> None:
        header, told = parent.get("header", {}), parent.get("metadata") or {}
        self.msg_id, self.date = header.get("msg_id"), header.get("date")
        self.page = header.get("session")
        self.code = parent.get("content", {}).get("code") if code is None else code
        # VS Code's ids are addresses of the file, with its folders; the cell is what follows #.
        cell_id = told.get("cellId") or (told.get("colab") or {}).get("cell_id") or ""
        self.cell_id = str(cell_id).rpartition("#")[2][:_MAX_LABEL]
        self.outputs, self.queued_ms, self.attempt = _Outputs(), 0.0, 1
        self.execution_count: int | None = None
        self.error: Any = None  # an exception, or name, value and traceback
        self.is_aborted = False
        self.started, self.ended = time.perf_counter(), 0.0

    @property
    def cell(self) -> str:
        """The cell's id or, where the front end sends none, one made of its source."""
        source = (self.code or "").strip().encode("utf-8", "replace").decode()
        return self.cell_id or f"source-{uuid.uuid5(_NAMESPACE, source).hex[:12]}"

    @property
    def uuid(self) -> str | None:
        """The same on whatever way the run is reported."""
        return self.msg_id and str(uuid.uuid5(_NAMESPACE, f"cell_executed:{self.msg_id}"))

    def properties(self) -> dict[str, Any]:
        """Those of `cell_executed`; takes its time, so not while a cell runs."""
        if isinstance(self.error, BaseException):
            error = self.error
            self.error = type(error).__name__, _message(error), _traceback(error)
        output, is_output_cut = self.outputs.read()
        code, is_code_cut = _cut(self.code or "", clean=_without_tokens)
        status = "aborted" if self.is_aborted else "ok" if self.error is None else "error"
        return {
            "cell_id": _clean(self.cell),
            "cell_index": -1,  # a kernel is sent cells, never the notebook
            "execution_count": self.execution_count,
            "code": code,
            "output": output,
            "success": status == "ok",
            "status": status,
            "error": self.error and _error(*self.error),
            "duration_ms": round(max(0.0, self.ended - self.started) * 1000, 1),
            "queued_ms": round(self.queued_ms, 1),
            "attempt": self.attempt,
            "truncated": is_output_cut or is_code_cut,
        }
