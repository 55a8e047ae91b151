# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Names in whatever letters, where the settings take any: the rules of src/identity/anyname.ts.

The id is made of the letters that English has, with a suffix of the student's code: two students
with one name are two people.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from .personcode import _ALPHABET, _all_known, _hash_for, _make_code
from .shared import _WHITE, _state
from .student import _ask

_MAX_ANY_NAME = 100  # characters, as JavaScript counts them
_MAX_NAME_LABEL = 40  # characters of the letters in an id
_NEUTRAL_LABEL = "STUDENT"
# Marks that join the parts of names: apostrophes, hyphens, dots, and the two joiners.
_JOINING = "'\u2019\u2018\u02bb\u02bc\u05f3\u05f4\u00b7\u30fb\u200c\u200d.\u2010-"
# Letters that no accent makes of English ones, and those that stand for them.
_INSTEAD = {
    **{"\u00df": "ss", "\u00e6": "ae", "\u0153": "oe", "\u00f8": "o", "\u0142": "l"},
    **{"\u0111": "d", "\u00f0": "d", "\u00fe": "th", "\u0131": "i"},
}
_GIVE_NAME = 'Give the name as it is written, as in "Zo\u00eb Li"'


def _tidy_name(name: str) -> str:
    """A name as it is kept: composed (NFC), with single spaces."""
    return re.sub(f"[{_WHITE}]+", " ", unicodedata.normalize("NFC", name).strip(_WHITE))


def _refuse_any_name(text: str) -> str | None:
    """Why a name will not do, in words; None where it will."""
    name = _tidy_name(text)
    kinds = {unicodedata.category(letter)[0] for letter in name if letter not in _JOINING + _WHITE}
    if not name:
        return "A name is required"
    if "L" not in kinds or not kinds <= {"L", "M"}:
        return "Letters only, of whatever script"
    is_long = len(name.encode("utf-16-le", "replace")) > 2 * _MAX_ANY_NAME
    return f"At most {_MAX_ANY_NAME} characters" if is_long else None


def _name_label(name: str) -> str:
    """A name in English capitals, as far as that can be done."""
    letters = unicodedata.normalize("NFKD", _tidy_name(name))
    plain = (
        _INSTEAD.get(letter.lower(), letter)
        for letter in letters
        if unicodedata.category(letter)[0] != "M" and letter not in "'\u2019\u02bc."
    )
    words = re.findall("[A-Z]+(?:-[A-Z]+)*", "".join(plain).upper())
    return "_".join(words)[:_MAX_NAME_LABEL].rstrip("_-") or _NEUTRAL_LABEL


def _code_suffix(code: str) -> str:
    """The part of an id that tells two people with one name apart."""
    bits = int(_hash_for("suffix", code)[:8], 16)
    return "".join(_ALPHABET[bits // 32**place % 32] for place in range(6))


def _own_student(text: str) -> dict[str, str]:
    """The student of a name, whom this account has met before, or one with a code of its own."""
    name = _tidy_name(text)
    for each in reversed(_all_known()):
        if each.get("name") == name and "code" in each:
            return _shown_student(str(each["distinct_id"]), name)
    code = _make_code()
    made = {"distinct_id": f"{_name_label(name)}-{_code_suffix(code)}", "code": code, "name": name}
    _state().codes.append(made)  # for the account's file once there is an answer
    return _shown_student(made["distinct_id"], name)


def _shown_student(student: str, name: str) -> dict[str, str]:
    """A student whose id does not tell the name, which the session's first event has."""
    return {"id": student, "name": name, "shown": name}


def _read_any_student(text: Any) -> dict[str, str]:
    """The student of a call; ValueError, in words, where the text is no name."""
    problem = _refuse_any_name(text) if isinstance(text, str) else "A name is required"
    if problem:
        raise ValueError(f"student_name: {problem}. {_GIVE_NAME}")
    return _own_student(text)


def _ask_any_student(notice: str) -> dict[str, str] | None:
    """Ask for a name up to three times; None where the student cancels."""
    return _ask(notice, "name", "Zo\u00eb Li", ("Your name: ",), _refuse_any_name, _own_student)
