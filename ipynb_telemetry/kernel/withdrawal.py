# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Consent is taken back: the kernel stops, and what was not sent yet is not sent."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from .consent import _TAKEN_BACK, _YES, _keep_answers, _kept_answers
from .direct import _direct
from .pages import _open_comms
from .request import _iso
from .shared import _state

_FACTS = ("notice_hash", "destination", "captured", "mode", "course")


def _withdraw_consent() -> str:
    """Withdraw the account's consent; says in a line what that did."""
    state = _state()
    answers = _last_answers([*_kept_answers(), *state.answers])
    given = [each for each in answers if each["answer"] == _YES]
    taken = [{**each, "answer": _TAKEN_BACK, "time": _iso()} for each in given]
    state.answers += taken
    if taken:
        _keep_answers(taken)
    state.destination = None
    direct = _direct(state.reporter)
    if direct:
        unsent = direct.withdraw(_facts_of(direct.student["id"], taken))
        left = f"{unsent} events that were not sent yet are deleted" if direct.delivery.key else ""
        left = left or f"events so far are in {direct.delivery.path}, which you may delete"
        return f"consent is withdrawn, nothing more is recorded; {left}"
    if any(page["tracked"] for page in _open_comms()):
        return "the page records here: stop it there, by Student Telemetry in the right sidebar"
    return "consent is withdrawn, nothing is recorded" if taken else "nothing is recorded here"


def _last_answers(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last answer of each student in each course to each destination."""
    last: dict[tuple[str, ...], dict[str, Any]] = {}
    for each in sorted(answers, key=lambda each: str(each["time"])):
        last[(each["distinct_id"], each["course"], each["destination"])] = each
    return list(last.values())


def _facts_of(student: str, answers: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The terms that a student had agreed to last, as events tell them."""
    with suppress(IndexError):
        last = [each for each in answers if each["distinct_id"] == student][-1]
        return {name: last[name] for name in _FACTS}
    return None
