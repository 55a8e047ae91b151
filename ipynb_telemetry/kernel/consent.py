# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Answers to the notice: who agreed to which recording, remembered for the account.

Consent holds for one student, course, destination and notice, and for no wider recording than the
notice tells of. A file of the account has the answers; the state has those of this process, among
them what a call or the environment says, which no file keeps.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import Any

from .account import _APPEND, _folder
from .coursename import _keep_salt, _salted_before
from .personcode import _keep_made
from .request import _iso, _parent
from .shared import _state

_YES = "yes"
_NO = "no"
_TAKEN_BACK = "withdrawn"
_MAX_ANSWERS = 500
_ANSWER_TEXTS = ("distinct_id", "answer", "notice_hash", "destination", "mode", "course", "time")


def _kept_answers() -> list[dict[str, Any]]:
    """The answers in the account's file, oldest first; lines that nobody can read are left out."""
    found: list[dict[str, Any]] = []
    with suppress(OSError), open(_answers_path(makes=False), "rb") as file:
        for line in file.readlines()[-_MAX_ANSWERS:]:
            with suppress(ValueError, RecursionError):
                read = json.loads(line)
                if _is_answer(read):
                    if read.pop("is_salted", False) is not True:
                        read["course"] = _salted_before(read["course"])
                    found.append(read)
    return found


def _answers_path(makes: bool = True) -> str:
    return os.path.join(_folder(makes), "consent.jsonl")


def _is_answer(read: Any) -> bool:
    if not isinstance(read, dict) or not isinstance(read.get("captured"), list):
        return False
    return all(isinstance(read.get(name), str) for name in _ANSWER_TEXTS)


def _remember(student: str, facts: dict[str, Any], answer: str, is_kept: bool = True) -> None:
    """Remember an answer, in this process and, if it `is_kept`, for the account's next kernels."""
    given = {**facts, "distinct_id": student, "answer": answer, "time": _iso()}
    _state().answers.append(given)
    _keep_made(student)
    if is_kept:
        _keep_answers([given])
    else:
        _keep_salt()


def _keep_answers(answers: list[dict[str, Any]]) -> None:
    """Add to the account's file; where that cannot be written, this process remembers."""
    _keep_salt()
    # Courses of older versions have no salt.
    lines = "".join(json.dumps({**each, "is_salted": True}) + "\n" for each in answers)
    with suppress(OSError):
        file = os.open(_answers_path(), _APPEND, 0o600)
        try:
            os.write(file, lines.encode())
        finally:
            os.close(file)


def _answer_to(student: str | None, facts: dict[str, Any]) -> str | None:
    """The last answer to this recording, or None: somebody is to be asked.

    A student of None stands for whoever uses the account.
    """
    given_so_far = [*_kept_answers(), *_state().answers]
    given_so_far.sort(key=lambda each: str(each["time"]))
    for given in reversed(given_so_far):
        if given["course"] != facts["course"] or given["destination"] != facts["destination"]:
            continue
        if student is not None and given["distinct_id"] not in ("", student):
            continue
        if given["answer"] == _TAKEN_BACK:
            return _TAKEN_BACK
        is_same = given["notice_hash"] == facts["notice_hash"] and given["mode"] == facts["mode"]
        if is_same and (given["answer"] == _NO or set(facts["captured"]) <= set(given["captured"])):
            return str(given["answer"])
        return None
    return None


def _is_answered_here(student: str | None, facts: dict[str, Any]) -> bool:
    """Whether somebody has agreed in this process, so that no question need be asked again."""
    given = [each for each in _state().answers if each["distinct_id"] == student]
    return any(all(each[name] == facts[name] for name in facts) for each in given)


def _agreed_before(student: str | None, facts: dict[str, Any]) -> str | None:
    """The id of a student who has agreed to send to this destination in this course, or None."""
    for given in reversed(_kept_answers()):
        is_same = all(given[name] == facts[name] for name in ("course", "destination"))
        if (
            is_same
            and given["distinct_id"]
            and given["distinct_id"] == (student or given["distinct_id"])
        ):
            return str(given["distinct_id"]) if given["answer"] == _YES else None
    return None


def _can_ask() -> bool:
    """Whether somebody is there who can be asked by `input`."""
    return bool(_parent().get("content", {}).get("allow_stdin", True))


def _ask_yes() -> bool | None:
    """Ask whether it may be recorded; None where there is nobody to answer, or no answer."""
    for _ in range(3):
        try:
            answer = input("May this be recorded? Type yes or no: ").strip().lower()
        except (EOFError, NotImplementedError):
            return None
        if answer in ("yes", "y"):
            return True
        if answer in ("no", "n", "cancel"):
            return False
    return None
