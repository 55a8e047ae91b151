# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events kept for a page that reports them, once it has told of a student."""

from __future__ import annotations

import os
from typing import Any, cast

from .eventid import _uuid7
from .request import _caller, _iso
from .rules import _is_permitted, _rules
from .run import _Run
from .runs import _Runs
from .shared import _Reporter, _state
from .unheard import _tell_page

_MAX_KEPT = 1_000  # events


class _Handover:
    """Keeps events until a page, which said that it is here, has told of a student.

    Each page gets the events of the runs that it asked for. Events for a page that goes before it
    told are thrown away: nobody has agreed to them.
    """

    student = None  # by which copies tell this reporter from a kernel that reports by itself

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.runs = _Runs(self._on_run, self._claim)
        # By session; None until the page has told of a student.
        self.pages: dict[str | None, dict[str, Any] | None] = {}
        self.waiting: list[tuple[Any, dict[str, Any]]] = []  # with the session they are for
        self._lost = 0

    def expect(self, page: str) -> None:
        """Keep events for a page from now on."""
        self.pages[page] = None
        self.runs.start()

    def _claim(self, header: dict[str, Any]) -> bool:
        """Claim a run, unless its page reports it: then let the page go."""
        page = self.pages.get(header["session"])
        if page and not header["date"] < page["since"]:
            self.forget(header["session"])
            return False
        return header["session"] in self.pages

    def _on_run(self, run: _Run) -> None:
        self._keep(run.page, "cell_executed", run.properties(), run.uuid)

    def capture(self, event: str, properties: Any) -> None:
        """Keep an event for the page that asked for the run."""
        page = _caller()
        if page is None or page in self.pages:
            self._keep(page, event, properties)

    def _keep(self, page: Any, event: str, properties: Any, uid: str | None = None) -> None:
        rules = _rules()
        is_early = rules["consent"] == "opt-in" and not self.pages.get(page)
        if is_early or not _is_permitted(event, rules):
            return  # who has not agreed is not recorded, not even for later
        kept = {"event": event, "properties": properties, "uuid": uid or _uuid7()}
        self.waiting.append((page, {**kept, "timestamp": _iso(), "buffered": True}))
        self._lost += len(self.waiting) > _MAX_KEPT
        del self.waiting[:-_MAX_KEPT]
        self._flush()

    def hand_over(self, page: dict[str, Any]) -> None:
        """Give a page that has told of a student the events that it waits for."""
        told = page["session"]
        if not self.pages.get(told):
            self.pages[told] = page
            self.waiting = [(of or told, kept) for of, kept in self.waiting]
            self._flush()
            lost = self._lost
            if lost:
                self._lost = 0
                self._keep(told, "events_dropped", {"count": lost, "reason": "rate"})

    def forget(self, page: str | None) -> None:
        """Keep nothing for a page that reports by itself, or has gone."""
        self.pages.pop(page, None)
        self.waiting = [(of, kept) for of, kept in self.waiting if of != page]
        if not self.pages:
            self.end()

    def _flush(self) -> None:
        waiting = self.waiting
        self.waiting = []
        for of, kept in waiting:
            page = self.pages.get(of)
            if page:
                _tell_page(page, kept)
            else:
                self.waiting.append((of, kept))

    def end(self) -> None:
        """Keep nothing more."""
        self.runs.stop()
        if _state().reporter is self:
            _state().reporter = None


def _handover(reporter: _Reporter | None) -> _Handover | None:
    """The reporter, of this copy or another, if it keeps events for pages; else None."""
    return None if reporter is None or reporter.student else cast("_Handover", reporter)
