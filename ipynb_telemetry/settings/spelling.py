"""The names that a misspelt name may have meant; the page has the same rule, `spelling.ts`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable


def nearest(name: str, known: Iterable[str], is_loose: bool = False) -> list[str]:
    """Give the names that a misspelt one may have meant.

    Names that differ in capitals and signs only come before all others; else names a slip or two
    away; else, if `is_loose`, names that share words with it.
    """
    written = _fold(name)

    def is_near(form: str) -> bool:
        return _distance(written, form) <= (1 if len(form) < 6 else 2)

    def shares_words(path: str) -> bool:
        word = re.search("[A-Z]?[a-z]+$", path)
        return "." not in path and (
            _fold(word[0] if word else path) in written
            or (len(written) >= 4 and written in _fold(path))
        )

    rules: list[Callable[[str], bool]] = [
        lambda path: written in _forms(path),
        lambda path: any(map(is_near, _forms(path))),
        *([shares_words] if is_loose else []),
    ]
    paths = list(known)
    return next(filter(None, ([path for path in paths if rule(path)] for rule in rules)), [])


def _forms(path: str) -> tuple[str, str]:
    return _fold(path), _fold(path.partition(".")[2] or path)


def _fold(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())[:60]


def _distance(one: str, other: str) -> int:
    """How many letters have to be put in, left out or exchanged."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        following = [i]
        for j, counterpart in enumerate(other, 1):
            exchanged = row[j - 1] + (letter != counterpart)
            following.append(min(exchanged, row[j] + 1, following[-1] + 1))
        row = following
    return row[-1]
