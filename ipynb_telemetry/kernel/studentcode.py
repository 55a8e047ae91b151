# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Codes that stand for students: the rules and words of src/identity/studentcode.ts.

A code has ten characters and two that check them. Read as a number in base 32, its remainder by
1021 is 1: the pure system of ISO 7064 for two check characters, with the largest prime below
32 squared. So each wrong character is noticed, and each swap of two neighbours, or of two with
another between them. No such slip changes the number by a multiple of that prime.
"""

from __future__ import annotations

import re

from .shared import _WHITE

_CODE_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, in small letters
_CODE_LENGTH = 12
_CODE_PRIME = 1021
_CODE_GAPS = re.compile(f"[{_WHITE}\u2010-\u2015\u2212-]+")
_CODE_ALIKE = str.maketrans("oil", "011")


def _bare_code(text: str) -> str:
    """A code without what parts its groups, its letters and digits as they are meant."""
    bare = _CODE_GAPS.sub("", text)
    # Only English letters: small letters of others may be English ones (\u212a becomes k).
    return bare.lower().translate(_CODE_ALIKE) if re.fullmatch("[0-9A-Za-z]*", bare) else bare


def _checks_out(bare: str) -> bool:
    """Whether the check characters of a bare code are those of the others."""
    remainder = 0
    for character in bare:
        remainder = (remainder * 32 + _CODE_LETTERS.index(character)) % _CODE_PRIME
    return remainder == 1


def _refuse_code(text: str) -> str | None:
    """Why a text is no student's code, in words; None where it is."""
    bare = _bare_code(text)
    if not bare:
        return "The code is missing"
    if not set(bare) <= set(_CODE_LETTERS):
        return "A code has digits and English letters, and no U"
    if len(bare) != _CODE_LENGTH:
        return f"A code has {_CODE_LENGTH} characters"
    return None if _checks_out(bare) else "A character of the code is wrong"


def _is_code(text: str) -> bool:
    """Whether a text is a student's code as events have it."""
    return _refuse_code(text) is None and text == _spell_code(_bare_code(text))


def _spell_code(bare: str) -> str:
    """A code as it is shown, and as events have it: xxxx-xxxx-xxxx."""
    return "-".join(re.findall(".{4}", bare))


def _read_code(text: str) -> str:
    """A student's code as events have it; ValueError, in words, for other texts."""
    problem = _refuse_code(text)
    if problem:
        raise ValueError(problem)
    return _spell_code(_bare_code(text))
