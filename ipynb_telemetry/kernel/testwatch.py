# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Test results without decorators: otter's checks, doctests, and tests that pytest runs in a cell.

The modules of these libraries are watched where they are imported, or else as soon as they are.
No module is imported for it, and no hook of the cells is used.
"""

from __future__ import annotations

import functools
import inspect
import os
import re
import sys
from contextlib import suppress
from typing import Any

from .shared import _state
from .trial import _details, _difference, _Trial


def _watch_doctest(run: Any) -> Any:
    """`DocTestRunner.run`, whose runs are judged."""

    def judged(runner: Any, test: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        caller = sys._getframe(1)
        heard = []
        with _Trial("doctest") as trial:

            def hear(report: Any, *call: Any) -> Any:
                __tracebackhide__ = True
                with suppress(Exception):
                    if trial.passed is None:  # the first failure is told
                        example, got = call[-2:]
                        trial.passed = False
                        is_text = isinstance(got, str)
                        trial.error = _difference(example, got) if is_text else _details(got[1])
                return report(*call)

            with suppress(Exception):
                trial.test = re.sub(r"^__main__\.(?=.)", "", test.name)
                if test.name == "NoName":  # run_docstring_examples was given no name
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
    """`Notebook.check`, whose checks are judged."""

    def judged(grader: Any, question: str, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if args in ((), (None,)) and kwargs.get("global_env") is None:
            # Otter would take the caller's names from the frames, and find ours.
            args = (sys._getframe(1).f_globals,)
            kwargs = {}
        with _Trial("otter") as trial:
            result = check.__get__(grader, type(grader))(question, *args, **kwargs)
            with suppress(Exception):
                trial.test = str(question)
                trial.passed = bool(result.passed_all)
                failed = [case.test_case for case in result.test_case_results if not case.passed]
                named = [": ".join(filter(None, (c.name, c.failure_message))) for c in failed]
                error = {"name": "TestCaseFailed", "value": "; ".join(named)}
                trial.error = {**error, "traceback": result.summary()} if failed else None
            return result

    return judged


def _watch_pytest(main: Any) -> Any:
    """`pytest.main`, whose tests are judged."""

    def judged(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        with _Trial("pytest") as trial:
            with suppress(Exception):
                call = inspect.signature(main).bind(*args, **kwargs)
                given = call.arguments.get("plugins") or ()
                call.arguments["plugins"] = [*given, _PytestPlugin(trial)]
                args = call.args
                kwargs = call.kwargs
            return main(*args, **kwargs)

    return judged


class _PytestPlugin:
    """Tells of each test that pytest runs, when the test has been taken down."""

    def __init__(self, trial: _Trial) -> None:
        self._trial = trial
        self._forget()

    def _forget(self) -> None:
        """Begin with the next test."""
        self._reports: dict[str, Any] = {}  # by setup, call and teardown
        self._raised: dict[str, Any] = {}
        self._is_tracked = False

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        self._raised[call.when] = call.excinfo and call.excinfo.value
        self._is_tracked = hasattr(getattr(item, "obj", None), "__tracked_test__")

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.outcome == "failed" or report.when not in self._reports:
            self._reports[report.when] = report

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        with suppress(Exception):
            called = self._reports.get("call")
            failed = next((r for r in self._reports.values() if r.outcome == "failed"), None)
            judged = failed or (called if called and called.outcome == "passed" else None)
            if judged and not (called and self._is_tracked):  # a tracked test tells of itself
                file, _, test = nodeid.partition("::")  # ipytest's file has another name each time
                module = re.escape(os.path.splitext(os.path.basename(file))[0])
                raised = self._raised.get(failed.when) if failed else None
                error = _details(raised) if raised else None
                if failed and not raised:
                    error = {"name": "Failed", "value": failed.longreprtext, "traceback": ""}
                duration_ms = (called or judged).duration * 1000
                self._trial.tell(re.sub(rf"^{module}\.", "", test), not failed, duration_ms, error)
        self._forget()


class _TestFinder:
    """Finds no module itself, but has the loader of a watched module tell that it is there."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        with suppress(Exception):
            others = (
                [each for each in sys.meta_path if each is not self] if name in _WATCHED else []
            )
            found = (finder.find_spec(name, path, target) for finder in others)
            spec = next(filter(None, found), None)
            if spec is None or isinstance(spec.loader, type):
                return spec
            loader: Any = spec.loader
            load = loader.exec_module

            def exec_module(module: Any) -> None:
                __tracebackhide__ = True
                with suppress(Exception):
                    del loader.exec_module
                load(module)
                _watch(name)

            loader.exec_module = exec_module
            return spec
        return None


# By module: owner and name of the function that runs tests, and the function that wraps it.
_WATCHED = {
    "doctest": ("DocTestRunner", "run", _watch_doctest),
    "otter.check.notebook": ("Notebook", "check", _watch_otter),
    "pytest": ("", "main", _watch_pytest),
}


def _watch(module: str) -> None:
    """Have the tests judged that a module runs, which is imported."""
    with suppress(Exception):
        owner, name, follow = _WATCHED[module]
        place = getattr(sys.modules[module], owner) if owner else sys.modules[module]
        found = vars(place)[name]
        if not hasattr(found, "__is_watched__"):
            judged: Any = functools.wraps(found)(follow(found))
            judged.__is_watched__ = True
            setattr(place, name, judged)


def _watch_tests() -> None:
    """Watch all modules that run tests, once however many copies there are."""
    state = _state()
    if state.finder is None:
        state.finder = _TestFinder()
        sys.meta_path.insert(0, state.finder)
    for module in _WATCHED.keys() & sys.modules.keys():
        _watch(module)
