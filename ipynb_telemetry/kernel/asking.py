# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The question whether the kernel may record, to whoever can be asked."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from .anyname import _ask_any_student
from .consent import (
    _NO,
    _TAKEN_BACK,
    _YES,
    _answer_to,
    _ask_yes,
    _can_ask,
    _is_answered_here,
    _remember,
)
from .rules import _rules
from .student import _ask_student

_NOBODY = (
    "nothing is recorded: nobody can be asked here. With the student's agreement, give "
    'consent="yes" in the call, or IPYNB_TELEMETRY_CONSENT=yes in the environment'
)
_AS_CHOSEN = (
    "nothing is recorded, as you chose. To be asked again give "
    'setup_telemetry("\u2026", consent="yes")'
)
_CANCELLED = "nothing is tracked, as you chose. Run this cell again to change that"


def _ask_who(notice: str) -> dict[str, str] | None:
    """Ask who is at work, as the settings say: for a code, for one name, or for two."""
    rules = _rules()
    if rules["names"] == "any" and not rules["isPseudonym"]:
        return _ask_any_student(notice)
    return _ask_student(notice, rules["isPseudonym"])


def _is_agreed(student: dict[str, str], facts: dict[str, Any]) -> bool:
    """Whether a recording is agreed to already, where no question fits."""
    known = _answer_to(student["id"], facts)
    is_arranged = os.environ.get("IPYNB_TELEMETRY_CONSENT") == _YES
    return known == _YES or (is_arranged and known is None)


class _Agreed(NamedTuple):
    """A student who agrees, or why nothing is recorded."""

    student: dict[str, str] | None
    is_new: bool = False  # the answer was given now
    is_refused: bool = False  # likewise
    words: str = ""


class _Question:
    """Asks about one recording, unless the answer is known."""

    def __init__(self, facts: dict[str, Any], notice: str, wish: Any) -> None:
        """`wish` is what the call gives as `consent`."""
        if wish not in (None, _YES, _NO):
            raise ValueError('consent has to be "yes" or "no", or left out: then somebody is asked')
        self._facts = facts
        self._notice = notice
        self._wish = wish
        self._is_arranged = os.environ.get("IPYNB_TELEMETRY_CONSENT") == _YES
        self._is_opt_in = facts["mode"] == "opt-in"

    def put(self, student: dict[str, str] | None) -> _Agreed:
        """Ask; `student` is known, or is to be asked for.

        ValueError, in words, where no name can be had.
        """
        who = student["id"] if student else None
        known = _answer_to(who, self._facts)
        if self._wish == _NO:
            return _Agreed(None, words="nothing is recorded, as the call says")
        if student and known == _YES and (_can_ask() or _is_answered_here(who, self._facts)):
            return _Agreed(student)
        is_final = known == _NO or (known == _TAKEN_BACK and (self._is_opt_in or not _can_ask()))
        if is_final and self._wish != _YES:
            return _Agreed(None, words=_AS_CHOSEN)
        if _can_ask() and not (student and self._is_arranged):
            return self._ask_known(student) if student else self._ask_unknown()
        return self._take(student)

    def _take(self, student: dict[str, str] | None) -> _Agreed:
        """Take what call and environment say; nobody is asked."""
        if self._wish != _YES and not self._is_arranged and student:
            return _Agreed(None, words=_NOBODY)
        student = student or _ask_who(self._notice)  # which says that nobody can be asked
        if student is None:
            return _Agreed(None, words=_NOBODY)
        _remember(student["id"], self._facts, _YES, is_kept=False)
        return _Agreed(student, is_new=self._wish == _YES)

    def _ask_known(self, student: dict[str, str]) -> _Agreed:
        print(self._notice)
        return self._heard(_ask_yes(), student)

    def _ask_unknown(self) -> _Agreed:
        notice = self._notice
        has_agreed = _answer_to(None, self._facts) == _YES
        if self._is_opt_in and not has_agreed:
            print(notice)
            heard = _ask_yes()
            if not heard:
                return self._heard(heard, None)
            notice = "Who is working?"
        student = _ask_who(notice)
        if student is None:
            return _Agreed(None, is_refused=True, words=_CANCELLED)
        if _answer_to(student["id"], self._facts) == _YES:
            return _Agreed(student)
        # Somebody else of this account may have agreed, whom this student does not speak for.
        is_asked = not (self._is_opt_in and has_agreed)
        return self._heard(is_asked or _ask_yes(), student)

    def _heard(self, answer: bool | None, student: dict[str, str] | None) -> _Agreed:
        if answer and student:
            _remember(student["id"], self._facts, _YES)
            return _Agreed(student, is_new=True)
        if answer is None:
            is_taken = student and (self._wish == _YES or self._is_arranged)
            return self._take(student) if is_taken else _Agreed(None, words=_NOBODY)
        if self._is_opt_in:
            _remember(student["id"] if student else "", self._facts, _NO)
        words = _AS_CHOSEN if self._is_opt_in else _CANCELLED
        return _Agreed(None, is_refused=True, words=words)
