"""Codes of students: made of their ids with a secret of the course, so that nobody else can.

Whoever has the secret can make the code of each id, and so tell whose a code is by trying the ids
of a roster. Nobody else learns anything of an id by its code.
"""

from __future__ import annotations

import functools
import hmac

from ..kernel.studentcode import _CODE_LETTERS, _CODE_PRIME, _spell_code

_BITS = 50  # ten characters: of 10,000 students two have the same code once in 20 million classes


@functools.lru_cache(maxsize=16_384)  # more than a roster has members
def code_of(secret: bytes, student: str) -> str:
    """Give the code of a student's id, as events and people have it: `xxxx-xxxx-xxxx`."""
    digest = hmac.digest(secret, student.encode(), "sha256")
    number = int.from_bytes(digest[:8], "big") >> (64 - _BITS)
    number = number * 1024 + (1 - number * 1024) % _CODE_PRIME
    places = range(_BITS + 10 - 5, -1, -5)
    return _spell_code("".join(_CODE_LETTERS[number >> place & 31] for place in places))
