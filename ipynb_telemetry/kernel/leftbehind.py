# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Messages that pages which are gone have not acknowledged, kept for the page that comes."""

from __future__ import annotations

import os
from typing import Any

from .pages import _open_comms
from .shared import _state
from .unheard import _bound, _count_lost, _letter, _tell_lost, _tell_page

# After so many tries another page of the same student gets what a page leaves unheard. The tries
# take over four minutes: a page that lays out much output is busy so long, and would tell of an
# event that the other page has told of as well.
_TRIES = 8
_MAX_LEFT = 16  # pages


def _greet(page: dict[str, Any], version: Any, of: tuple[str, str] | None) -> None:
    """Take from a page whom it tracks, as ids of student and notebook, or None; give what waits.

    What waits for another student, or in another notebook, is nobody else's.
    """
    with _state().guard:
        if page.get("of") != of:
            _leave_behind(page)
            page["of"] = of
        page["acknowledges"] = type(version) is int and version > 1
        if "unheard" not in page:
            page.update(sent=0, heard=0, given_up=0, counted=0, unheard=[], due=0.0, tries=0)
        if of and page["acknowledges"]:
            _state().left.pop(page["session"], None)
            for other in _open_comms():
                if other is not page and other.get("of") == of and other.get("tries", 0) >= _TRIES:
                    _leave_behind(other)
            _give_left(page)


def _part(page: dict[str, Any]) -> None:
    """Let go of a page: a cell that it asked for may go on, and somebody come to hear of that."""
    state = _state()
    with state.guard:
        _leave_behind(page)
        if page.get("of") and page["acknowledges"]:
            state.left[page["session"]] = (*page["of"], os.getpid())
            while len(state.left) > _MAX_LEFT:
                state.left.pop(next(iter(state.left)))


def _keep_for_left(session: str | None, told: dict[str, Any]) -> None:
    """Keep an event of a run that a page asked for which has gone since."""
    state = _state()
    student, notebook, pid = state.left.get(session, ("", "", 0))
    if pid == os.getpid():
        with state.guard:
            state.behind.append({**_letter(told), "of": (student, notebook)})
            _bound_behind()


def _leave_behind(page: dict[str, Any]) -> None:
    of = page.get("of")
    if of:
        state = _state()
        state.lost[of] = state.lost.get(of, 0) + _count_lost(page)
        state.behind += [{**letter, "of": of} for letter in page["unheard"]]
        page["unheard"].clear()
        page["counted"] = page["sent"]  # should the page come back, these get other numbers
        _bound_behind()


def _bound_behind() -> None:
    lost = _state().lost
    for letter in _bound(_state().behind):
        lost[letter["of"]] = lost.get(letter["of"], 0) + 1
    while len(lost) > _MAX_LEFT:
        lost.pop(next(iter(lost)))


def _give_left(page: dict[str, Any]) -> None:
    lost, letters = _take_left(page["of"])
    _tell_lost(page, lost)
    for letter in letters:
        _tell_page(page, letter["told"], letter["at"])


def _take_left(of: tuple[str, str]) -> tuple[int, list[dict[str, Any]]]:
    """Take what waits for a student in a notebook; the number is that of events that are lost."""
    state = _state()
    with state.guard:
        taken = [letter for letter in state.behind if letter["of"] == of]
        state.behind[:] = [letter for letter in state.behind if letter["of"] != of]
        return state.lost.pop(of, 0), taken


def _throw_away(page: dict[str, Any]) -> None:
    """Forget what waits in a notebook that is not to be tracked any more."""
    if page.get("of"):
        _leave_behind(page)
        _take_left(page["of"])
        page["of"] = None
