"""Students of a roster by what they type of their names, or by the codes that they were given."""

from __future__ import annotations

import unicodedata
from itertools import islice

from .roster import Member, Roster
from .studentcodes import code_of

MOST_FOUND = 8
LEAST_LETTERS = 2
"""A single letter begins the names of half a class."""
# Apostrophes, and the two joiners of Persian and Hindi names, which some people type.
_LEFT_OUT = "'\u2018\u2019\u02bb\u02bc\u05f3\u00b7\u200c\u200d"
# Letters that no accent makes of English ones, as in src/identity/name.ts.
_ALIKE = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}
    | dict.fromkeys(_LEFT_OUT)
)


def by_name(roster: Roster, typed: str) -> list[Member]:
    """Give the first students in whose names each typed word begins a word."""
    words = _words(typed)
    if sum(map(len, words)) < LEAST_LETTERS:
        return []
    found = (
        member
        for member in roster.students
        if (own := _words(member.name or member.id))
        and all(any(each.startswith(word) for each in own) for word in words)
    )
    return list(islice(found, MOST_FOUND))


def by_code(roster: Roster, secret: bytes, code: str) -> Member | None:
    """Give the student of a code; None: the code is nobody's."""
    return next((each for each in roster.students if code_of(secret, each.id) == code), None)


def _words(text: str) -> list[str]:
    """Give the words of a name without accents, and without regard to capitals."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    letters = [each for each in parts.translate(_ALIKE) if not unicodedata.combining(each)]
    return "".join(each if each.isalnum() else " " for each in letters).split()
