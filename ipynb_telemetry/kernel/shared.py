# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The state that all copies in a process share, and names that all parts need."""

from __future__ import annotations

import sys
import threading
import types
from contextvars import ContextVar
from typing import Any, Protocol

__version__ = "0.1.0"
_VERSION = 2  # of the Comm protocol; pages from 2 on acknowledge messages
_TARGET = "ipynb_telemetry"
_STATE = "_ipynb_telemetry"  # the module whose attributes are the fields of the state
_MAX_LABEL = 200  # characters of an id, a preview or a source line
# White space for JavaScript's `trim`; for Python's `strip` other characters are white, too.
_WHITE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_WHITE += "\u2028\u2029\u202f\u205f\u3000\ufeff"
_IN_BROWSER = sys.platform == "emscripten"  # Pyodide: no threads, and no message while a cell runs


class _Reporter(Protocol):
    """Takes what this kernel has to report, as long as it is the state's `reporter`.

    A reporter may be another copy's, of another version: copies know reporters by these members,
    not by their classes. `student` is None while events are kept for a page that is to tell one.
    """

    pid: int

    @property
    def student(self) -> dict[str, str] | None: ...

    def capture(self, event: str, properties: Any) -> None: ...

    def hand_over(self, page: dict[str, Any]) -> None:
        """Give way to a page that has told of a student."""

    def end(self) -> None: ...


class _State:
    """Data that the copies in a process share; functions and classes are each copy's own.

    A copy of a later version may add fields, but gives no field another meaning. The class is no
    dataclass: those look up their module in `sys.modules`, where a text that is exec'd has none.
    """

    def __init__(self) -> None:
        self.comms: dict[str, dict[str, Any]] = {}  # of pages, by the Comm's id
        self.student: dict[str, str] | None = None  # whom a page or the kernel reports
        self.notebook: str | None = None
        self.reporter: _Reporter | None = None
        self.deliveries: list[Any] = []  # one for each destination
        self.destination: tuple[Any, Any] | None = None  # host and key, as the call gave them
        self.certificate: Any = None  # of that host, as the call gave it
        self.is_set_up = False  # setup_telemetry was called, or students were told that it was not
        self.ends = False  # a function is registered for the end of the kernel
        self.looks = False  # before each run, at the page that asked for it
        self.called: str | None = None  # the notebook id that pages were last asked with
        self.handshakes: dict[str | None, Any] = {}  # Comms that would close if they were let go
        self.behind: list[dict[str, Any]] = []  # what pages that are gone have not acknowledged
        self.lost: dict[tuple[str, str], int] = {}  # events of a student and notebook, given up
        self.left: dict[str | None, tuple[str, str, int]] = {}  # pages that are gone, by session
        self.guard = threading.RLock()  # over what is sent to pages and kept for them
        self.tick = 0  # of the last event's uuid
        self.loop: Any = None  # the kernel's, in which it looks at what is not acknowledged
        self.look: Any = None  # how it does
        self.watches = False  # it will look
        self.count = 0  # of runs when it looked last
        self.tells = False  # pages are told behind each run which values are secret
        self.failed: set[str | None] = set()  # sessions of pages that did not answer
        self.asked: set[str | None] = set()  # sessions that were asked after a page had gone
        self.warned: set[str] = set()  # problems that a warning has told of
        self.failures: list[tuple[str, str]] = []  # errors of tests that failed in this run
        self.sources_off: set[str] = set()  # otter, doctest, pytest
        self.page_rules: dict[str, Any] | None = None  # as the last page told, whether or not gone
        self.persons: dict[str, str] = {}  # verifiers that pages told, by the student's id
        self.codes: list[dict[str, Any]] = []  # of students, that no file keeps
        self.salt = ""  # of the fingerprints of folders
        self.answers: list[dict[str, Any]] = []  # to notices, given in this process
        self.course_rules: dict[str, Any] | None = None  # of the course file, once that was read
        self.judging: ContextVar[bool] = ContextVar("judging", default=False)
        self.finder: Any = None  # in sys.meta_path
        self.given: dict[str, Any] = {}  # names that lessons were given, with their last values
        self.watches_forks = False
        self.forks: Any = None  # since the first fork


def _state() -> _State:
    """The state that the first copy made, with the fields that its version did not know yet."""
    shared = vars(sys.modules.setdefault(_STATE, types.ModuleType(_STATE)))
    state = _State()
    for name, value in vars(state).items():
        shared.setdefault(name, value)
    state.__dict__ = shared
    return state


def _shell() -> Any:
    """IPython's shell, or None where there is no IPython."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
