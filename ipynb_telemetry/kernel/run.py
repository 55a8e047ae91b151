# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The run of a cell."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from .errors import _error, _message, _traceback
from .outputs import _Outputs
from .text import _clean, _cut, _without_tokens
from .whichcell import _NAMESPACE, _cell_of


class _Run:
    """A run of a cell, from the request for it to its reply."""

    def __init__(self, parent: Mapping[str, Any], code: str | None) -> None:
        header = parent.get("header", {})
        self.msg_id: str | None = header.get("msg_id")
        self.date = header.get("date")
        self.page: str | None = header.get("session")
        self.code: str | None = parent.get("content", {}).get("code") if code is None else code
        self._parent = parent
        self.outputs = _Outputs()
        self.queued_ms = 0.0
        self.attempt = 1
        self.execution_count: int | None = None
        self.error: Any = None  # an exception, or name, value and traceback
        self.is_aborted = False
        self.is_of_test = False  # a test that failed has told the error
        self.started = time.perf_counter()
        self.ended = 0.0

    @property
    def cell(self) -> str:
        """The cell's id or, where the front end sends none, an id that is made of its source."""
        return str(_cell_of(self._parent, self.code or ""))

    @property
    def uuid(self) -> str | None:
        """The event's uuid, the same whoever reports the run."""
        return self.msg_id and str(uuid.uuid5(_NAMESPACE, f"cell_executed:{self.msg_id}"))

    def properties(self) -> dict[str, Any]:
        """Properties of the event `cell_executed`; they take time, which no cell is to wait for."""
        if isinstance(self.error, BaseException):
            self.error = _in_words(self.error)
        output, is_output_cut = self.outputs.read()
        code, is_code_cut = _cut(self.code or "", clean=_without_tokens)
        status = "aborted" if self.is_aborted else "ok" if self.error is None else "error"
        described = {
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
        return {**described, "error_of": "test"} if self.is_of_test else described


def _in_words(error: BaseException) -> tuple[str, str, str]:
    """Name, value and traceback."""
    return type(error).__name__, _message(error), _traceback(error)
