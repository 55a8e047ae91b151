# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Whether a value can be the secret that its name tells of."""

from __future__ import annotations

import functools
import re

from .randomness import _REMEMBERED, _distinct, _is_random, _is_very_random

# As the expression in src/events/secretvalues.ts, by what costs less in Python.
_OPENING_SIGNS = tuple("<{$%[(*.,)]\u2026\u2039:=\\")
_STANDING_IN = re.compile("[{}<>\u2039\u203a]|passw|passphrase|your[-_ ]|example|:$")
_PLACEHOLDER = re.compile(
    "none|null|true|false|string|str|text|secret|token|required|optional|hidden|username|user"
    "|changeme|default|empty|unknown|invalid|yes|no|test"
)


def _stands_in(word: str) -> bool:
    """Whether a value stands for others: templates, and what forms and examples say."""
    low = word.lower()
    return (
        word.startswith(_OPENING_SIGNS)
        or word.startswith("#{")
        or _PLACEHOLDER.fullmatch(low) is not None
        or not low.strip("x.*_-")
        or _STANDING_IN.search(low) is not None
    )


@functools.lru_cache(maxsize=_REMEMBERED)
def _fits(word: str, kind: str) -> bool:
    """Whether a value can be what its name says."""
    if kind == "password":
        is_one = len(word) >= 4 and _distinct(word) > 2
    else:
        is_one = _is_random(word) if kind == "token" else _is_very_random(word)
    return is_one and not (
        word.startswith(("~", "/")) or "://" in word or [word] != word.split() or _stands_in(word)
    )


def _is_mixed(word: str) -> bool:
    """Whether letters and digits are in a word."""
    return len(word) >= 6 and bool(re.search("[A-Za-z]", word) and re.search("[0-9]", word))
