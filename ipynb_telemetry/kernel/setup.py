# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The set-up call: who reports this notebook, a page or the kernel itself."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from .direct import _direct
from .handshake import _Handshake
from .pages import _open_comms
from .request import _caller
from .shared import _IN_BROWSER, _shell, _state
from .tracking import _send_left, _switch_off, _track


def _set_up(
    notebook: str,
    host: Any,
    api_key: Any,
    skip_name_prompt: Any,
    student_name: Any,
    certificate: Any = None,
    consent: Any = None,
) -> str:
    """Have a page or the kernel report the notebook; says in a line who does."""
    state = _state()
    before = state.destination, state.certificate
    state.destination = (host, api_key)
    state.certificate = certificate
    pages = _open_comms()
    page = _caller()
    is_known = page is None or page in {entry["session"] for entry in pages}
    answer = _ask_caller(notebook, bool(pages), is_known)
    if answer or pages or _IN_BROWSER or not _shell():
        line = _told_by_page(notebook, answer, bool(pages), is_known)
    else:
        # Until somebody agrees.
        state.destination, state.certificate = before if _direct(state.reporter) else (None, None)
        line = _track(notebook, host, api_key, skip_name_prompt, student_name, certificate, consent)
    if answer == "off":
        _switch_off()
    with suppress(Exception):
        if answer or pages:
            _send_left(host, api_key, certificate)
    return line


def _ask_caller(notebook: str, has_pages: bool, is_known: bool) -> str | None:
    """Ask the page that runs the call, unless its answer is known; see `_Handshake.ask`."""
    state = _state()
    page = _caller()
    # Each page is asked once for each id: in a flagged notebook the flag's id has the last word.
    is_asked = is_known and (not has_pages or notebook in (state.notebook, state.called))
    is_silent = state.reporter is not None and page in state.failed
    if not _shell() or is_asked or is_silent:
        return None
    if is_known:
        state.called = notebook
    answer = _Handshake(notebook).ask()
    if answer is None:
        state.failed.add(page)
    return answer


def _told_by_page(notebook: str, answer: str | None, has_pages: bool, is_known: bool) -> str:
    """The line of a call after which the kernel itself does not report."""
    student = _state().student
    if answer == "here" and is_known:
        return f"the page goes on under {notebook}, unless its flag says other"
    if answer == "here":
        return "the Jupyter page tracks this notebook as its settings say, once a name is given"
    if answer == "off":
        return "the notebook says that it is not to be tracked, and it is not"
    if has_pages and student:
        return f"on for {student['name']} in {_state().notebook}, as the settings say"
    if has_pages:
        return "nothing is tracked until a name is given in the front end"
    if _IN_BROWSER:
        line = "the Jupyter page tracks this notebook as its settings say, once a name is given. "
        line += "A page without ipynb-telemetry does not, nor can a kernel in the browser by itself"
        return line
    return "no telemetry front end is here, nothing is tracked"
