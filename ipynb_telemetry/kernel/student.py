# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Who the student is: the rules and words of src/identity/name.ts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .request import _parent
from .shared import _WHITE
from .studentcode import _is_code, _read_code, _refuse_code

_MAX_NAME = 60  # characters of one of the two names
# No name has a digit.
_LIKE_CODE = re.compile("(?=.*[0-9])[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){2}")


def _fold_name(name: str) -> str:
    """A name without white space around it or repeated within, in capitals."""
    return re.sub(f"[{_WHITE}]+", " ", name.strip(_WHITE)).upper()


def _refuse_name(name: str) -> str | None:
    """Why a first or last name will not do, in words; None where it will."""
    folded = _fold_name(name)
    if not folded:
        return "Both names are required"
    # As it is typed: capitals make English letters of others (\u00df becomes SS).
    if not re.fullmatch(f"[A-Za-z{_WHITE}-]*", name):
        return "English letters only"
    if len(re.sub("[ -]", "", folded)) < 2:
        return "At least two letters"
    return f"At most {_MAX_NAME} characters" if len(folded) > _MAX_NAME else None


def _student(first: str, last: str) -> dict[str, str]:
    """The student of two names: "ANN_LEE" in events, "ANN-LEE" for people."""
    names = [_fold_name(name) for name in (first, last)]
    return {"id": "_".join(names), "name": "-".join(names)}


def _read_student(text: Any, is_coded: bool = False) -> dict[str, str]:
    """The student of "Ann Lee", "ANN-LEE" or "ANN_LEE", or of a code; ValueError, in words, else.

    Where students go by codes no name will do.
    """
    text = text.strip(_WHITE) if isinstance(text, str) else ""
    if is_coded or _is_like_code(text):
        return _coded_student(text)
    ways = (re.split(mark, text) for mark in ("_", f"[{_WHITE}]+", "-"))
    parts = next((parts for parts in ways if len(parts) > 1), [text])
    # "MARY ANN-LEE" is the STUDENT_NAME of Mary Ann Lee, and may be that of Mary Ann-Lee.
    is_either = "_" not in text and "-" in text and len(text.split()) > 1 and text.isupper()
    if len(parts) > 2 or is_either:
        raise ValueError('student_name: put _ between first and last name, as in "MARY ANN_LEE"')
    problem = _refuse_name(parts[0]) or _refuse_name(parts[1] if len(parts) == 2 else "")
    if problem:
        raise ValueError(f'student_name: {problem}. Give first and last name, as in "Ann Lee"')
    return _student(*parts)


def _is_like_code(text: Any) -> bool:
    """Whether a text is a code, or a slip in one, rather than a name."""
    bare = text.strip(_WHITE) if isinstance(text, str) else ""
    return _is_code(bare.lower()) or _LIKE_CODE.fullmatch(bare) is not None


def _coded_student(text: str) -> dict[str, str]:
    """The student of a code, who has no other name; ValueError, in words, for other texts."""
    problem = _refuse_code(text)
    if problem:
        raise ValueError(f"student_name: {problem}. Give the code that you were handed")
    code = _read_code(text)
    return {"id": code, "name": code}


def _ask_student(notice: str, is_coded: bool = False) -> dict[str, str] | None:
    """Ask for both names, or for a code, up to three times; None where the student cancels.

    ValueError when nobody can be asked, or no answer will do.
    """
    if is_coded:
        return _ask(notice, "code", "your code", ("Code: ",), _refuse_code, _coded_student)
    return _ask(notice, "name", "Ann Lee", ("First name: ", "Last name: "), _refuse_name, _student)


def _ask(
    notice: str,
    noun: str,
    example: str,
    prompts: tuple[str, ...],
    refuse: Callable[[str], str | None],
    make: Callable[..., dict[str, str]],
) -> dict[str, str] | None:
    """Ask by `prompts` until no answer is refused, three times at most; see `_ask_student`."""
    nobody = ValueError(
        f"nobody can be asked for a {noun} here. Give it: "
        f'setup_telemetry("\u2026", skip_name_prompt=True, student_name="{example}")'
    )
    if not _parent().get("content", {}).get("allow_stdin", True):
        raise nobody
    print(f"{notice}\nType cancel instead of a {noun}, and nothing is recorded.")
    for _ in range(3):
        given: list[str] = []
        for prompt in prompts:
            try:
                given.append(input(prompt))
            except (EOFError, NotImplementedError):
                raise nobody from None
            if given[-1].strip().lower() == "cancel":
                return None
            problem = refuse(given[-1])
            if problem:
                print(problem)
                break
        else:
            return make(*given)
    raise ValueError(
        f"nothing is tracked, since no {noun} was given that will do: {problem}. Run this cell"
        " again"
    )
