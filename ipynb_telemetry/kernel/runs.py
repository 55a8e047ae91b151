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

from .frame import _FRAME
from .outputs import _Tee
from .request import _is_counted, _ms_since, _parent
from .run import _Run
from .shared import _shell

_SHOWN = {"stream", "display_data", "update_display_data", "execute_result", "error"}
_SHOWN |= {"clear_output"}


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
