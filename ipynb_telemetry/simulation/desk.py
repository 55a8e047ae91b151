"""What a student can do with a notebook: run a cell, open a solution, go away; told as a page does.

A page reports a run when it has ended, after the tests in it; only of a cell that is a test by
nbgrader's mark the result comes after the run.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import Any

from ..kernel.shared import __version__
from ..kernel.text import _without_tokens
from .lesson import Cell, Lesson
from .session import Session
from .solutions import Folded
from .trials import Attempt, Failure, Run, Trials

_LAB = "4.6.6"
_IN = re.compile(r"\bIn\[(\d+)\]")
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")


class Desk:
    """A student's notebook, with what has been run in it."""

    def __init__(
        self, session: Session, lesson: Lesson, trials: Trials, chance: random.Random
    ) -> None:
        """Take a notebook that nothing was run in."""
        self.session = session
        self._lesson = lesson
        self._trials = trials
        self._chance = chance
        self._count = 0
        self._attempts: Counter[str] = Counter()
        self._tests: Counter[str] = Counter()
        self._peeks: Counter[str] = Counter()
        self._counts: dict[str, int] = {}  # the latest execution count of each cell
        self._address = chance.getrandbits(28) << 4

    def open(self) -> None:
        """Open the notebook."""
        self.session.say(
            "session_started",
            kernel="python3",
            language=self._lesson.language,
            cell_count=self._lesson.cell_count,
            app="lab",
            app_version=_LAB,
            extension_version=__version__,
        )

    def close(self) -> None:
        """Close the notebook."""
        self.session.say("session_ended", duration_ms=self.session.took_ms)

    def try_out(self, attempt: Attempt) -> None:
        """Make an attempt: run the cells of it, up to the first that fails."""
        for number, run in enumerate(attempt.runs):
            if number:
                self.session.work(self._chance.uniform(2, 8))
            self.run(run)

    def run(self, run: Run) -> None:
        """Run a cell."""
        cell = run.cell
        self._count += 1
        self._counts[cell.id] = self._count
        took_ms = round(min(self._chance.lognormvariate(2.5, 1.0), 30_000), 1)
        self.session.work(took_ms / 1000)
        error = self._error(run.error)
        tests = [(verdict.test, self._error(verdict.error)) for verdict in run.tests]
        for test, failed in tests:
            self._tell_test(test, cell, failed, took_ms)
        self._tell_run(cell, run.code, error, run.of_test, self._own(run.output), took_ms)
        if cell.graded is not None:
            self._tell_test(cell.graded, cell, error, took_ms)

    def leave_out(self, cell: Cell) -> None:
        """A run that waited behind one that failed is never reached."""
        self._attempts[cell.id] += 1
        self.session.say(
            "cell_executed",
            **self._place(cell),
            execution_count=None,
            code=cell.source,
            output="",
            success=False,
            status="aborted",
            error=None,
            duration_ms=0,
            queued_ms=round(self._chance.uniform(20, 400), 1),
            attempt=self._attempts[cell.id],
            truncated=False,
        )

    def peek(self, folded: Folded, open_s: float) -> None:
        """Open a solution, read it, and close it again."""
        self._peeks[folded.cell_id] += 1
        which = {
            "summary": folded.summary,
            "cell_id": folded.cell_id,
            "cell_index": folded.cell_index,
            "peek": self._peeks[folded.cell_id],
        }
        self.session.say("solution_peek", **which)
        self.session.work(open_s)
        self.session.say("solution_closed", **which, open_ms=round(open_s * 1000))

    def paste(self, cell: Cell, length: int, lines: int, internal: bool) -> None:
        """Paste a text into a cell."""
        self.session.say(
            "paste",
            length=length,
            lines=lines,
            **self._place(cell),
            kind="text",
            internal=internal,
            by="paste",
        )

    def be_away(self, reason: str, seconds: float) -> None:
        """Leave the notebook, and come back."""
        self.go(reason)
        self.session.rest(seconds)
        self.session.say("focus", reason=reason, away_ms=round(seconds * 1000))

    def go(self, reason: str) -> None:
        """Leave the notebook."""
        self.session.say("blur", reason=reason)

    def _tell_run(
        self,
        cell: Cell,
        code: str,
        error: dict[str, str] | None,
        of_test: bool,
        output: str,
        took_ms: float,
    ) -> None:
        self._attempts[cell.id] += 1
        properties: dict[str, Any] = {
            **self._place(cell),
            "execution_count": self._count,
            "code": _without_tokens(code),
            "output": output,
            "success": error is None,
            "status": "ok" if error is None else "error",
            "error": error,
            "duration_ms": took_ms,
            "queued_ms": round(self._chance.uniform(0.5, 6), 1),
            "attempt": self._attempts[cell.id],
            "truncated": False,
        }
        if of_test and error is not None:
            properties["error_of"] = "test"
        self.session.say("cell_executed", **properties)

    def _tell_test(
        self, test: str, cell: Cell, error: dict[str, str] | None, took_ms: float
    ) -> None:
        self._tests[test] += 1
        self.session.say(
            "test_failed" if error else "test_passed",
            test=test,
            cell_id=cell.id,
            attempt=self._tests[test],
            duration_ms=round(took_ms * 0.6, 1),
            error=error,
        )

    def _place(self, cell: Cell) -> dict[str, Any]:
        return {"cell_id": cell.id, "cell_index": cell.index}

    def _error(self, failure: Failure | None) -> dict[str, str] | None:
        if failure is None:
            return None
        return {
            "name": failure.name,
            "value": self._own(failure.value),
            "traceback": self._own(failure.traceback),
        }

    def _own(self, text: str) -> str:
        """Write a text as this student's kernel would: with its own counts and addresses."""
        tried = {number: cell for cell, number in self._trials.counts.items()}

        def count(found: re.Match[str]) -> str:
            cell = tried.get(int(found[1]), "")
            return f"In[{self._counts.get(cell, int(found[1]))}]"

        if "0x" in text:
            text = _ADDRESS.sub(lambda _: f"0x7f{self._address:08x}0", text)
        return _IN.sub(count, text)
