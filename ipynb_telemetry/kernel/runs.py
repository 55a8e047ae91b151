# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Cells run: IPython's hooks say when, the kernel's own messages say what is shown."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from .errors import _is_of_test
from .frame import _FRAME
from .outputs import _Tee
from .overhear import _Ears
from .request import _is_counted, _ms_since, _parent
from .run import _Run
from .shared import _shell, _state

_SHOWN = {
    *("stream", "display_data", "update_display_data", "execute_result", "error", "clear_output"),
}


class _Runs:
    """Tells of each run of a cell, when it has ended.

    In a kernel `Session.send` is overheard: streams, displays and errors pass there as the front
    end gets them, so that nothing of the student's is replaced and no long output is copied, and
    so does the reply, after which the work is done: not on the cell's time.
    """

    def __init__(
        self, report: Callable[[_Run], None], claim: Callable[[dict[str, Any]], bool]
    ) -> None:
        """`claim` is asked about the header of each request whether the run is to be reported."""
        self._report = report
        self._claim = claim
        self._shell = _shell()
        self._session = getattr(getattr(self._shell, "kernel", None), "session", None)
        self._pid = os.getpid()
        self._is_on = False
        self._ears = _Ears()
        self._run: _Run | None = None  # the run that is going on
        self._depth = 0  # of runs within the run
        self.lag = math.inf  # of this clock behind the page's, in ms
        self.attempts: dict[str, int] = {}

    @property
    def cell(self) -> str | None:
        """The cell of the run that goes on, or None."""
        run = self._run
        return None if run is None else run.cell

    @property
    def code(self) -> str:
        """The code of the run that goes on; "" where none does."""
        run = self._run
        return "" if run is None else run.code or ""

    @property
    def took(self) -> float:
        """Seconds that the run which goes on has taken so far; 0 where none does."""
        run = self._run
        return 0.0 if run is None else max(0.0, time.perf_counter() - run.started)

    def start(self) -> None:
        """Begin with the cell that is running, whose earlier part is not seen."""
        if not self._is_on:
            self._is_on = True
            self._shell.events.register("pre_run_cell", self._before)
            self._shell.events.register("post_run_cell", self._after)
            if self._session is not None:
                self._ears.listen(self._session, "send", self._on_sent)
            self._listen_to_xeus()
        if self._run is None and _is_counted(bare=self._session is None):
            self._open(_parent(), None)

    def stop(self) -> None:
        """Leave everything as it was; the run that goes on is not reported."""
        self._run = None
        self._is_on = False
        self._untee()
        for event, hook in (("pre_run_cell", self._before), ("post_run_cell", self._after)):
            with suppress(Exception):
                self._shell.events.unregister(event, hook)
        self._ears.close()

    def _listen_to_xeus(self) -> None:
        """Hear what a kernel of xeus puts into its shell; its messages are made beyond Python."""
        pub = self._shell.display_pub

        def add(kind: str, **content: Any) -> None:
            if self._run is not None:
                self._run.outputs.add(kind, content)

        def display(data: Any, _: Any, transient: Any, is_update: bool) -> None:
            kind = "update_display_data" if is_update else "display_data"
            add(kind, data=data, transient=transient)

        def result(_: Any, data: Any, __: Any) -> None:
            add("execute_result", data=data)

        def clear(wait: Any) -> None:
            add("clear_output", wait=wait)

        def error(_: Any, __: Any, traceback: Any) -> None:
            add("error", traceback=traceback)

        if hasattr(pub, "publish_display_data"):
            self._ears.listen(pub, "publish_display_data", display)
            self._ears.listen(pub, "clear_output", clear)
            self._ears.listen(self._shell.displayhook, "publish_execution_result", result)
            self._ears.listen(self._shell, "_showtraceback", error)

    def _open(self, parent: Mapping[str, Any], code: str | None) -> None:
        _state().failures.clear()
        self._run = self._asked(parent, code)
        self._depth = 0
        if self._session is None:
            for name in ("stdout", "stderr"):
                setattr(sys, name, _Tee(getattr(sys, name), name, self._run.outputs))

    def _asked(self, parent: Mapping[str, Any], code: str | None) -> _Run:
        """The run that a request asks for."""
        run = _Run(parent, code)
        with suppress(Exception):
            # The page's clock may be wrong: the least lag so far stands for no wait at all.
            lag = _ms_since(run.date)
            self.lag = min(self.lag, lag)
            run.queued_ms = lag - self.lag
        return run

    def _before(self, *told: Any) -> None:  # an old IPython tells nothing
        with suppress(Exception):
            parent = _parent()
            header = parent.get("header", {})
            if self._run and self._run.msg_id == header.get("msg_id"):
                self._depth += 1  # run_cell within a cell
                return
            self._run = None
            if not self._claim(header):
                return
            code = getattr(told[0], "raw_cell", None) if told else None
            is_kept = getattr(told[0], "store_history", True) if told else True
            # Pyodide says of a silent run that it is kept.
            if is_kept and _is_counted(parent, bare=True) and (code is None or code.strip()):
                self._open(parent, code)

    def _after(self, *told: Any) -> None:
        with suppress(Exception):
            run = self._run
            if run is None or self._depth:
                self._depth = max(0, self._depth - 1)
                return
            result = told[0] if told else None
            run.ended = time.perf_counter()
            if run.code is None:
                run.code = getattr(getattr(result, "info", None), "raw_cell", None)
            run.execution_count = getattr(result, "execution_count", None)
            unstarted = getattr(result, "error_before_exec", None)
            run.error = unstarted or getattr(result, "error_in_exec", None)
            if self._session is None:
                self._untee()
                self._finish(run)

    def _untee(self) -> None:
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if isinstance(stream, _Tee):  # else the cell has put another stream there
                setattr(sys, name, stream._stream)

    def _on_sent(
        self,
        _: Any,
        message: Any,
        content: Any = None,
        parent: Any = None,
        *__: Any,
        metadata: Any = None,
        **___: Any,
    ) -> None:
        """Hear a call of `Session.send`, with a whole message or with its type and content."""
        kind = message
        if kind == "execute_reply" and content["status"] == "aborted":
            self._on_aborted(parent)
            return
        if not isinstance(message, str):
            kind = message["header"]["msg_type"]
            content = message["content"]
            parent = message["parent_header"]
        header = (parent or {}).get("header", parent or {})
        run = self._run
        if run is None or header.get("msg_id") != run.msg_id or os.getpid() != self._pid:
            return
        if kind == "execute_reply":
            self._on_reply(run, content, metadata)
        elif kind in _SHOWN and content.get("data") != _FRAME:
            run.outputs.add(kind, content)

    def _on_aborted(self, parent: Any) -> None:
        """Report a run that waited behind another, which failed: no hook was called for it."""
        is_here = self._is_on and os.getpid() == self._pid
        if is_here and _is_counted(parent) and self._claim(parent["header"]):
            run = self._asked(parent, None)
            run.is_aborted = True
            run.ended = run.started
            if (run.code or "").strip():
                self._finish(run)

    def _on_reply(self, run: _Run, content: Any, metadata: Any) -> None:
        with suppress(Exception):  # the run may have begun long before we were there
            begun = time.perf_counter() - _ms_since(metadata["started"]) / 1000
            run.started = min(run.started, begun)
        run.execution_count = content.get("execution_count", run.execution_count)
        if content["status"] != "ok":
            run.error = (content.get("ename"), content.get("evalue"), content.get("traceback"))
        self._finish(run)

    def _finish(self, run: _Run) -> None:
        self._run = None
        run.ended = run.ended or time.perf_counter()
        run.is_of_test = _is_of_test(run.error)
        run.attempt = self.attempts.get(run.cell, 0) + 1
        self.attempts[run.cell] = run.attempt
        self._report(run)
