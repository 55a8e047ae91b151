# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Whether a text looks like chance; as in src/events/randomness.ts, which says why."""

from __future__ import annotations

import functools
import re

_LOOKED_AT = 200  # characters of a text
_REMEMBERED = 128  # answers to the same question, as in a loop that prints the same
_PIECE = 4  # characters, or more on the average, are in what names of several words are made of
_PIECES = re.compile(r"[A-Z]*[a-z]+|[A-Z]+|[0-9]+")
_PARTS_OF = re.compile(r"[A-Za-z0-9]+")
_ONE_WORD = re.compile(r"[0-9]*|[A-Z]*[a-z]*[0-9]{0,4}")
_SEQUENCE = re.compile("abcdefgh|01234567", re.IGNORECASE)


@functools.lru_cache(maxsize=_REMEMBERED)
def _is_random(text: str) -> bool:
    """Whether parts of a text mix letters and digits, or capitals and small letters."""
    looked = text[:_LOOKED_AT]
    return (
        _random_part(looked) >= 8
        and _distinct(looked) >= 6
        and re.search("[A-Za-z]", looked) is not None
        and not _SEQUENCE.search(looked)
    )


@functools.lru_cache(maxsize=_REMEMBERED)
def _is_very_random(text: str) -> bool:
    """Whether a text looks like chance also where nothing says that it is a secret."""
    looked = text[:_LOOKED_AT]
    return (
        len(text) >= 20
        and len(re.findall("[A-Z]", looked)) > 1
        and len(re.findall("[a-z]", looked)) > 1
        and len(re.findall("[0-9]", looked)) > 1
        and _distinct(looked) >= 12
        and _random_part(looked) * 2 > len(text)
        and _is_random(text)
    )


def _random_part(text: str) -> int:
    """How many characters of a text are in parts that are no words."""
    return sum(
        len(part)
        for part in _PARTS_OF.findall(text)
        if not _ONE_WORD.fullmatch(part) and len(_PIECES.findall(part)) * _PIECE > len(part)
    )


@functools.lru_cache(maxsize=_REMEMBERED)
def _distinct(text: str) -> int:
    """How many different characters the beginning of a text has, by the last seven bits."""
    return len({ord(sign) & 127 for sign in text[:_LOOKED_AT]})
