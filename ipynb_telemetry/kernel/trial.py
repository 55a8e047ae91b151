# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Tests that another library judges, told as that library has it."""

from __future__ import annotations

import time
from contextlib import suppress
from contextvars import Token
from typing import Any

from .errors import _keep_failure, _message, _traceback
from .judging import _is_verdict
from .rules import _rules
from .send import _send
from .shared import _state
from .text import _text
from .whichcell import _calling_cell

_RUNNERS = {"_pytest", "pluggy", "doctest"}  # whose frames are not the test's


class _Trial:
    """A test of a source, or several, in the body of `with`; a trial within a trial is not told."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.test = ""  # its name
        self.passed: bool | None = None  # None: there is no verdict
        self.error: dict[str, str] | None = None
        self._is_due = False
        self._token: Token[bool] | None = None
        self._started = 0.0

    def __enter__(self) -> _Trial:
        with suppress(Exception):
            judging = _state().judging
            self._is_due = not judging.get()
            self._token = judging.set(True)
        self._started = time.perf_counter()
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        duration_ms = (time.perf_counter() - self._started) * 1000
        with suppress(Exception):
            if self._token:
                _state().judging.reset(self._token)
            if _is_verdict(kind):
                self.tell(self.test, self.passed, duration_ms, self.error)

    def tell(self, test: str, passed: bool | None, duration_ms: float, error: Any) -> None:
        """Send a result, unless there is none or results of the source are not wanted."""
        off = {*_state().sources_off, *_rules()["sourcesOff"]}
        if self._is_due and test and passed is not None and self.source not in off:
            texts = error and {key: _text(str(text)) for key, text in error.items()}
            result: dict[str, Any] = {"test": _text(test), "cell_id": _calling_cell()}
            result.update(duration_ms=duration_ms, error=texts)
            if error and not passed:
                _keep_failure(str(error["name"]), str(error["value"]))
            _send("test_passed" if passed else "test_failed", result, source=self.source)


def _details(error: Any) -> dict[str, str]:
    """Words for an error, with its traceback from the test's own first frame on."""
    if type(error).__name__ == "MultipleDoctestFailures":  # of pytest
        error = error.failures[0]
    if type(error).__name__ == "DocTestFailure":
        return _difference(error.example, error.got)
    if type(error).__name__ == "UnexpectedException":
        error = error.exc_info[1]
    whole = error.__traceback__
    own = whole
    while own and str(own.tb_frame.f_globals.get("__name__")).split(".")[0] in _RUNNERS:
        own = own.tb_next
    try:
        error.__traceback__ = own or whole
        traceback = _traceback(error)
    finally:
        error.__traceback__ = whole
    return {"name": type(error).__name__, "value": _message(error), "traceback": traceback}


def _difference(example: Any, got: str) -> dict[str, str]:
    """Words for an example of doctest that gave another text than it says."""
    value = f"expected {example.want.strip() or 'nothing'}, got {got.strip() or 'nothing'}"
    return {"name": "DocTestFailure", "value": value, "traceback": f">>> {example.source}{value}"}
