# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Whether a text looks like chance; as in src/events/randomness.ts, which says why."""

from __future__ import annotations

import functools

_LOOKED_AT = 200  # characters of a text
_REMEMBERED = 128  # answers to the same question, as in a loop that prints the same
_PIECE = 4  # characters, or more on the average, are in what names of several words are made of
# Bytes that say of each character whether it is a capital, a small letter, a digit or another one.
_SORTS = bytes(
    ord("A" if 65 <= code <= 90 else "a" if 97 <= code <= 122 else "0" if 48 <= code <= 57 else " ")
    for code in range(256)
)
# Where within a word of letters and digits the next piece begins.
_BEGINNINGS = (b"aA", b"a0", b"A0", b"0a", b"0A")


@functools.lru_cache(maxsize=_REMEMBERED)
def _is_random(text: str) -> bool:
    """Whether parts of a text mix letters and digits, or capitals and small letters."""
    sorts = _sorts(text)
    return _random_part(sorts) >= 8 and _distinct(text) >= 6 and not _is_sequence(text)


@functools.lru_cache(maxsize=_REMEMBERED)
def _is_very_random(text: str) -> bool:
    """Whether a text looks like chance also where nothing says that it is a secret."""
    if len(text) < 20:
        return False
    sorts = _sorts(text)
    return (
        sorts.count(b"A") > 1
        and sorts.count(b"a") > 1
        and sorts.count(b"0") > 1
        and _distinct(text) >= 12
        and _random_part(sorts) * 2 > len(text)
        and not _is_sequence(text)
    )


def _sorts(text: str) -> bytes:
    return text[:_LOOKED_AT].encode("ascii", "replace").translate(_SORTS)


def _random_part(sorts: bytes) -> int:
    """How many characters are in parts that are no words; all such parts have letters."""
    return sum(len(part) for part in sorts.split() if not _is_word(part))


def _is_word(part: bytes) -> bool:
    pieces = 1
    for beginning in _BEGINNINGS:
        pieces += part.count(beginning)
    if pieces == 1 or pieces * _PIECE <= len(part):
        return True
    # Letters, and a number behind them.
    return pieces == 2 and 0 < len(part) - len(part.rstrip(b"0")) <= 4


def _is_sequence(text: str) -> bool:
    looked = text[:_LOOKED_AT]
    return "01234567" in looked or "abcdefgh" in looked.lower()


def _distinct(text: str) -> int:
    """How many different characters the beginning of a text has, by the last seven bits."""
    looked = text[:_LOOKED_AT]
    return len(set(looked) if looked.isascii() else {ord(sign) & 127 for sign in looked})
