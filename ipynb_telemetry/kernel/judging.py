# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Tests that are decorated, judged."""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from .errors import _keep_failure, _message, _traceback
from .pages import _open_comms
from .send import _send
from .shared import _state
from .text import _text
from .whichcell import _calling_cell

_F = TypeVar("_F", bound="Callable[..., Any]")  # a kernel may be older than the server
# Errors by package and name: no package is imported for them. pytest's own errors say that they
# are builtins.
_NO_VERDICT = {
    *("builtins.KeyboardInterrupt", "builtins.GeneratorExit", "asyncio.CancelledError"),
    *("concurrent.CancelledError", "trio.Cancelled", "unittest.SkipTest"),
    *("builtins.Skipped", "_pytest.Skipped"),
}


def _is_verdict(kind: type | None) -> bool:
    """Whether a test that ended with this kind of error, or with none, has passed or failed."""
    kinds = kind.__mro__ if kind else ()
    names = {f"{str(each.__module__).partition('.')[0]}.{each.__name__}" for each in kinds}
    return _NO_VERDICT.isdisjoint(names)


class _Verdict:
    """A test, which is the body of `with`: time it, print and send how it ended."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_due = True
        self._started = time.perf_counter()

    def __enter__(self) -> _Verdict:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, _: object) -> None:
        duration_ms = (time.perf_counter() - self._started) * 1000
        if not (self.is_due and _is_verdict(kind)):
            return
        line = f"TEST PASSED: {self.name}"
        details: dict[str, str] | None = None
        if error is not None:
            name = type(error).__name__
            value = _message(error)
            line = f"TEST FAILED: {self.name} - {value or name}"
            details = {"name": name, "value": value, "traceback": _traceback(error)}
        with suppress(Exception):  # stdout may be closed
            print(line)
        with suppress(Exception):
            texts = details and {key: _text(text) for key, text in details.items()}
            test: dict[str, Any] = {"test": _text(self.name), "cell_id": _calling_cell()}
            test.update(duration_ms=duration_ms, error=texts)
            if error is not None:
                _keep_failure(type(error).__name__, _message(error))
            _send("test_failed" if details else "test_passed", test)
            state = _state()
            if not (state.is_set_up or _open_comms()):
                state.is_set_up = True
                print("ipynb-telemetry: nothing is tracked, setup_telemetry was not called")


def _tracked(name: str, func: Any) -> Any:
    """A test function of that name, judged at each call."""
    if isinstance(func, (classmethod, staticmethod)):
        return type(func)(_tracked(name, func.__func__))
    if not callable(func) or isinstance(func, type):
        raise TypeError(f"tracked_test wraps a function, not {func!r}")
    if inspect.isgeneratorfunction(func) or inspect.isasyncgenfunction(func):
        raise TypeError(f"tracked_test cannot judge {name!r}: calling a generator runs nothing")

    async def follow(test: Any) -> Any:
        __tracebackhide__ = True
        with _Verdict(name):
            return await test

    @functools.wraps(func)
    def run(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        with _Verdict(name) as verdict:
            result = func(*args, **kwargs)
            verdict.is_due = not inspect.iscoroutine(result)
        return result if verdict.is_due else follow(result)

    @functools.wraps(func)
    async def run_async(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return await run(*args, **kwargs)

    judged: Any = run_async if inspect.iscoroutinefunction(func) else run
    judged.__tracked_test__ = True
    return judged
