# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Exceptions in words."""

from __future__ import annotations

import os
import traceback
from contextlib import suppress
from typing import Any

from .shared import _MAX_LABEL, _shell, _state
from .text import _cut, _text

_MAX_FAILURES = 100


def _traceback(error: BaseException) -> str:
    """The last 20 frames of a traceback, files named without their folders, and the error."""
    lines = ["Traceback (most recent call last):"]
    with suppress(Exception):
        tb = traceback.walk_tb(error.__traceback__)
        frames = [pair for pair in tb if not pair[0].f_locals.get("__tracebackhide__")]
        cell_name = getattr(getattr(_shell(), "compile", None), "format_code_name", lambda _: None)
        for frame in traceback.StackSummary.extract(iter(frames[-20:])):
            place = cell_name(frame.filename) or ("File", os.path.basename(frame.filename))
            lines += [f"  {' '.join(place)}, line {frame.lineno}, in {frame.name}"]
            lines += [f"    {(frame.line or '')[:_MAX_LABEL]}"]
    return "\n".join([*lines, f"{type(error).__name__}: {_message(error)}"])


def _message(error: BaseException) -> str:
    """The words of an error, whose own `__str__` may fail."""
    with suppress(Exception):
        return str(error)
    return "<no message>"


def _keep_failure(name: str, value: str) -> None:
    """Keep the error of a failed test until the run ends, perhaps by the same error."""
    failures = _state().failures
    failures.append((name, _text(value)))
    del failures[:-_MAX_FAILURES]  # where a page reports the runs, nobody forgets them


def _is_of_test(error: Any) -> bool:
    """Whether a test that failed in this run has told the error that the run ended by.

    `error` is an exception, or name, value and traceback, or None.
    """
    if isinstance(error, BaseException):
        return (type(error).__name__, _text(_message(error))) in _state().failures
    return bool(error) and (str(error[0]), _text(str(error[1]))) in _state().failures


def _error(name: Any, value: Any, lines: Any) -> dict[str, str]:
    """The property `error` of an event, cleaned and cut."""
    trace = "\n".join(lines) if isinstance(lines, (list, tuple)) else str(lines)
    return {
        "name": _cut(str(name), _MAX_LABEL)[0],
        "value": _cut(str(value))[0],
        "traceback": _cut(trace)[0],
    }
