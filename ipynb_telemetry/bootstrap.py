# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
# ruff: noqa: E402 - the names already here must be remembered before the imports add theirs
"""Kernel side of ipynb-telemetry: over a Comm to the front end or, where none is, by itself.

One file without imports from its package: a front end execs its text in a kernel and calls
`_install()`; importing it works too, and so does exec'ing it among a student's own names.
All copies in a kernel share one state, so that loading again doubles and closes nothing.

Telemetry never breaks the lesson: before `setup_telemetry` and with no front end everything here
runs and sends nothing, and no failure of ours reaches a student's cell.
"""

from __future__ import annotations

# The import above has a name, too.
_found = {name: value for name, value in globals().items() if name != "annotations"}

import atexit
import contextvars
import decimal
import functools
import importlib
import inspect
import json
import logging
import math
import numbers
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import types
import uuid
import warnings
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from datetime import datetime, timezone
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, overload
from urllib.parse import urlsplit

_F = TypeVar("_F", bound="Callable[..., Any]")  # a kernel may be older than the server
__version__ = "0.1.0"
_VERSION = 1  # of the Comm protocol
_TARGET = "ipynb_telemetry"
_MAX_COMMS = 16  # a page that goes away does not always close its Comm
_MAX_BYTES = 65_536  # of a custom event's properties as UTF-8 JSON
_MAX_TEXT = 10_000  # characters of a message or traceback
_MAX_JSON = 22_000  # units of its JSON: four and what is about them fit into a page's 100,000
_MAX_LABEL = 200  # characters of an id, a preview or a source line
_EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_RESERVED = {"uuid", "event_type", "student_id", "notebook", "timestamp", "session_id", "seq"}
_RESERVED |= {"distinct_id", "token"}
_BUILT_IN = {
    *("session_started", "session_ended", "cell_executed", "cell_marked", "events_dropped"),
    *("test_passed", "test_failed", "solution_peek", "solution_closed", "blur", "focus", "paste"),
}
_TESTS = ("test_passed", "test_failed")
_SHOWN = {"stream", "display_data", "update_display_data", "execute_result", "error"}
_SHOWN |= {"clear_output"}
_ENVELOPE = ("student_id", "notebook", "session_id", "seq")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "ipynb-telemetry")
_HOST = "https://us.i.posthog.com"
_NOTICE = (
    "Your course records what you do in this notebook: which cells you run with their code and "
    "output, and test results{}. Your instructor uses it to help you."
)
_STAYS = "It stays in a file where this kernel runs."
_IN_BROWSER = sys.platform == "emscripten"  # Pyodide: no threads, and no message while a cell runs
# As src/delivery/posthog.ts adds: no place is looked up, and a student is a person one can open.
_ADDED = {"$ip": None, "$geoip_disable": True, "$process_person_profile": True}
_SPOOL = re.compile(r"spool-\w+\.jsonl")
_NEEDED = {"uuid", "distinct_id", "timestamp", "properties"}  # of an event, to be sent
_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT
_MAX_BATCH, _MAX_WAITING = 100, 10_000  # events
_LONGEST_S = 120.0  # between two attempts
_BURST, _PER_SECOND = 1_000, 50  # tests and events of one's own; as src/trackers/kernelevent.ts
_GATHER_S = 0.5  # before what waits is sent
_LAST_S = 2.0  # to send what waits, when the kernel ends
_PATIENCE_S = 2.0  # with a front end
# Shows nothing. Where there is no kernel, no Colab or no callback it does nothing either; when the
# frame itself goes its document is hidden, too, and the student has not left.
_FRAME = {
    "text/html": f"""<script>
document.onvisibilitychange = async () => {{
  try {{
    const {{kernel}} = google.colab
    const told = [document.hidden, Date.now()]
    if (kernel.accessAllowed) await kernel.invokeFunction("{_TARGET}", told, {{}})
  }} catch {{}}
}}
onpagehide = () => {{ document.onvisibilitychange = null }}
</script>""",
    "text/plain": "",
}
# What src/events/text.ts takes out, and why: escape sequences, folders and tokens.
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*(?:[@-~]|\Z)|"
    r"\x1b(?:\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~]?)"
)
# A letter of any language, with its marks: those are none for Python.
_LETTER = r"\w\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u0900-\u109f\u1ab0-\u1aff"
_LETTER += r"\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f"
_PART, _SPACED = rf"[{_LETTER}.@+~%$-]+", r"[^\\/:*?\"'<>|\r\n]{1,100}"
_PATH = re.compile(
    r"(^|[\s\"'`(=<\[{,:;|>])(?:"
    rf"((?:file://)?(?:~[\w.-]*)?/(?:{_PART}/{{1,2}})+)({_PART})|"
    rf"([A-Za-z]:[\\/]{{1,2}}(?:{_SPACED}[\\/]{{1,2}})+)({_SPACED}(?=[\"'])|{_PART})|"
    rf"(\\\\{_PART}\\(?:{_PART}\\)+)({_PART}))",
    re.MULTILINE,
)
_WORD, _ROOT = r"[^\s/\\:*?\"'<>|,;]{1,100}", r"(?:home|Users|root|mnt|tmp|srv)"
_ROOTED = re.compile(
    rf"(^|[^{_LETTER}./:]|:(?!//(?!/))|(?:^|\s)-[A-Za-z]|file://[\w.-]{{1,64}}(?=/))"
    rf"((?:file://|[A-Za-z]:)?/{{1,4}}{_ROOT}/{{1,2}}"
    rf"(?:{_WORD}(?: (?=[{_LETTER}(&-]){_WORD}){{0,4}}/{{1,2}})*)"
    rf"({_SPACED}(?=[\"'\u201d\u2019])|{_PART})",
    re.MULTILINE,
)
_ROOT_IN = re.compile(f"/{_ROOT}/")
_HOMES = re.compile(r"(?:file://|[A-Z]:)?[\\/]+(?:home|users)[\\/]+", re.IGNORECASE)
_TOKEN = re.compile(r"([?&#](?:token|access_token|_xsrf)=)[^&\s\"'<>]+", re.IGNORECASE)
_NAMED_TOKEN = re.compile(
    r"((?:TOKEN|SECRET|PASSWORD|API_KEY)\w{0,40}['\"]?\s{0,4}[:=]\s{0,4}['\"]?|"
    r"Authorization['\"]?\s{0,4}[:=]\s{0,4}['\"]?(?:[A-Za-z]{1,20} )?)[^\s'\",}]+"
)
# Of the server, which may come in any guise.
_SECRETS = ("JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN", "JUPYTER_TOKEN")
# By package and name, so that none of them is imported for it; pytest calls its own a builtin.
_NO_VERDICT = {
    *("builtins.KeyboardInterrupt", "builtins.GeneratorExit", "asyncio.CancelledError"),
    *("concurrent.CancelledError", "trio.Cancelled", "unittest.SkipTest"),
    *("builtins.Skipped", "_pytest.Skipped"),
}


@overload
def tracked_test(name: str) -> Callable[[_F], _F]: ...
@overload
def tracked_test(name: _F) -> _F: ...
def tracked_test(name: Any) -> Any:
    """Report what a test function does, each time it is called.

    Prints `TEST PASSED: name` or `TEST FAILED: name - message`; returns what the function
    returns and raises what it raises, the very same object. Every exception is a failure,
    `SystemExit` too, save those that are no verdict and are neither printed nor reported: an
    interrupt, a cancelled task, a skipped test.

    Use it as `@tracked_test("name")`, or bare for the function's own name, on functions and
    methods, sync or async; an async test is judged when it has been awaited.
    TypeError: not a name, or on a class or on a generator, whose body a call does not run.
    """
    if isinstance(name, str) and name.strip():
        return functools.partial(_tracked, name)
    if callable(name) or isinstance(name, (classmethod, staticmethod)):
        return _tracked(getattr(name, "__name__", type(name).__name__), name)
    raise TypeError(f'tracked_test needs a name, as in @tracked_test("adds up"), not {name!r}')


def _telemetry_capture(event: str, props: Mapping[str, Any] | None = None) -> None:
    """Capture an event of your own.

    `event` is a small letter followed by up to 63 small letters, digits or `_`, and not the
    name of a built-in event. `props` becomes JSON: numbers, sets, dates, paths and numpy values
    are converted, NaN becomes null. What cannot be is left out with one warning, and so is an
    event with a wrong name or more than 64 KiB of properties. Never raises.
    """
    with suppress(Exception):
        if not isinstance(event, str) or not _EVENT_NAME.fullmatch(event):
            _warn(f"event {_label(event)} dropped: use up to 64 small letters, digits and _")
        elif event in _BUILT_IN:
            _warn(f"event {event!r} dropped: that name belongs to a built-in event")
        elif props is not None and not isinstance(props, Mapping):
            _warn(f"event {event!r} dropped: its properties are no dict")
        else:
            plain = {}
            for key, value in dict(props or {}).items():
                try:
                    plain[str(_plain(key, [1]))] = _plain(value, [10_000])
                except Exception as error:  # noqa: BLE001 - the value's own code runs here
                    _warn(f"event {event!r} goes without property {_label(key)}: {_message(error)}")
            reserved = [key for key in plain if key in _RESERVED or key.startswith("$")]
            if reserved:
                _warn(f"event {event!r} dropped: the property {reserved[0]!r} is reserved")
            elif len(json.dumps(plain, ensure_ascii=False).encode()) <= _MAX_BYTES:
                _send(event, plain)
            else:
                _warn(f"event {event!r} dropped: its properties are over 64 KiB")


def _cell(cell_id: str, code_preview: str = "") -> None:
    """Mark a cell for the instructor by an id and a preview, up to 200 characters each.

    The run itself is reported without it. Never raises.
    """
    with suppress(Exception):
        if not isinstance(cell_id, (str, int)) or not isinstance(code_preview, str):
            _warn('_cell needs text, as in _cell("exercise-1")')
        else:
            marked = {"cell_id": str(cell_id), "code_preview": code_preview}
            _send("cell_marked", {key: _text(text, _MAX_LABEL) for key, text in marked.items()})


def setup_telemetry(
    notebook_id: str,
    host: str | None = None,
    api_key: str | None = None,
    skip_name_prompt: bool = False,
    student_name: str | None = None,
) -> None:
    """Track this notebook under `notebook_id`, and say in one line how. Call it in its first cell.

    With our front end its settings and its name prompt decide, and the other arguments change
    nothing. Without one the kernel itself reports: it asks for the name, or takes `student_name`
    ("Ann Lee", "ANN-LEE" or "ANN_LEE"); `skip_name_prompt` says that nobody is to be asked. `host`
    and `api_key` are those of a PostHog project; left out they come from IPYNB_TELEMETRY_HOST and
    IPYNB_TELEMETRY_API_KEY, then from `host` and `api_key` in an `ipynb-telemetry.toml` beside or
    above the notebook. With no key events are written to a file here and nothing is sent.

    Call it again as often as you like; another id or student ends the session and starts one.
    ValueError, in words for the student: an id or a name that will not do, or nobody to ask.
    """
    refusal = _refuse_id(notebook_id)
    if refusal:
        raise ValueError(
            f'setup_telemetry needs a notebook id, as in setup_telemetry("D1_Tools"): {refusal}'
        )
    _install()
    state = _state()
    before, state.is_set_up, state.destination = state.destination, True, (host, api_key)
    line = "no telemetry front end is here, nothing is tracked"
    page, pages = _caller(), _open_comms()
    # Each page is asked once for each id: in a flagged notebook the flag's has the last word.
    is_known = page is None or page in {entry["session"] for entry in pages}
    is_asked = is_known and (not pages or notebook_id in (state.notebook, state.called))
    is_direct = state.reporter and page in state.failed  # nobody answers there
    answer = None
    if _shell() and not is_asked and not is_direct:
        state.called = notebook_id if is_known else state.called
        answer = _Handshake(notebook_id).answer()
        if answer is None:
            state.failed.add(page)
    if answer == "here" and is_known:
        line = f"the page goes on under {notebook_id}, unless its flag says other"
    elif answer == "here":
        line = "the Jupyter page tracks this notebook as its settings say, once a name is given"
    elif answer == "off":
        line = "the notebook says that it is not to be tracked, and it is not"
        _switch_off()
    elif pages and state.student:
        line = f"on for {state.student['name']} in {state.notebook}, as the settings say"
    elif pages:
        line = "nothing is tracked until a name is given in the front end"
    elif _IN_BROWSER:
        line = "the Jupyter page tracks this notebook as its settings say, once a name is given. "
        line += "A page without ipynb-telemetry does not, nor can a kernel in the browser by itself"
    elif _shell():
        is_on = state.reporter and state.reporter.student
        state.destination = before if is_on else None  # until somebody agrees
        line = _track(notebook_id, host, api_key, skip_name_prompt, student_name)
    with suppress(Exception):
        if answer or pages:
            _send_left(host, api_key)
    with suppress(Exception):
        print(f"ipynb-telemetry: {line}")


def _is_verdict(kind: type | None) -> bool:
    kinds = kind.__mro__ if kind else ()
    names = {f"{str(each.__module__).partition('.')[0]}.{each.__name__}" for each in kinds}
    return _NO_VERDICT.isdisjoint(names)


class _Verdict:
    """What happens inside `with` is a test: time it, print and send how it ended."""

    def __init__(self, name: str) -> None:
        self.name, self.due, self.started = name, True, time.perf_counter()

    def __enter__(self) -> _Verdict:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, _: object) -> None:
        duration_ms = (time.perf_counter() - self.started) * 1000
        if not (self.due and _is_verdict(kind)):
            return
        event, line, details = "test_passed", f"TEST PASSED: {self.name}", None
        if error is not None:
            name, value = type(error).__name__, _message(error)
            event, line = "test_failed", f"TEST FAILED: {self.name} - {value or name}"
            details = {"name": name, "value": value, "traceback": _traceback(error)}
        with suppress(Exception):  # stdout may be closed
            print(line)
        with suppress(Exception):
            error_texts = details and {key: _text(text) for key, text in details.items()}
            test = {"test": _text(self.name), "duration_ms": duration_ms, "error": error_texts}
            _send(event, test)
            state = _state()
            if not (state.is_set_up or _open_comms()):
                state.is_set_up = True
                print("ipynb-telemetry: nothing is tracked, setup_telemetry was not called")


def _tracked(name: str, func: Any) -> Any:
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
            verdict.due = not inspect.iscoroutine(result)
        return result if verdict.due else follow(result)

    @functools.wraps(func)
    async def run_async(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        return await run(*args, **kwargs)

    run.__tracked_test__ = run_async.__tracked_test__ = True
    return run_async if inspect.iscoroutinefunction(func) else run


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


def _traceback(error: BaseException) -> str:
    """The last 20 frames, with cells and files named without their folders, and the error."""
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
    with suppress(Exception):
        return str(error)
    return "<no message>"


def _label(value: object) -> str:
    return repr(value[:_MAX_LABEL]) if isinstance(value, str) else f"of type {type(value).__name__}"


def _text(text: str, limit: int = _MAX_TEXT) -> str:
    """`text` without ANSI codes and lone surrogates, cut to `limit` characters."""
    return _fit(_ANSI.sub("", text[: 4 * limit])[:limit].encode("utf-8", "replace").decode())


def _fit(text: str) -> str:
    """Less of it where JSON makes it far longer: a control character becomes six."""
    units = len(json.dumps(text, ensure_ascii=False).encode("utf-16-le")) // 2
    return text if units <= _MAX_JSON else text[: _MAX_JSON // 6]


def _plain(value: Any, budget: list[int], depth: int = 0) -> Any:
    """`value` as plain JSON of at most `budget` parts; any exception where it cannot be."""
    budget[0] -= 1
    if budget[0] < 0 or depth > 20:
        raise ValueError("too large, or it contains itself")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, numbers.Integral):
        whole = int(value)
        return whole if abs(whole) < 2**53 else str(whole)  # exact in JavaScript too
    if isinstance(value, (numbers.Real, decimal.Decimal)):
        return float(value) if math.isfinite(value) else None
    for convert in ("__fspath__", "isoformat", "tolist"):  # paths; dates and times; numpy
        if hasattr(value, convert) and getattr(value, "nbytes", 0) <= _MAX_BYTES:
            return _plain(getattr(value, convert)(), budget, depth + 1)
    if isinstance(value, Mapping):
        keys = [str(_plain(key, budget, depth + 1)) for key in value]
        return dict(zip(keys, _plain(list(value.values()), budget, depth)))  # noqa: B905 - 3.9
    if isinstance(value, (Sequence, Set)) and not isinstance(value, (bytes, bytearray)):
        items = [_plain(item, budget, depth + 1) for item in value]
        return sorted(items, key=repr) if isinstance(value, Set) else items
    raise TypeError(f"{type(value).__name__} does not fit into JSON")


def _warn(problem: str) -> None:
    """Warn at the cell that called our caller: once for each problem, at most 20 times."""
    warned = _state().warned
    if problem not in warned and len(warned) < 20:
        warned.add(problem)
        warnings.warn(f"ipynb-telemetry: {problem}", stacklevel=3)


def _send(event: str, properties: dict[str, Any], **envelope: str) -> None:
    """The only way out: to every front end that has named a student, else to who reports here."""
    is_heard, caller = False, _caller()
    for entry in _open_comms():
        with suppress(Exception):
            if entry["tracked"]:
                _say(entry["comm"], {"event": event, "properties": properties, **envelope})
                # A page takes only what comes of the runs that it asked for.
                is_heard = is_heard or caller in (None, entry["session"])
    reporter = _state().reporter
    if reporter and not is_heard and reporter.pid == os.getpid():
        reporter.capture(event, properties)


def _say(comm: Any, told: Any) -> None:
    if _IN_BROWSER:  # None would be left out on its way
        told = importlib.import_module("js").JSON.parse(json.dumps(told))
    comm.send(told)


# ---- Who, which notebook, and where to: rules and words of src/identity/name.ts,
# ---- src/notebook/flag.ts and src/settings.ts.


def _refuse_id(notebook_id: Any) -> str | None:
    if not isinstance(notebook_id, str) or not notebook_id.strip():
        return "it must not be empty"
    if len(notebook_id) > _MAX_LABEL:
        return f"it must have at most {_MAX_LABEL} characters"
    if re.search(r"[\x00-\x1f\x7f/\\]", notebook_id):
        return "it must not contain slashes or control characters"
    return "it must be valid text" if re.search(r"[\ud800-\udfff]", notebook_id) else None


def _refuse_name(name: str) -> str | None:
    if not name.strip():
        return "Both names are required"
    if not re.fullmatch(r"[A-Za-z\s-]*", name):
        return "English letters only"
    if len(re.sub(r"[\s-]", "", name)) < 2:
        return "At least two letters"
    return "At most 60 characters" if len(name) > 60 else None


def _student(first: str, last: str) -> dict[str, str]:
    names = [" ".join(name.split()).upper() for name in (first, last)]
    return {"id": "_".join(names), "name": "-".join(names)}


def _read_student(text: Any) -> dict[str, str]:
    """The student of "Ann Lee", "ANN-LEE" or "ANN_LEE"; else a ValueError in words."""
    text = text.strip() if isinstance(text, str) else ""
    parts = next((p for p in (text.split(mark) for mark in ("_", None, "-")) if len(p) > 1), [text])
    # "MARY ANN-LEE" is the STUDENT_NAME of Mary Ann Lee, and may be Mary Ann-Lee.
    is_either = "_" not in text and "-" in text and len(text.split()) > 1 and text.isupper()
    if len(parts) > 2 or is_either:
        raise ValueError('student_name: put _ between first and last name, as in "MARY ANN_LEE"')
    problem = _refuse_name(parts[0]) or _refuse_name(parts[1] if len(parts) == 2 else "")
    if problem:
        raise ValueError(f'student_name: {problem}. Give first and last name, as in "Ann Lee"')
    return _student(*parts)


def _ask_student(notice: str) -> dict[str, str] | None:
    """Ask up to three times; None where the student cancels, as in the dialog.

    ValueError when there is nobody to ask or no answer will do.
    """
    nobody = ValueError(
        "nobody can be asked for a name here. Give it: "
        'setup_telemetry("\u2026", skip_name_prompt=True, student_name="Ann Lee")'
    )
    if not _parent().get("content", {}).get("allow_stdin", True):
        raise nobody
    print(f"{notice}\nType cancel instead of a name, and nothing is recorded.")
    for _ in range(3):
        names: list[str] = []
        for prompt in ("First name: ", "Last name: "):
            try:
                names.append(input(prompt))
            except (EOFError, NotImplementedError):
                raise nobody from None
            if names[-1].strip().lower() == "cancel":
                return None
            problem = _refuse_name(names[-1])
            if problem:
                print(problem)
                break
        else:
            return _student(*names)
    raise ValueError(
        f"nothing is tracked, since no name was given that will do: {problem}. Run this cell again"
    )


def _course_file() -> dict[str, Any]:
    """What stands in the `ipynb-telemetry.toml` beside the notebook or nearest above it."""
    names = _shell().user_ns
    paths = (names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"))
    folders = [os.path.dirname(path) for path in paths if path and os.path.isabs(path)]
    for folder in [*folders, *(names.get("_dh") or [])[:1], os.getcwd()]:
        folder, above = os.path.abspath(folder), ""
        while folder != above:
            path = os.path.join(folder, "ipynb-telemetry.toml")
            if os.path.isfile(path):
                with open(path, encoding="utf-8-sig") as file:
                    return _read_toml(file.read())
            folder, above = os.path.dirname(folder), folder
    return {}


def _read_toml(text: str) -> dict[str, Any]:
    for reader in ("tomllib", "tomli"):  # of Python 3.11 or newer; installed perhaps
        with suppress(ImportError):
            return importlib.import_module(reader).loads(text)
    found: dict[str, Any] = {}
    # A text, or a list that is left as it is written.
    value = r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|\[[^][]*\]'
    line = rf"\s*(?:(\w+)\s*=\s*({value})\s*)?(?:#.*)?"
    for number, read in enumerate(text.splitlines(), 1):
        if read.lstrip().startswith("["):
            break  # tables are not ours
        match = re.fullmatch(line, read)
        if not match:
            raise ValueError(f'line {number} is not of the form host = "https://\u2026"')
        if match[1]:
            found[match[1]] = json.loads(match[2]) if match[2][0] == '"' else match[2].strip("'")
    return found


def _read_course() -> tuple[dict[str, Any], str]:
    """The course file, and what is wrong with it."""
    try:
        return _course_file(), ""
    except Exception as error:  # noqa: BLE001 - whatever the file holds
        return {}, f"ipynb-telemetry.toml cannot be read: {_message(error)[:_MAX_LABEL]}."


def _destination(
    host: Any, api_key: Any, course: dict[str, Any], problem: str
) -> tuple[str, str | None, str]:
    """Host, key and what is wrong; the key is None when nothing is to be sent."""
    env = os.environ
    key = api_key or env.get("IPYNB_TELEMETRY_API_KEY") or course.get("api_key")
    host = host or env.get("IPYNB_TELEMETRY_HOST")
    place = _read_host(host or course.get("host") or _HOST)
    if not key or (problem and not host):  # the host may be what cannot be read
        return "", None, problem
    refusal = _refuse_key(key)
    if place is None:
        refusal = (
            "PostHog host refused: it must begin with https:// and hold no password and no query."
        )
    told = f"{problem} {refusal or ''}".strip()
    return ("", None, told) if place is None or refusal else (place, key.strip(), told)


def _read_host(value: Any) -> str | None:
    with suppress(Exception):
        url = urlsplit(value.strip())
        loopback = re.fullmatch(r"localhost|127(\.\d+){3}|::1", url.hostname or "")
        secure = url.hostname and (url.scheme == "https" or (url.scheme == "http" and loopback))
        if secure and not (url.username or url.password or url.query or url.fragment):
            return f"{url.scheme}://{url.netloc}{url.path}".rstrip("/")
    return None


def _refuse_key(key: Any) -> str | None:
    key = key.strip() if isinstance(key, str) else "\0"
    if not key:
        return "PostHog key refused: it is nothing but spaces."
    if key.startswith("phx_"):
        return (
            "PostHog key refused: one with phx_ is personal and secret. "
            "Revoke it, and use the project key, phc_\u2026."
        )
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        return "PostHog key refused: it holds characters no project key has."
    return "PostHog key refused: it is longer than 64 characters." if len(key) > 64 else None


def _app() -> tuple[str, str]:
    """In what the notebook is open, as far as a kernel can see, and its version."""
    if "google.colab" in sys.modules:
        return "colab", os.environ.get("COLAB_RELEASE_TAG", "")
    names, env = _shell().user_ns, os.environ
    cell = str(_parent().get("metadata", {}).get("cellId", ""))
    started = "VSCODE_PID" in env and "JPY_SESSION_NAME" not in env
    if cell.startswith("vscode-") or "__vsc_ipynb_file__" in names or started:
        return "vscode", ""
    return "kernel", getattr(sys.modules.get("IPython"), "__version__", "")


def _kernel_name() -> str:
    with suppress(Exception):
        from ipykernel.connect import get_connection_file

        with open(get_connection_file(), encoding="utf-8") as file:
            return json.load(file)["kernel_name"] or "python3"
    return "xpython" if "xpython" in sys.modules else "python3"


# ---- Cells run: IPython's hooks say when, the kernel's own messages say what is shown.


def _without_tokens(text: str) -> str:
    """Of code: all but tokens stands as it was typed."""
    for secret in map(os.environ.get, _SECRETS):
        if secret and len(secret) >= 8:  # shorter ones are words
            text = text.replace(secret, "\u2026")
    return _TOKEN.sub("\\1\u2026", text).encode("utf-8", "replace").decode()


def _clean(text: str) -> str:
    """`text` as src/events/text.ts cleans it: no ANSI codes, folders of paths and tokens."""
    plain = _NAMED_TOKEN.sub("\\1\u2026", _without_tokens(_ANSI.sub("", text)))
    if _ROOT_IN.search(plain):
        plain = _ROOTED.sub(_without_folder, plain)
    return _PATH.sub(_without_folder, plain)


def _without_folder(match: re.Match[str]) -> str:
    folder, last = (group for group in match.groups()[1:] if group is not None)
    return match[1] + ("\u2026" if _HOMES.fullmatch(folder) else f"\u2026/{last}")


def _clean_json(value: Any) -> Any:
    """Plain JSON whose texts, names of properties too, are cleaned."""
    if isinstance(value, dict):
        return {_clean(key): _clean_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean_json(item) for item in value]
    return _clean(value) if isinstance(value, str) else value


def _cut(
    text: str, limit: int = _MAX_TEXT, clean: Callable[[str], str] = _clean
) -> tuple[str, bool]:
    """The beginning of `text`, cleaned, and whether anything was cut off.

    Cleaning shortens, hence twice as much is taken to be cleaned, and no more.
    """
    whole = clean(text[: 2 * limit])
    kept = _fit(whole[:limit])
    return kept, len(text) > 2 * limit or len(whole) > len(kept)


def _error(name: Any, value: Any, lines: Any) -> dict[str, str]:
    lines = "\n".join(lines) if isinstance(lines, (list, tuple)) else str(lines)
    error = {"value": _cut(str(value))[0], "traceback": _cut(lines)[0]}
    return {"name": _cut(str(name), _MAX_LABEL)[0], **error}


def _told(event: str, properties: dict[str, Any]) -> dict[str, Any]:
    """What is sent of a test or of an event of one's own; takes its time."""
    if event in _TESTS:
        error = properties["error"]
        error = error and _error(error["name"], error["value"], error["traceback"])
        return {**properties, "test": _cut(properties["test"], _MAX_LABEL)[0], "error": error}
    return _clean_json(properties)


def _parent() -> dict[str, Any]:
    """The execute_request that is being answered, whole; empty where there are no messages."""
    with suppress(Exception):
        shell = _shell()
        holders = (shell, getattr(shell, "kernel", None))  # Pyodide has it in its kernel
        holder = next((each for each in holders if hasattr(each, "get_parent")), None)
        parent = holder.get_parent() if holder else shell.parent_header
        if parent["header"]["msg_type"] == "execute_request":
            return parent
    return {}


def _ms_since(moment: datetime) -> float:
    return (datetime.now(timezone.utc) - moment).total_seconds() * 1000


def _is_counted(parent: Mapping[str, Any] | None = None, bare: bool = False) -> bool:
    """Whether the run is a student's, not one that some program asked for unseen."""
    content = (parent or _parent()).get("content", {"store_history": bare})
    return content.get("store_history", True) and not content.get("silent")


def _caller() -> str | None:
    """The session of the page that asked for the run, or of whatever else did."""
    return _parent().get("header", {}).get("session")


def _overwritten(text: str, at: int, added: str) -> tuple[str, int]:
    """`added` at that place in `text`, as JupyterLab's OutputAreaModel has it, and the place then.

    A carriage return goes to the beginning of the line, a backspace takes one away.
    """
    if at == len(text) and not re.search("[\b\r]", added):
        return text + added, at + len(added)
    shown, line = list(text), text.rfind("\n") + 1
    for piece in re.split("([\b\r\n])", added):
        if piece == "\r":
            at = line
        elif piece == "\n":
            shown.append(piece)
            at = line = len(shown)
        elif piece == "\b":
            if at > line:
                del shown[at - 1 : at + 1]
                at -= 1
        else:
            shown[at : at + len(piece)] = piece
            at += len(piece)
    return "".join(shown), at


class _Outputs:
    """The beginning of what one cell shows. Pictures, HTML and the like are named by type only."""

    def __init__(self) -> None:
        self.parts: list[dict[str, Any]] = []
        self.is_to_be_cleared = self.is_cut = False

    def add(self, kind: str, content: Mapping[str, Any]) -> None:
        if kind == "clear_output" and content.get("wait"):
            self.is_to_be_cleared = True
            return
        if self.is_to_be_cleared or kind == "clear_output":
            self.parts, self.is_to_be_cleared, self.is_cut = [], False, False
        if kind == "stream":
            self._add_stream(content["name"], content["text"])
        elif kind == "error":
            lines = "\n".join(content.get("traceback") or [])
            lines = lines or f"{content.get('ename')}: {content.get('evalue')}"
            part = {"text": lines[: 2 * _MAX_TEXT], "is_cut": len(lines) > 2 * _MAX_TEXT}
            self._put(part, is_error=True)
        elif "data" in content:
            text = content["data"].get("text/plain", "")
            text = text if isinstance(text, str) else ""
            names = [name for name in content["data"] if name != "text/plain"]
            types = "".join(f"[{_clean(name)[:_MAX_LABEL]}]" for name in names)
            part = {"text": text[: 2 * _MAX_TEXT], "is_cut": len(text) > 2 * _MAX_TEXT}
            part.update(end=types + "\n", id=(content.get("transient") or {}).get("display_id"))
            same = [old for old in self.parts if part["id"] and old.get("id") == part["id"]]
            for old in same:
                old.update(part)
            if kind != "update_display_data":
                self._put(part)

    def _add_stream(self, name: str, text: str) -> None:
        last = self.parts[-1] if self.parts else {}
        if last.get("stream") != name:
            last = {"stream": name, "text": "", "at": 0, "is_cut": False}
            self._put(last)
        if self.is_cut or last["is_cut"]:
            return
        # A progress bar comes in many pieces; no more than this is looked through.
        beginning = text[: 10 * _MAX_TEXT]
        whole, last["at"] = _overwritten(last["text"], last["at"], beginning)
        last["is_cut"] = len(whole) > 2 * _MAX_TEXT or len(text) > len(beginning)
        last["text"] = whole[: 2 * _MAX_TEXT]

    def _put(self, part: dict[str, Any], is_error: bool = False) -> None:
        """Keep it, if it is one of the first thousand or the error behind them."""
        self.is_cut = self.is_cut or len(self.parts) >= 1_000
        if not self.is_cut:
            self.parts.append(part)
        elif is_error:
            self.parts[1_000:] = [part]

    def read(self) -> tuple[str, bool]:
        """The text, and whether anything was cut off."""
        text, is_cut = "", self.is_cut
        for part in self.parts:
            kept, is_part_cut = _cut(part["text"], _MAX_TEXT - len(text))
            text += kept + part.get("end", "")
            if is_part_cut or part["is_cut"] or len(text) > _MAX_TEXT:
                is_cut = True
                break
        kept = _fit(text[:_MAX_TEXT])
        return kept, is_cut or len(kept) < len(text)


class _Tee:
    """A stream of a terminal, whose text is looked at on its way."""

    def __init__(self, stream: Any, name: str, outputs: _Outputs) -> None:
        self._stream, self._name, self._outputs = stream, name, outputs

    def write(self, text: str) -> Any:
        written = self._stream.write(text)
        with suppress(Exception):
            self._outputs.add("stream", {"name": self._name, "text": text})
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


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


class _Runs:
    """Tells of each run of a cell, when it has ended.

    In a kernel `Session.send` is looked over: streams, displays and errors pass there as the front
    end gets them, so that nothing of the student's is replaced and no long output is copied, and
    so does the reply, after which the work is done: not on the cell's time.
    """

    def __init__(
        self, report: Callable[[_Run], None], is_ours: Callable[[dict[str, Any]], bool]
    ) -> None:
        self._shell, self._report, self._is_ours = _shell(), report, is_ours
        self._pid, self._is_on = os.getpid(), False
        self._session = getattr(getattr(self._shell, "kernel", None), "session", None)
        self._run: _Run | None = None
        self._depth = 0
        self.lag = math.inf  # of this clock behind the page's, in ms
        self.attempts: dict[str, int] = {}
        self._overheard: list[tuple[Any, str, Any, Any]] = []

    def start(self) -> None:
        """Begin with the cell that is running, whose earlier part is not seen."""
        if not self._is_on:
            self._is_on = True
            self._shell.events.register("pre_run_cell", self._before)
            self._shell.events.register("post_run_cell", self._after)
            if self._session is not None:
                self._overhear(self._session, "send", self._look)
            self._overhear_xeus()
        if self._run is None and _is_counted(bare=self._session is None):
            self._open(None)

    def stop(self) -> None:
        self._run, self._is_on = None, False
        self._untee()
        for event, hook in (("pre_run_cell", self._before), ("post_run_cell", self._after)):
            with suppress(Exception):
                self._shell.events.unregister(event, hook)
        for holder, name, found, both in self._overheard:
            if vars(holder).get(name) is both:
                setattr(holder, name, found)
                if getattr(found, "__func__", None) is getattr(type(holder), name, 0):
                    delattr(holder, name)
        self._overheard.clear()

    def _overhear(self, holder: Any, name: str, listen: Callable[..., None]) -> None:
        found = getattr(holder, name)

        def both(*args: Any, **kwargs: Any) -> Any:
            result = found(*args, **kwargs)
            with suppress(Exception):
                listen(*args, **kwargs)
            return result

        setattr(holder, name, both)
        self._overheard.append((holder, name, found, both))

    def _overhear_xeus(self) -> None:
        """Its messages are made beyond Python, by what it puts into its shell."""
        shell, pub = self._shell, self._shell.display_pub

        def add(kind: str, **content: Any) -> None:
            self._run.outputs.add(kind, content)

        def display(data: Any, _: Any, transient: Any, is_update: bool) -> None:
            kind = "update_display_data" if is_update else "display_data"
            add(kind, data=data, transient=transient)

        def result(_: Any, data: Any, __: Any) -> None:
            add("execute_result", data=data)

        if hasattr(pub, "publish_display_data"):
            self._overhear(pub, "publish_display_data", display)
            self._overhear(pub, "clear_output", lambda wait: add("clear_output", wait=wait))
            self._overhear(shell.displayhook, "publish_execution_result", result)
            self._overhear(shell, "_showtraceback", lambda _, __, tb: add("error", traceback=tb))

    def _open(self, code: str | None) -> None:
        self._run, self._depth = self._asked(_parent(), code), 0
        if self._session is None:
            for name in ("stdout", "stderr"):
                setattr(sys, name, _Tee(getattr(sys, name), name, self._run.outputs))

    def _asked(self, parent: Mapping[str, Any], code: str | None) -> _Run:
        run = _Run(parent, code)
        with suppress(Exception):
            # The page's clock may be wrong: the least lag so far stands for no wait at all.
            lag = _ms_since(run.date)
            self.lag = min(self.lag, lag)
            run.queued_ms = lag - self.lag
        return run

    def _before(self, *told: Any) -> None:  # of an old IPython nothing
        with suppress(Exception):
            parent = _parent()
            if self._run and self._run.msg_id == parent.get("header", {}).get("msg_id"):
                self._depth += 1  # run_cell within a cell
                return
            self._run = None
            if not self._is_ours(parent.get("header", {})):
                return
            code = getattr(told[0], "raw_cell", None) if told else None
            is_kept = getattr(told[0], "store_history", True) if told else True
            # Of a silent run Pyodide says that it is kept.
            if is_kept and _is_counted(bare=True) and (code is None or code.strip()):
                self._open(code)

    def _after(self, *told: Any) -> None:
        with suppress(Exception):
            run, result = self._run, told[0] if told else None
            if run is None or self._depth:
                self._depth = max(0, self._depth - 1)
                return
            run.ended = time.perf_counter()
            info = getattr(result, "info", None)
            run.code = getattr(info, "raw_cell", None) if run.code is None else run.code
            run.execution_count = getattr(result, "execution_count", None)
            run.error = getattr(result, "error_before_exec", None) or getattr(
                result, "error_in_exec", None
            )
            if self._session is None:
                self._untee()
                self._finish(run)

    def _untee(self) -> None:
        for name in ("stdout", "stderr"):
            if isinstance(getattr(sys, name), _Tee):  # else the cell itself has put another there
                setattr(sys, name, getattr(sys, name)._stream)

    def _look(
        self,
        _: Any,
        message: Any,
        content: Any = None,
        parent: Any = None,
        *__: Any,
        metadata: Any = None,
        **___: Any,
    ) -> None:
        run, kind = self._run, message
        if kind == "execute_reply" and content["status"] == "aborted":
            # No hook was called: it waited behind a run that failed.
            is_here = self._is_on and os.getpid() == self._pid
            if is_here and _is_counted(parent) and self._is_ours(parent["header"]):
                run = self._asked(parent, None)
                run.is_aborted, run.ended = True, run.started
                if run.code.strip():
                    self._finish(run)
            return
        if not isinstance(message, str):
            kind, content = message["header"]["msg_type"], message["content"]
            parent = message["parent_header"]
        parent = (parent or {}).get("header", parent or {})
        if run is None or parent.get("msg_id") != run.msg_id or os.getpid() != self._pid:
            return
        if kind == "execute_reply":
            with suppress(Exception):  # it may have begun long before we were there
                begun = time.perf_counter() - _ms_since(metadata["started"]) / 1000
                run.started = min(run.started, begun)
            run.execution_count = content.get("execution_count", run.execution_count)
            if content["status"] != "ok":
                run.error = content.get("ename"), content.get("evalue"), content.get("traceback")
            self._finish(run)
        elif kind in _SHOWN and content.get("data") != _FRAME:
            run.outputs.add(kind, content)

    def _finish(self, run: _Run) -> None:
        self._run = None
        run.ended = run.ended or time.perf_counter()
        run.attempt = self.attempts[run.cell] = self.attempts.get(run.cell, 0) + 1
        self._report(run)


# ---- Delivery: one thread writes events down, another sends them; no cell waits for either.


def _folder(makes: bool = True) -> str:
    """Where events wait or, without a key, stay: for the owner only."""
    try:
        from jupyter_core.paths import jupyter_data_dir

        above = jupyter_data_dir()
    except ImportError:
        above = os.environ.get("JUPYTER_DATA_DIR") or os.path.expanduser("~/.local/share/jupyter")
    folder = os.path.join(above, "ipynb-telemetry")
    if makes:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(f"{folder} cannot be written to")
    return folder


def _lock(file: int) -> None:
    """Until the file is closed or the process ends; OSError while another has it."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        import msvcrt

        os.lseek(file, 1 << 30, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]


class _Spool:
    """Events that wait for one destination, in a file that this process has locked.

    Lines are only added: the destination, events, and the uuids of those that are `done`. So
    whatever kills the process, the next one can take the file up. An event whose `done` was not
    written in time is sent again, under the same uuid.
    """

    def __init__(self, path: str, host: str, key: str) -> None:
        self.path, self.host, self.key = path, host, key
        self.waiting: dict[str, str] = {}  # uuid: JSON, oldest first
        self.next_at, self.failures, self.most = 0.0, 0, _MAX_BATCH
        self.is_refused = False
        self._file, self._guard = -1, threading.Lock()

    @classmethod
    def create(cls, host: str, key: str) -> _Spool:
        """A new one; where no file can be had, events wait in memory."""
        spool = cls("", host, key)
        with suppress(OSError):
            path = os.path.join(_folder(), f"spool-{uuid.uuid4().hex}.jsonl")
            # Nobody may take it for one that was left before it is locked.
            new = path if os.name == "nt" else path + ".new"  # which renames no open file
            spool._file = os.open(new, _APPEND, 0o600)
            try:
                _lock(spool._file)
                spool._write({"host": host, "api_key": key})
                if new != path:
                    os.rename(new, path)
                spool.path = path
            except OSError:
                os.close(spool._file)
                spool._file = -1
                os.unlink(new)
        return spool

    @classmethod
    def adopt(cls, path: str, host: str, key: str) -> _Spool:
        """One that a process left, locked from now on; OSError while its process lives.

        It goes where it was to go or, when that key was refused there, to `host` and `key`.
        """
        file = os.open(path, os.O_RDWR | os.O_APPEND)
        try:
            _lock(file)
            with open(path, encoding="utf-8", errors="replace", newline="\n") as reader:
                lines = reader.read().split("\n")  # a text may hold the others
        except BaseException:
            os.close(file)
            raise
        spool = cls(path, host, key)
        spool._file = file
        for line in lines:
            with suppress(Exception):  # the last line may have been cut off
                read = json.loads(line)
                if "api_key" in read:
                    spool.host, spool.key = read["host"], read["api_key"]
                elif read.get("unauthorized"):
                    spool.host, spool.key = host, key
                for done in read.get("done", ()):
                    spool.waiting.pop(done, None)
                if "event" in read and read.keys() >= _NEEDED and read["properties"] is not None:
                    spool.waiting[read["uuid"]] = line
        os.write(file, b"\n")
        return spool

    def add(self, events: list[dict[str, Any]]) -> list[str]:
        """Write events down; gives the oldest back where too many wait."""
        with self._guard:
            for event in events:
                self.waiting[event["uuid"]] = json.dumps(event, ensure_ascii=False)
            self._write(*(self.waiting[event["uuid"]] for event in events))
            surplus = len(self.waiting) - _MAX_WAITING
            oldest = list(self.waiting)[: surplus + _MAX_WAITING // 100] if surplus > 0 else []
            lost = [self.waiting[each] for each in oldest]
        self.done(oldest)
        return lost

    def batch(self) -> list[dict[str, Any]]:
        with self._guard:
            size, batch = 0, []
            for line in list(self.waiting.values())[: self.most]:
                size += len(line)
                if batch and size > 1_000_000:
                    break
                batch.append(json.loads(line))
            return batch

    def done(self, uuids: list[str]) -> None:
        with self._guard:
            for each in uuids:
                self.waiting.pop(each, None)
            if uuids:
                self._write({"done": uuids})
            if not self.waiting and self._file >= 0:
                with suppress(OSError):
                    os.ftruncate(self._file, 0)
                self._write({"host": self.host, "api_key": self.key})

    def refuse(self) -> None:
        self.is_refused, self.next_at = True, time.monotonic() + _LONGEST_S
        with self._guard:
            self._write({"unauthorized": True})

    def correct(self, host: str = "", key: str = "") -> None:
        with self._guard:
            self.host, self.key = host or self.host, key or self.key
            self.is_refused, self.next_at = False, 0.0
            self._write({"host": self.host, "api_key": self.key})

    def close(self) -> None:
        """Leave what waits to the next process."""
        with self._guard, suppress(OSError):
            file, self._file = self._file, -1
            if file >= 0:
                os.close(file)  # first: Windows deletes no open file
                if not self.waiting:
                    os.unlink(self.path)

    def _write(self, *lines: Any) -> None:
        text = "".join(
            (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines
        )
        if self._file >= 0:
            with suppress(OSError):  # the disk is full: they still wait in memory
                os.write(self._file, text.encode("utf-8", "replace"))


def _adopt(host: str, key: str) -> list[_Spool]:
    """Take up what processes that ended left."""
    spools = []
    with suppress(OSError):
        folder = _folder(makes=False)
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            with suppress(OSError):
                if _SPOOL.fullmatch(name):
                    spool = _Spool.adopt(path, host, key)
                    if spool.waiting:
                        spools.append(spool)
                    else:
                        spool.close()
                elif name.endswith(".new") and time.time() - os.path.getmtime(path) > 3600:
                    os.unlink(path)  # its process was killed before it could be used
    return spools


class _Delivery:
    """Takes events, and keeps them until the destination has said that it has them."""

    def __init__(self, host: str, key: str | None, installs: bool) -> None:
        self.host, self.key, self.pid = host, key, os.getpid()
        self.installs, self._tried = installs, False
        self.notice = ""  # to be shown once, where the student looks
        self._told: set[str] = set()
        self._events: SimpleQueue[Any] = SimpleQueue()
        self._due, self._hurry = threading.Event(), threading.Event()
        self._client: Any = None
        self._shaped: list[dict[str, Any]] = []
        self._spools: list[_Spool] = []
        threads = [self._write]
        if key is not None:
            self._spools = [_Spool.create(host, key)]
            threads.append(self._send)
        else:
            try:
                folder = _folder()
            except OSError:
                folder = tempfile.mkdtemp(prefix="ipynb-telemetry-")
            self.path = os.path.join(folder, "events.jsonl")
        for run in threads:
            threading.Thread(target=run, name="ipynb-telemetry", daemon=True).start()
        self._due.set()

    def put(self, event: dict[str, Any], properties: Any) -> None:
        """Take an event; `properties` may be what makes them."""
        self._events.put((event, properties))

    def finish(self, until: float) -> None:
        """Send what waits, until that moment of `time.monotonic()` at the latest."""
        written = threading.Event()
        self._events.put((written, None))
        written.wait(max(0.0, until - time.monotonic()))
        self._hurry.set()
        self._due.set()
        while self._is_busy() and time.monotonic() < until:
            time.sleep(0.005)
        for spool in self._spools:
            spool.close()

    def _is_busy(self) -> bool:
        now = time.monotonic()
        return any(spool.waiting and spool.next_at <= now for spool in self._spools)

    @property
    def is_refused(self) -> bool:
        return bool(self._spools) and self._spools[0].is_refused

    def correct(self, host: str, key: str) -> None:
        """Send what was refused to another project; from now on this is its delivery."""
        if self.is_refused:
            self.host, self.key = host, key
        for spool in self._spools:
            if spool.is_refused:
                self._told.clear()
                spool.correct(host, key)
        self._due.set()

    def take(self, spools: list[_Spool]) -> None:
        """Send these, too; each goes where it was meant to go."""
        self._spools += spools
        self._due.set()

    def _write(self) -> None:
        while True:
            taken = [self._events.get()]
            with suppress(Empty):
                while len(taken) < 1_000:
                    taken.append(self._events.get_nowait())
            ready: list[dict[str, Any]] = []
            for event, properties in taken:
                if isinstance(event, threading.Event):
                    self._store(ready)
                    ready = []
                    event.set()
                    continue
                with suppress(Exception):
                    made = properties() if callable(properties) else properties
                    ready.append({**event, "properties": {**made, **event["properties"]}})
            self._store(ready)

    def _store(self, events: list[dict[str, Any]]) -> None:
        with suppress(Exception):
            if self._spools:
                self._lose(self._spools[0].add(events) if events else [])
                self._due.set()
            elif events:
                lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
                self._append(self.path, lines)

    def _lose(self, lines: list[str]) -> None:
        """Say how many of each session were given up: a loss is an event too."""
        lost = [json.loads(line) for line in lines]
        for session in {event["properties"]["session_id"] for event in lost}:
            given = [e for e in lost if e["properties"]["session_id"] == session]
            seqs = [event["properties"]["seq"] for event in given]
            told = {"count": len(given), "reason": "storage"}
            told.update(first_seq=min(seqs), last_seq=max(seqs))
            envelope = {key: given[-1]["properties"][key] for key in _ENVELOPE}
            event = {**given[-1], "event": "events_dropped", "uuid": str(uuid.uuid4())}
            self._spools[0].add([{**event, "properties": {**told, **envelope}}])

    def _append(self, path: str, lines: str) -> None:
        file = os.open(path, _APPEND, 0o600)
        try:
            os.write(file, lines.encode("utf-8", "replace"))
        finally:
            os.close(file)

    def _send(self) -> None:
        thread = threading.get_ident()
        # What urllib3 says of its own attempts would be shown in the student's cell.
        logging.getLogger("urllib3.connectionpool").addFilter(lambda said: said.thread != thread)
        while True:
            with suppress(Exception):  # it takes its time: not only when the first event is due
                try:
                    importlib.import_module("posthog")
                except ImportError:
                    if self.installs and not self._tried:
                        self._tried = True
                        _install_posthog()
            now = time.monotonic()
            spool = next((s for s in self._spools if s.waiting and s.next_at <= now), None)
            if spool is None:
                pauses = [s.next_at - now for s in self._spools if s.waiting]
                self._due.wait(min(pauses) if pauses else None)
                self._hurry.wait(_GATHER_S)  # one request for many
                self._due.clear()
                continue
            key = spool.key
            try:
                self._post(spool)
            except Exception as error:  # noqa: BLE001 - of posthog, requests, the disk
                if spool.key == key:  # else it was corrected meanwhile
                    self._settle(spool, error)
            if spool is not self._spools[0] and not spool.waiting:
                self._spools.remove(spool)
                spool.close()

    def _post(self, spool: _Spool) -> None:
        from posthog.request import batch_post

        batch = [self._shape(event) for event in spool.batch()]
        batch_post(spool.key, spool.host, gzip=True, timeout=10, batch=batch)
        if spool.is_refused:  # by a captive portal, say, and no longer
            spool.correct()
        spool.done([event["uuid"] for event in batch])
        spool.failures, spool.most = 0, min(2 * spool.most, _MAX_BATCH)

    def _settle(self, spool: _Spool, error: Exception) -> None:
        """The same rules as in the browser, see src/delivery/dispatcher.ts."""
        status = getattr(error, "status", None)
        asked = getattr(error, "retry_after", None)
        asked = asked if isinstance(asked, (int, float)) else 0
        if status in (401, 403):
            spool.refuse()
            self._tell(
                f"{spool.host} refuses the key ({status}). Events wait here until it is corrected"
            )
        elif isinstance(status, int) and 400 <= status < 500 and status not in (408, 429):
            batch = spool.batch()
            if len(batch) > 1:  # halved until the one that is not wanted stands alone
                spool.most = len(batch) // 2
                return
            refused = {**batch[0], "reason": f"{status} {_message(error)[:_MAX_LABEL]}"}
            try:
                path = os.path.join(_folder(), "refused.jsonl")
                self._append(path, json.dumps(refused, ensure_ascii=False) + "\n")
            except OSError:
                with suppress(Exception):  # an event that another program left
                    if batch[0]["event"] != "events_dropped":  # else it would not end
                        self._lose([json.dumps(batch[0])])
            spool.done([batch[0]["uuid"]])
        else:
            if isinstance(error, ImportError):
                self._tell("events wait here until posthog can be imported: pip install posthog")
            spool.failures += 1
            pause = min(_LONGEST_S, 2.0 ** (spool.failures - 1)) * random.uniform(0.5, 1)
            spool.next_at = time.monotonic() + max(min(asked, 3600), pause)

    def _tell(self, notice: str) -> None:
        if notice not in self._told:
            self._told.add(notice)
            self.notice = notice

    def _shape(self, event: dict[str, Any]) -> dict[str, Any]:
        """What posthog makes of an event, less all that it adds unasked, as in the browser."""
        self._shaped.clear()
        with suppress(Exception):  # one for Python 3.8 or 3.9 has no before_send
            if self._client is None:
                from posthog import Posthog

                # Nothing is sent by it, it only shapes: by `before_send`, which drops the event.
                options = {"sync_mode": True, "before_send": self._shaped.append}
                self._client = Posthog("ipynb-telemetry", host="http://127.0.0.1:9", **options)
            self._client.capture(
                event=event["event"],
                distinct_id=event["distinct_id"],
                properties=event["properties"],
                timestamp=datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00")),
                uuid=event["uuid"],
            )
        from posthog.version import VERSION

        added = {"$lib": "posthog-python", "$lib_version": VERSION}
        added = self._shaped[-1]["properties"] if self._shaped else added
        labels = {name: added[name] for name in ("$lib", "$lib_version") if name in added}
        return {**event, "properties": {**event["properties"], **labels, **_ADDED}}


def _install_posthog() -> None:
    """Takes as long as the network does; where it fails the events wait."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    command += ["--retries", "1", "--timeout", "5", "posthog"]
    with suppress(Exception):
        quiet = subprocess.DEVNULL
        subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=120)
    importlib.invalidate_caches()


# ---- Who reports: the kernel itself, or the front end once it has told a student.


def _iso(seconds: float | None = None) -> str:
    """That moment of `time.time()`, or now."""
    moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Direct:
    """A session of one student in one notebook that the kernel itself reports."""

    def __init__(self, student: dict[str, str], notebook: str, delivery: _Delivery) -> None:
        self.student, self.notebook, self.delivery = student, notebook, delivery
        self.pid, self._id, self._seq = os.getpid(), str(uuid.uuid4()), 0
        self._tests: dict[str, int] = {}
        self._guard = threading.Lock()
        self._room, self._filled, self._dropped = float(_BURST), time.monotonic(), 0
        self._started = self._sign = time.monotonic()
        self._active = 0.0
        self._until: Any = None
        self._is_away, self._turned = False, time.time()
        self.runs = _Runs(self._on_run, self._is_ours)

    def start(self, timestamp: str | None = None) -> None:
        app, version = _app()
        started = {"kernel": _kernel_name(), "language": "python", "cell_count": None}
        started.update(app=app, app_version=version, extension_version=__version__)
        self.capture("session_started", started, timestamp=timestamp)
        self.runs.start()

    def _may_pass(self) -> bool:
        """Whether it is no flood; what of one is dropped is counted."""
        with self._guard:
            now = time.monotonic()
            self._room = min(_BURST, self._room + (now - self._filled) * _PER_SECOND)
            self._filled = now
            may = self._room >= 1
            self._room -= may
            self._dropped += not may
        return may

    def _tell_dropped(self) -> None:
        """A loss is an event too."""
        with self._guard:
            dropped, self._dropped = self._dropped, 0
        if dropped:
            self.capture("events_dropped", {"count": dropped, "reason": "rate"})

    def capture(
        self, event: str, properties: Any, uid: str | None = None, timestamp: str | None = None
    ) -> None:
        is_from_cell = event not in _BUILT_IN or event in ("cell_marked", *_TESTS)
        if is_from_cell and uid is None and not self._may_pass():
            return
        if event in _TESTS:
            name = properties["test"]
            attempt = self._tests[name] = self._tests.get(name, 0) + 1
            properties = {**properties, "attempt": attempt}
        if event != "cell_executed":  # whose texts are clean already, or will be
            properties = functools.partial(_told, event, properties)
        with self._guard:
            self._seq += 1
            envelope = (self.student["id"], self.notebook, self._id, self._seq)
            wire = {"uuid": uid or str(uuid.uuid4()), "event": event}
            wire.update(distinct_id=self.student["id"], timestamp=timestamp or _iso())
            self.delivery.put({**wire, "properties": dict(zip(_ENVELOPE, envelope))}, properties)  # noqa: B905

    def _on_run(self, run: _Run) -> None:
        self._tell_dropped()
        self.work(run.ended - run.started)
        self.capture("cell_executed", run.properties, run.uuid)
        if self.delivery.notice:
            notice, self.delivery.notice = self.delivery.notice, ""
            print(f"ipynb-telemetry: {notice}")

    def work(self, took: float = 0.0) -> None:
        """A sign of work: a pause before it counts for a minute at most."""
        now = time.monotonic()
        pause = max(0.0, now - self._sign - took)
        self._active += min(pause, 60.0) + min(took, now - self._sign)
        self._sign = now

    def turn(self, *told: Any, **_: Any) -> None:
        """A frame says whether its tab is hidden, and when; what is malformed is ignored."""
        with suppress(Exception):
            is_away, at = told
            is_turn = isinstance(is_away, bool) and is_away is not self._is_away
            if is_turn and _state().reporter is self and self._may_pass():
                # By our clock: while a cell runs nobody is heard.
                at = max(self._turned, min((at + self.runs.lag) / 1000, time.time()))
                left = {"reason": "page_hidden"}
                back = {**left, "away_ms": round((at - self._turned) * 1000)}
                self._is_away, self._turned = is_away, at
                event = ("blur", left) if is_away else ("focus", back)
                self.capture(*event, timestamp=_iso(at))

    def hand_over(self, page: dict[str, Any]) -> None:
        """A front end reports what was asked for since it has told."""
        self._until = page["since"]

    def _is_ours(self, header: dict[str, Any]) -> bool:
        if self._until is None or header["date"] < self._until:
            return True
        self.end()
        return False

    def end(self) -> None:
        self.runs.stop()
        if _state().reporter is self:
            _state().reporter = None
        self._tell_dropped()
        self.work()
        took = round((time.monotonic() - self._started) * 1000)
        self.capture(
            "session_ended", {"duration_ms": took, "active_ms": round(self._active * 1000)}
        )


class _Handover:
    """Keeps what happens until a page, which said that it is here, has told a student.

    Each page gets what it asked for. Where one goes before it told, nobody has agreed to it.
    """

    def __init__(self) -> None:
        self.pid, self.student = os.getpid(), None
        self.pages: dict[str, dict[str, Any] | None] = {}  # by session; None until it has told
        self.waiting: list[tuple[Any, dict[str, Any]]] = []
        self._lost = 0
        self.runs = _Runs(self._on_run, self._is_ours)

    def expect(self, page: str) -> None:
        self.pages[page] = None
        self.runs.start()

    def _is_ours(self, header: dict[str, Any]) -> bool:
        page = self.pages.get(header["session"])
        if page and not header["date"] < page["since"]:
            self.forget(header["session"])
            return False
        return header["session"] in self.pages

    def _on_run(self, run: _Run) -> None:
        self._keep(run.page, "cell_executed", run.properties(), run.uuid)

    def capture(self, event: str, properties: Any) -> None:
        page = _caller()
        if page is None or page in self.pages:
            self._keep(page, event, properties)

    def _keep(self, page: Any, event: str, properties: Any, uid: str | None = None) -> None:
        kept = {"event": event, "properties": properties, "uuid": uid or str(uuid.uuid4())}
        self.waiting.append((page, {**kept, "timestamp": _iso(), "buffered": True}))
        self._lost += len(self.waiting) > 1_000
        del self.waiting[:-1_000]
        self._flush()

    def hand_over(self, page: dict[str, Any]) -> None:
        told = page["session"]
        if not self.pages.get(told):
            self.pages[told] = page
            self.waiting = [(of or told, kept) for of, kept in self.waiting]
            self._flush()
            if self._lost:
                lost, self._lost = self._lost, 0
                self._keep(told, "events_dropped", {"count": lost, "reason": "rate"})

    def forget(self, page: str) -> None:
        """It reports by itself, or has gone."""
        self.pages.pop(page, None)
        self.waiting = [(of, kept) for of, kept in self.waiting if of != page]
        if not self.pages:
            self.end()

    def _flush(self) -> None:
        waiting, self.waiting = self.waiting, []
        for of, kept in waiting:
            page = self.pages.get(of)
            if page:
                _say(page["comm"], kept)
            else:
                self.waiting.append((of, kept))

    def end(self) -> None:
        self.runs.stop()
        if _state().reporter is self:
            _state().reporter = None


def _deliver(host: str, key: str | None, installs: bool) -> _Delivery:
    """One for each destination."""
    same = [d for d in _state().deliveries if (d.host, d.key, d.pid) == (host, key, os.getpid())]
    if not same:
        same = [_Delivery(host, key, installs)]
        _state().deliveries += same
    return same[0]


def _send_left(host: Any, api_key: Any) -> None:
    """Send what earlier kernels left here, whoever reports this one."""
    place, key, _ = _destination(host, api_key, *_read_course())
    if not key:
        return
    for delivery in _state().deliveries:
        if delivery.pid == os.getpid():
            delivery.correct(place, key)
    if left := _adopt(place, key):
        _ends()
        _deliver(place, key, installs=True).take(left)


def _switch_off() -> None:
    state = _state()
    state.destination = None
    if state.reporter and state.reporter.student:
        state.reporter.end()


def _ends() -> None:
    if not _state().ends:
        _state().ends = True
        atexit.register(_at_exit)


def _watch_tab(direct: _Direct) -> None:
    """In Colab a frame can see whether its tab is shown: each call puts one into its cell."""
    with suppress(Exception):
        if _app()[0] == "colab":
            from google.colab import output
            from IPython.display import display

            output.register_callback(_TARGET, direct.turn)
            display(_FRAME, raw=True)


def _track(
    notebook: str,
    host: Any,
    api_key: Any,
    skip_name_prompt: Any,
    student_name: Any,
    installs: bool = True,
) -> str:
    """Let the kernel itself report from now on; says in a line for whom and where to."""
    state = _state()
    old = state.reporter
    delivery, problem, course = old.delivery if old and old.student else None, "", {}
    is_given = host is not None or api_key is not None
    is_sought = delivery is None or is_given or delivery.is_refused
    if is_sought:
        course, problem = _read_course()
        # Words in a text or in a list.
        state.sources_off = set(re.findall(r"\w+", str(course.get("test_sources_off", ""))))
        place, key, problem = _destination(host, api_key, course, problem)
    if student_name is not None:
        student = _read_student(student_name)
    elif old and old.student:
        student = old.student
    elif skip_name_prompt:
        raise ValueError('skip_name_prompt needs a name, as in student_name="Ann Lee"')
    else:
        where = f"It is sent to PostHog at {place}." if key else _STAYS
        notice = _NOTICE.format(", and when you leave and return" * (_app()[0] == "colab"))
        student = _ask_student(f"{course.get('privacy_notice') or notice} {where}")
        if student is None:
            if old:
                old.forget(_caller())
            return "nothing is tracked, as you chose. Run this cell again to change that"
    state.destination = host, api_key
    if is_sought:
        try:
            if delivery is None or key or (is_given and not problem):  # a typo ends nothing
                if delivery and key and delivery.is_refused:
                    delivery.correct(place, key)
                delivery = _deliver(place, key, installs)
        except Exception as error:  # noqa: BLE001 - no folder to write to, no threads
            return f"nothing is tracked, since events cannot be kept: {_message(error)}"
    delivery.installs |= installs
    if delivery.key:
        delivery.take(_adopt(delivery.host, delivery.key))
    if not (
        old and old.student == student and (old.notebook, old.delivery) == (notebook, delivery)
    ):
        if old:
            old.end()
        state.reporter, state.student, state.notebook = None, student, notebook
        direct = _Direct(student, notebook, delivery)
        handed = [kept for of, kept in getattr(old, "waiting", ()) if of in (None, _caller())]
        if handed:  # of a front end that did not keep its word
            direct.runs.attempts = old.runs.attempts
        direct.start(handed[0]["timestamp"] if handed else None)
        for kept in handed:
            direct.capture(kept["event"], kept["properties"], kept["uuid"], kept["timestamp"])
        direct._dropped = getattr(old, "_lost", 0)
        state.reporter = direct
        _ends()
        _publish()
    _watch_tab(state.reporter)
    line = f"on for {student['name']} in {notebook}, "
    line += f"events go to {delivery.host}" if delivery.key else f"events stay in {delivery.path}"
    return f"{problem} {line}".strip()


def _at_exit() -> None:
    """End the session, and give what waits a moment to be sent; the rest stays written down."""
    state, until = _state(), time.monotonic() + _LAST_S
    with suppress(Exception):
        if state.reporter and state.reporter.pid == os.getpid() and state.reporter.student:
            state.reporter.end()
    for delivery in state.deliveries:
        with suppress(Exception):
            if delivery.pid == os.getpid():
                delivery.finish(until)


# ---- The handshake: is a front end of ours here?


class _Handshake:
    """Opens a Comm to the front end and waits, in the cell, for what it answers."""

    def __init__(self, notebook: str) -> None:
        self._notebook, self._heard, self._answer = notebook, threading.Event(), ""
        # Known before it is opened: ipykernel 7 hears the answer in another thread, at once.
        self._comm_id, self._page = uuid.uuid4().hex, None

    def answer(self) -> str | None:
        """`here`, `off`, or None where nobody is; after `here` events are kept for that page.

        In a browser the answer comes when the cell is done: `later`, and they are kept until then.
        """
        parent = _parent()
        if not parent.get("content", {}).get("allow_stdin") or _app()[0] != "kernel":
            return None  # nothing that ever answers
        comm = None
        try:
            if _IN_BROWSER:
                self._ask_on(parent["header"]["session"])
                return "later"
            comm = self._ask(parent["header"]["session"])
            if self._answer == "here":
                comm.send({"accept": True})
                self._expect(comm)
                return "here"
        except Exception:  # noqa: BLE001 - the insides of ipykernel may change: then nobody answers
            self._answer = ""
        with suppress(Exception):
            if self._answer != "closed":
                comm.close()
        return "off" if self._answer == "off" else None

    def _expect(self, comm: Any) -> None:
        state = _state()
        state.handshakes[self._page] = comm  # whose end would close it
        comm.on_close(self._on_close)
        # Else the page reports already.
        if self._page not in {entry["session"] for entry in _open_comms()}:
            state.reporter = state.reporter or _Handover()
            if not state.reporter.student:  # else the kernel goes on until it has told
                state.reporter.expect(self._page)

    def _on_close(self, _: Any) -> None:
        state = _state()
        state.failed.add(self._page)
        if _IN_BROWSER and state.reporter:  # which has no other way
            state.reporter.forget(self._page)

    def _ask_on(self, page: str) -> None:
        def hear(message: dict[str, Any]) -> None:
            answer = message["content"]["data"].get("answer")
            if answer == "here":
                comm.send({"accept": True})
            elif answer == "off":
                _switch_off()
                self._on_close(message)
                comm.close()

        self._page = page
        comm = _create_comm(data={"version": _VERSION, "notebook": self._notebook})
        comm.on_msg(hear)
        self._expect(comm)

    def _ask(self, page: str) -> Any:
        """While a cell runs no message is dispatched: look at each one as it is received."""
        kernel = _shell().kernel
        stream = getattr(kernel, "shell_stream", None) or kernel.shell_streams[0]
        is_threaded = getattr(kernel, "shell_channel_thread", None) is not None  # ipykernel 7
        receive, self._page, until = stream._recv_callback, page, time.monotonic() + _PATIENCE_S

        def look(message: Any, *args: Any) -> Any:
            with suppress(Exception):
                self._hear(kernel.session, message)
            return receive(message, *args)

        stream._recv_callback = look
        try:
            told = {"version": _VERSION, "notebook": self._notebook}
            comm = _create_comm(data=told, comm_id=self._comm_id)
            while not self._heard.is_set() and time.monotonic() < until:
                if not is_threaded:
                    stream.flush()
                self._heard.wait(0.01)
        finally:
            if stream._recv_callback is look:
                stream._recv_callback = receive
        return comm

    def _hear(self, session: Any, message: Any) -> None:
        frames = [getattr(frame, "bytes", frame) for frame in message]
        _, frames = session.feed_identities(frames)
        # Not by `deserialize`: it would take the message for a repeat when its turn comes.
        if session.auth is not None and session.sign(frames[1:5]) != frames[0]:
            return
        header, content = session.unpack(frames[1]), session.unpack(frames[4])
        if content.get("comm_id") != self._comm_id or header["session"] != self._page:
            return
        if header["msg_type"] == "comm_close":
            self._answer = "closed"
        elif header["msg_type"] == "comm_msg" and content["data"].get("answer") in ("here", "off"):
            self._answer = content["data"]["answer"]
        if self._answer:
            self._heard.set()


def _create_comm(**opening: Any) -> Any:
    with suppress(ImportError):
        import comm

        made = comm.create_comm(target_name=_TARGET, **opening)
        if type(made).__name__ != "DummyComm":
            return made
    from ipykernel.comm import Comm  # of an ipykernel older than comm

    return Comm(target_name=_TARGET, **opening)


# ---- The Comms that front ends open.


def _open_comms() -> list[dict[str, Any]]:
    # A forked child inherits the Comms, but must not write to its parent's sockets.
    comms = tuple(_state().comms.values())
    return [entry for entry in comms if entry["pid"] == os.getpid() and not entry.get("left")]


def _on_open(comm: Any, message: dict[str, Any]) -> None:
    """A front end opened a Comm: listen to it, and answer."""
    comms = _state().comms
    while len(comms) >= _MAX_COMMS:
        with suppress(Exception):
            comms.pop(next(iter(comms)))["comm"].close()
    page = {"comm": comm, "pid": os.getpid(), "session": message["header"]["session"]}
    comms[comm.comm_id] = {**page, "tracked": False}
    _listen(comm)
    _on_message(comm.comm_id, message)
    with suppress(Exception):
        comm.send({"ready": True, "version": _VERSION})


def _listen(comm: Any) -> None:
    comm.on_msg(functools.partial(_on_message, comm.comm_id))
    comm.on_close(functools.partial(_on_gone, comm.comm_id))


def _on_gone(comm_id: str, message: dict[str, Any]) -> None:
    """A page is left or let the notebook go: in a kernel that was called, look for the next."""
    with suppress(Exception):
        state = _state()
        page = state.comms[comm_id]
        page.update(tracked=False, left=True)
        if message["header"]["msg_type"] == "comm_close":
            state.comms.pop(comm_id)
        if state.reporter and not state.reporter.student:  # not by its class: copies differ
            state.reporter.forget(page["session"])
        if state.destination and state.student and not state.looks:
            state.looks = True
            _shell().events.register("pre_run_cell", _look_for_page)


def _look_for_page(*_: Any) -> None:
    """Ask who runs a cell after a page has gone, each once; where nobody is, report it ourselves.

    Other programs' runs while a page is there are nobody's.
    """
    with suppress(Exception):
        state, page, pages = _state(), _caller(), _open_comms()
        is_known = page in state.asked or page in {entry["session"] for entry in pages}
        is_on = state.destination and state.student and _is_counted()
        if state.reporter or is_known or not is_on:
            return
        state.asked.add(page)
        answer = _Handshake(state.notebook).answer()
        if answer is None:
            state.failed.add(page)
        if answer is None and not pages and not _IN_BROWSER:
            student = state.student["id"]
            line = _track(state.notebook, *state.destination, True, student, installs=False)
            print(f"ipynb-telemetry: the page has gone, {line}")


def _on_message(comm_id: str, message: dict[str, Any]) -> None:
    """The front end tells notebook and student; what is malformed is ignored as a whole."""
    with suppress(Exception):
        told, state = message["content"]["data"], _state()
        if told.get("left") is True:
            _on_gone(comm_id, message)
            return
        if told.get("off") is True:  # the notebook's flag is gone: so is the call that it confirmed
            _switch_off()
            return
        notebook, student = told["notebook"], told["student"]
        if student is not None:
            student = {"id": student["id"], "name": student["name"]}
        if _refuse_id(notebook):
            return
        for text in (student or {}).values():
            if not (isinstance(text, str) and 0 < len(text) <= _MAX_LABEL and text.isprintable()):
                return
        page = state.comms[comm_id]
        page.update(tracked=student is not None, left=False, since=message["header"]["date"])
        if student is None and state.reporter and state.reporter.student:
            return  # the kernel goes on reporting
        state.notebook, state.student = notebook, student
        _publish()
        if student is not None and state.reporter:
            state.reporter.hand_over(page)


def _state() -> Any:
    """What all copies in this process share: data only, the functions are each copy's own."""
    state = sys.modules.setdefault("_ipynb_telemetry", types.ModuleType("_ipynb_telemetry"))
    fresh: dict[str, Any] = {"comms": {}, "warned": set(), "student": None, "notebook": None}
    fresh.update(reporter=None, deliveries=[], is_set_up=False, ends=False)
    fresh.update(called=None, destination=None, looks=False)
    fresh.update(handshakes={}, failed=set(), asked=set())
    for name, value in fresh.items():
        vars(state).setdefault(name, value)
    return state


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def _names() -> dict[str, Any]:
    """The public names; the student's two are None until a front end has told."""
    student = _state().student or {}
    names = {"STUDENT_NAME": student.get("name"), "STUDENT_ID": student.get("id")}
    api = (tracked_test, _cell, _telemetry_capture, setup_telemetry)
    return {**names, **{function.__name__: function for function in api}}


def _publish() -> None:
    if shell := _shell():
        shell.push(_names(), interactive=False)  # not interactive: hidden from %who


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
    """Register the Comm target and put the public names into the user's namespace."""
    with suppress(Exception):
        import comm

        comm.get_comm_manager().register_target(_TARGET, _on_open)
    with suppress(Exception):  # where ipykernel is older than comm, comm's own is not connected
        _shell().kernel.comm_manager.register_target(_TARGET, _on_open)
    with suppress(Exception):
        _watch_tests()
    with suppress(Exception):
        _take_back()
    with suppress(Exception):
        for entry in _open_comms():
            _listen(entry["comm"])
        _publish()


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


if __name__ == "__main__":
    # Among a student's own names, one side could overwrite the other's: run again in a
    # namespace of our own. (Pasted into a cell, this statement is all that runs again.)
    _home: dict[str, Any] = {"__name__": "ipynb_telemetry.bootstrap"}
    exec(sys._getframe().f_code, _home)
    _home["_leave"](globals(), _found) if "_leave" in _home else _install()
