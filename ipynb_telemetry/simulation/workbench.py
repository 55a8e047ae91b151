"""Runs code of a notebook in a process of its own, and says what a student would see.

The process reads one JSON document from standard input: `{"jobs": [job, ...]}`, where a job is
`{"key": text, "stays": whether its names stay, "without": [names], "cells": [{"code", "count"}]}`.
It writes a line of JSON for each job, when the job is done: `{"key": ..., "runs": [run, ...]}`,
with a run for each cell up to the first that failed. Nothing that the code writes goes there.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any


class _Listener:
    """Hears of tests, as the reporter of a kernel does."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.student = {"id": "", "name": ""}
        self.tests: list[dict[str, Any]] = []

    def capture(self, event: str, properties: Any) -> None:
        if event in ("test_passed", "test_failed"):
            passed = event == "test_passed"
            self.tests.append(
                {"test": properties["test"], "passed": passed, "error": properties["error"]}
            )

    def hand_over(self, page: dict[str, Any]) -> None:
        """No page ever comes."""

    def end(self) -> None:
        """Nothing is left to be told."""


class _Bench:
    """An IPython shell with the kernel side in it."""

    def __init__(self) -> None:
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        # No history of the person at this computer is read or written.
        config = Config(
            {"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}}
        )
        shell: Any = InteractiveShell.instance(config=config)
        self._shell = shell
        shell._showtraceback = self._hear_error
        # Newer shells write each traceback a second time, for the history.
        shell._format_exception_for_storage = lambda *_, **__: {}
        self._error: tuple[str, str, list[str]] | None = None
        self._listener = _Listener()
        self._kernel: Any = _kernel_side(self._listener)
        self._names: dict[str, Any] = self._shell.user_ns
        self._names.update(self._kernel._names())
        self._kernel._watch_tests()

    def work(self, job: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Run the cells of a job, and leave the names as they were unless they are to stay."""
        before = dict(self._names)
        for name in job["without"]:
            self._names.pop(name, None)
        runs = []
        for cell in job["cells"]:
            runs.append(self._run(cell["code"], cell["count"]))
            if runs[-1]["error"]:
                break
        if not job["stays"]:
            self._names.clear()
            self._names.update(before)
        return runs

    def _run(self, code: str, count: int) -> dict[str, Any]:
        from IPython.utils.capture import capture_output

        self._error = None
        self._listener.tests = []
        self._kernel._state().failures.clear()
        self._shell.execution_count = count
        begun = time.perf_counter()
        with capture_output() as shown:
            self._shell.run_cell(code, store_history=True)
        took = time.perf_counter() - begun
        outputs = self._kernel._Outputs()
        for name in ("stdout", "stderr"):
            if text := getattr(shown, name):
                outputs.add("stream", {"name": name, "text": text})
        for each in shown.outputs:
            outputs.add("display_data", {"data": each.data})
        error = None
        if self._error is not None:
            error = self._kernel._error(*self._error)
            outputs.add("error", {"traceback": self._error[2]})
        return {
            "error": error,
            "of_test": self._kernel._is_of_test(self._error),
            "output": outputs.read()[0],
            "tests": self._listener.tests,
            "took_ms": round(took * 1000, 1),
        }

    def _hear_error(self, kind: type, error: BaseException, lines: list[str]) -> None:
        self._error = (kind.__name__, self._kernel._message(error), lines)


def _kernel_side(listener: _Listener) -> Any:
    """Load the kernel side with somebody who listens, so that it sends nothing anywhere."""
    from ipynb_telemetry import bootstrap

    state = bootstrap._state()
    state.is_set_up = True
    state.reporter = listener

    def setup_telemetry(*_: object, **__: object) -> None:
        """Set nothing up: the notebook's cell would begin to record who is at this computer."""

    side: Any = bootstrap
    side.setup_telemetry = setup_telemetry
    return side


def _refuse_network(event: str, _: Any) -> None:
    """What comes out does not depend on the network, and a wrong variant reaches nobody."""
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise OSError(101, "Network is unreachable")


def _private_output() -> IO[str]:
    """Give standard output to us alone; what the code writes there goes nowhere."""
    sys.stdout.flush()
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return own


def main() -> None:
    """Do the jobs that standard input names."""
    jobs = json.loads(sys.stdin.buffer.read())["jobs"]
    with suppress(OSError, ValueError):  # `input()` in a cell finds the end
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    told = _private_output()
    bench = _Bench()  # a trouble on the way here is told on standard error
    os.dup2(1, 2)
    sys.addaudithook(_refuse_network)
    print(json.dumps({"key": None, "runs": []}), file=told, flush=True)
    for job in jobs:
        runs = bench.work(job)
        print(json.dumps({"key": job["key"], "runs": runs}), file=told, flush=True)


if __name__ == "__main__":
    main()
