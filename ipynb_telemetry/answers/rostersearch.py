"""Students of a roster by what they type of their names, or by the codes that they were given."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from .roster import Member, Roster
from .studentcodes import code_of

MOST_FOUND = 8
LEAST_LETTERS = 2
"""A single letter begins the names of half a class, and is the whole name of few."""
# Apostrophes, and the two joiners of Persian and Hindi names, which some people type.
_LEFT_OUT = "'\u2018\u2019\u02bb\u02bc\u05f3\u00b7\u200c\u200d"
# Letters that no accent makes of English ones, as in src/identity/name.ts.
_ALIKE = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"}
    | dict.fromkeys(_LEFT_OUT)
)


class Found(NamedTuple):
    """The members that a search found.

    Attributes:
        members: the first of them.
        has_more: whether there are others.
    """

    members: list[Member]
    has_more: bool


def by_name(roster: Roster, typed: str) -> Found:
    """Give the first students whom the typed words mean, whose whole name it is before others.

    Each word begins a word of the name; of many who are called alike, further words begin a word of
    the group. Fewer letters than `LEAST_LETTERS` find whose whole name they are.
    """
    words = _words(typed)
    whole: list[Member] = []
    begun: list[Member] = []
    for member in roster.students:
        own = _words(member.name or member.id)
        named = [word for word in words if _begins(word, own)]
        is_whole = named == own
        if not own or (not is_whole and sum(map(len, named)) < LEAST_LETTERS):
            continue
        group = _words(member.group)
        if all(word in named or _begins(word, group) for word in words):
            (whole if is_whole else begun).append(member)
    found = whole + begun
    return Found(found[:MOST_FOUND], len(found) > MOST_FOUND)


def by_code(roster: Roster, secret: bytes, code: str) -> Member | None:
    """Give the member of a code, staff too: who has the code knows whose it is. None: nobody's."""
    return next((each for each in roster if code_of(secret, each.id) == code), None)


def _begins(word: str, others: Iterable[str]) -> bool:
    return any(each.startswith(word) for each in others)


def _words(text: str) -> list[str]:
    """Give the words of a name without accents, and without regard to capitals."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    letters = [each for each in parts.translate(_ALIKE) if not unicodedata.combining(each)]
    return "".join(each if each.isalnum() else " " for each in letters).split()
