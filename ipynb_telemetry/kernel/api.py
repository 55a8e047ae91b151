# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Names that a notebook calls."""

from __future__ import annotations

import functools
import json
import re
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, overload

from .address import _CLASS_KEY
from .comms import _register
from .direct import _direct
from .errors import _message
from .events import _BUILT_IN, _RESERVED
from .forks import _watch_forks
from .judging import _F, _tracked
from .notebookid import _refuse_id
from .pages import _publish, _student_names
from .personcode import _code_words
from .plain import _MAX_BYTES, _plain
from .send import _hear_child, _send
from .setup import _set_up
from .shared import _MAX_LABEL, _state
from .testwatch import _watch_tests
from .text import _label, _text
from .withdrawal import _withdraw_consent

_EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


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


def _warn(problem: str) -> None:
    """Warn at the cell that called our caller: once for each problem, at most 20 times."""
    warned = _state().warned
    if problem not in warned and len(warned) < 20:
        warned.add(problem)
        warnings.warn(f"ipynb-telemetry: {problem}", stacklevel=3)


def _telemetry_capture(event: str, props: Mapping[str, Any] | None = None) -> None:
    """Capture an event of your own.

    `event` is a small letter followed by up to 63 small letters, digits or `_`, and not the
    name of a built-in event. `props` becomes JSON: numbers, sets, dates, paths and numpy values
    are converted, NaN becomes null. Other values are left out with one warning, and so is an
    event with a wrong name or more than 64 KiB of properties. A name of a property has up to 200
    characters; of two that are the same as text, such as 3 and "3", the first stays. Never raises.
    """
    with suppress(Exception):
        if not isinstance(event, str) or not _EVENT_NAME.fullmatch(event):
            _warn(f"event {_label(event)} dropped: use up to 64 small letters, digits and _")
        elif event in _BUILT_IN:
            _warn(f"event {event!r} dropped: that name belongs to a built-in event")
        elif props is not None and not isinstance(props, Mapping):
            _warn(f"event {event!r} dropped: its properties are no dict")
        else:
            plain: dict[str, Any] = {}
            for key, value in dict(props or {}).items():
                try:
                    name = _property_name(key, plain)
                    plain[name] = _plain(value, [10_000])
                except Exception as error:  # noqa: BLE001 - the value's own code runs here
                    _warn(f"event {event!r} goes without property {_label(key)}: {_message(error)}")
            reserved = [key for key in plain if key in _RESERVED or key.startswith("$")]
            if reserved:
                _warn(f"event {event!r} dropped: the property {reserved[0]!r} is reserved")
            elif len(json.dumps(plain, ensure_ascii=False).encode()) <= _MAX_BYTES:
                _send(event, plain)
            else:
                _warn(f"event {event!r} dropped: its properties are over 64 KiB")


def _property_name(key: Any, others: Mapping[str, Any]) -> str:
    """The name of a property as text; ValueError where that will not do, as in the page."""
    name = str(_plain(key, [1]))
    if len(name.encode("utf-16-le")) > 2 * _MAX_LABEL:
        raise ValueError(f"its name has over {_MAX_LABEL} characters")
    if name in others:
        raise ValueError(f"another one is named {name!r} too, as text")
    return name


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
    certificate: str | None = None,
    consent: str | None = None,
) -> None:
    """Track this notebook under `notebook_id`, and say in one line how. Call it in its first cell.

    With our front end its settings and its name prompt decide, and the other arguments change
    nothing. Without one the kernel itself reports: it asks for the name, or takes `student_name`
    ("Ann Lee", "ANN-LEE" or "ANN_LEE", or a student's code); `skip_name_prompt` says that nobody is
    to be asked. `host` and `api_key` are those of a PostHog project; left out they come from
    IPYNB_TELEMETRY_HOST and IPYNB_TELEMETRY_API_KEY, then from `host` and `api_key` in an
    `ipynb-telemetry.toml` beside or above the notebook. With no key events are written to a file
    here and nothing is sent.
    `certificate` is the SHA-256 fingerprint of the only certificate that is trusted, for a class
    collector that made its own; left out it comes with the host from IPYNB_TELEMETRY_CERTIFICATE or
    that file.

    Nothing is recorded before the student has read what is recorded and agreed: by typing a name,
    or by an answer where the name is given. The answer is remembered for this account. Where nobody
    can be asked, as in papermill, `consent="yes"` says that the student agrees; without it nothing
    is recorded. `telemetry_withdraw()` takes consent back.

    Call it again as often as you like; another id or student ends the session and starts one.
    ValueError, in words for the student: an id or a name that will not do, or nobody to ask.
    """
    refusal = _refuse_id(notebook_id)
    if refusal:
        raise ValueError(
            f'setup_telemetry needs a notebook id, as in setup_telemetry("D1_Tools"): it {refusal}'
        )
    _connect()
    _state().is_set_up = True
    line = _set_up(notebook_id, host, api_key, skip_name_prompt, student_name, certificate, consent)
    with suppress(Exception):
        print(f"ipynb-telemetry: {line}")


def telemetry_withdraw() -> None:
    """Take consent back: nothing more is recorded, and what waits to be sent is deleted.

    What was sent before, your instructor can erase. Never raises.
    """
    with suppress(Exception):
        print(f"ipynb-telemetry: {_withdraw_consent()}")


def telemetry_code() -> None:
    """Tell the code by which you see and erase what your class's collector has of you.

    Never raises.
    """
    with suppress(Exception):
        direct = _direct(_state().reporter)
        student = direct.student["id"] if direct else (_state().student or {}).get("id")
        is_at_class = direct is not None and (direct.delivery.key or "").startswith(_CLASS_KEY)
        print(f"ipynb-telemetry: {_code_words(student, is_at_class)}")


def _names() -> dict[str, Any]:
    """The public names; the student's two are None until a front end has told."""
    lesson = (tracked_test, _cell, _telemetry_capture, setup_telemetry)
    rights = (telemetry_withdraw, telemetry_code)
    api = (*lesson, *rights)
    return {**_student_names(), **{function.__name__: function for function in api}}


def _connect() -> None:
    """Listen to front ends and to tests, and put the public names into the user's namespace."""
    _register()
    with suppress(Exception):
        _watch_tests()
    with suppress(Exception):
        _watch_forks(_hear_child)
    with suppress(Exception):
        _publish(_names())
