# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Test results without decorators: otter's checks, doctests, and what pytest runs in a cell.

Their modules are watched where they are imported, or else as soon as they are; none of them
is imported for it, and no hook of the cells is used.
"""

from __future__ import annotations

import contextvars
import functools
import inspect
import os
import re
import sys
import time
from contextlib import suppress
from typing import Any

from .errors import _message, _traceback
from .judging import _is_verdict
from .pages import _send
from .shared import _state
from .text import _text

# Test results without decorators: otter's checks, doctests, and what pytest runs in a cell.
# Their modules are watched where they are imported, or else as soon as they are; none of them
# is imported for it, and no hook of the cells is used.


class _Trial:
    """What happens inside `with` is a test of that source, or many; in another's it is no own."""

    def __init__(self, source: str) -> None:
        self.source, self.due = source, False
        self.test, self.error = "", None
        self.passed: bool | None = None  # while there is no verdict

    def __enter__(self) -> _Trial:
        with suppress(Exception):
            self.due, self.token = not _state().judging.get(), _state().judging.set(True)
        self.started = time.perf_counter()
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        duration_ms = (time.perf_counter() - self.started) * 1000
        with suppress(Exception):
            _state().judging.reset(self.token)
            if _is_verdict(kind):
                self.tell(self.test, self.passed, duration_ms, self.error)

    def tell(self, test: str, passed: bool | None, duration_ms: float, error: Any) -> None:
        if self.due and test and passed is not None and self.source not in _state().sources_off:
            error_texts = error and {key: _text(str(text)) for key, text in error.items()}
            result = {"test": _text(test), "duration_ms": duration_ms, "error": error_texts}
            _send("test_passed" if passed else "test_failed", result, source=self.source)


def _details(error: Any) -> dict[str, str]:
    """What is told of an error, from the test's own first frame on."""
    if type(error).__name__ == "MultipleDoctestFailures":  # of pytest
        error = error.failures[0]
    if type(error).__name__ == "DocTestFailure":
        return _difference(error.example, error.got)
    if type(error).__name__ == "UnexpectedException":
        error = error.exc_info[1]
    whole = own = error.__traceback__
    while own and str(own.tb_frame.f_globals.get("__name__")).split(".")[0] in _RUNNERS:
        own = own.tb_next
    try:
        error.__traceback__ = own or whole
        traceback = _traceback(error)
    finally:
        error.__traceback__ = whole
    return {"name": type(error).__name__, "value": _message(error), "traceback": traceback}


def _difference(example: Any, got: str) -> dict[str, str]:
    value = f"expected {example.want.strip() or 'nothing'}, got {got.strip() or 'nothing'}"
    return {"name": "DocTestFailure", "value": value, "traceback": f">>> {example.source}{value}"}


def _watch_doctest(run: Any) -> Any:
    def judged(runner: Any, test: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        caller, heard = sys._getframe(1), []
        with _Trial("doctest") as trial:

            def hear(report: Any, *call: Any) -> Any:
                __tracebackhide__ = True
                with suppress(Exception):
                    if trial.passed is None:  # the first failure is the one that is told
                        example, got = call[-2:]
                        is_text, trial.passed = isinstance(got, str), False
                        trial.error = _difference(example, got) if is_text else _details(got[1])
                return report(*call)

            with suppress(Exception):
                trial.test = re.sub(r"^__main__\.(?=.)", "", test.name)
                if test.name == "NoName":  # of run_docstring_examples that was given none
                    trial.test = getattr(caller.f_locals.get("f"), "__name__", test.name)
                for name in {"report_failure", "report_unexpected_exception"} - vars(runner).keys():
                    setattr(runner, name, functools.partial(hear, getattr(runner, name)))
                    heard.append(name)
            try:
                result = run(runner, test, *args, **kwargs)
            finally:
                for name in heard:
                    vars(runner).pop(name, None)
            with suppress(Exception):
                if trial.passed is None and result.attempted > getattr(result, "skipped", 0):
                    trial.passed = not result.failed
            return result

    return judged


def _watch_otter(check: Any) -> Any:
    def judged(grader: Any, question: str, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if args in ((), (None,)) and kwargs.get("global_env") is None:
            # Otter would take the caller's from the frames, and find ours.
            args, kwargs = (sys._getframe(1).f_globals,), {}
        with _Trial("otter") as trial:
            result = check.__get__(grader, type(grader))(question, *args, **kwargs)
            with suppress(Exception):
                trial.test, trial.passed = str(question), bool(result.passed_all)
                failed = [case.test_case for case in result.test_case_results if not case.passed]
                named = [": ".join(filter(None, (c.name, c.failure_message))) for c in failed]
                error = {"name": "TestCaseFailed", "value": "; ".join(named)}
                trial.error = {**error, "traceback": result.summary()} if failed else None
            return result

    return judged


def _watch_pytest(main: Any) -> Any:
    def judged(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        with _Trial("pytest") as trial:
            with suppress(Exception):
                call = inspect.signature(main).bind(*args, **kwargs)
                given = call.arguments.get("plugins") or ()
                call.arguments["plugins"] = [*given, _PytestPlugin(trial)]
                args, kwargs = call.args, call.kwargs
            return main(*args, **kwargs)

    return judged


class _PytestPlugin:
    """Judges each test that pytest runs, when it has been taken down."""

    def __init__(self, trial: _Trial) -> None:
        self.trial, self.reports, self.raised, self.is_tracked = trial, {}, {}, False

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        self.raised[call.when] = call.excinfo and call.excinfo.value
        self.is_tracked = hasattr(getattr(item, "obj", None), "__tracked_test__")

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.outcome == "failed" or report.when not in self.reports:
            self.reports[report.when] = report

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        with suppress(Exception):
            called = self.reports.get("call")
            failed = next((r for r in self.reports.values() if r.outcome == "failed"), None)
            judged = failed or (called if called and called.outcome == "passed" else None)
            if judged and not (called and self.is_tracked):  # which tells of itself
                file, _, test = nodeid.partition("::")  # ipytest's file has another name each time
                module = re.escape(os.path.splitext(os.path.basename(file))[0])
                raised, error = failed and self.raised.get(failed.when), None
                if failed:
                    error = {"name": "Failed", "value": failed.longreprtext, "traceback": ""}
                    error = _details(raised) if raised else error
                duration_ms = (called or judged).duration * 1000
                self.trial.tell(re.sub(rf"^{module}\.", "", test), not failed, duration_ms, error)
        self.__init__(self.trial)


class _TestFinder:
    """Finds no module itself, but has a watched one's own loader tell that it is there."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        with suppress(Exception):
            others = [f for f in sys.meta_path if f is not self] if name in _WATCHED else []
            spec = next(filter(None, (f.find_spec(name, path, target) for f in others)), None)
            if spec is None or isinstance(spec.loader, type):
                return spec
            load = spec.loader.exec_module

            def exec_module(module: Any) -> None:
                __tracebackhide__ = True
                with suppress(Exception):
                    del spec.loader.exec_module
                load(module)
                _watch(name)

            spec.loader.exec_module = exec_module
            return spec
        return None


_RUNNERS = {"_pytest", "pluggy", "doctest"}
# By module: where the function is that tests, and what follows each of its calls.
_WATCHED = {
    "doctest": ("DocTestRunner", "run", _watch_doctest),
    "otter.check.notebook": ("Notebook", "check", _watch_otter),
    "pytest": ("", "main", _watch_pytest),
}


def _watch(module: str) -> None:
    with suppress(Exception):
        owner, name, follow = _WATCHED[module]
        place = getattr(sys.modules[module], owner) if owner else sys.modules[module]
        found = vars(place)[name]
        if not hasattr(found, "__is_watched__"):
            judged = functools.wraps(found)(follow(found))
            judged.__is_watched__ = True
            setattr(place, name, judged)


def _watch_tests() -> None:
    """Watch, once however many copies there are; the state's `sources_off` are not told."""
    state = vars(_state())
    state.setdefault("sources_off", set())
    state.setdefault("judging", contextvars.ContextVar("judging", default=False))
    if not state.setdefault("finder", None):
        state["finder"] = _TestFinder()
        sys.meta_path.insert(0, state["finder"])
    for module in _WATCHED.keys() & sys.modules.keys():
        _watch(module)
