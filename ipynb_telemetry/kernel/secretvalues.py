# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Whether a value can be the secret that its name tells of."""

from __future__ import annotations

import functools
import re

from .randomness import _REMEMBERED, _distinct, _is_random, _is_very_random

_STAND_IN = re.compile(
    r"^(?:[<{$%[(*.,)\]\u2026\u2039:=\\]|[xX.*_-]+$|#\{)|[{}<>\u2039\u203a]|passw|passphrase"
    "|your[-_ ]|example|:$"
    "|^(?:none|null|true|false|string|str|text|secret|token|required|optional|hidden|username|user"
    "|changeme|default|empty|unknown|invalid|yes|no|test)$",
    re.IGNORECASE,
)
_PLACE = re.compile(r"^[~/]|://")


@functools.lru_cache(maxsize=_REMEMBERED)
def _fits(word: str, kind: str) -> bool:
    """Whether a value can be what its name says."""
    if _STAND_IN.search(word) or _PLACE.search(word) or re.search(r"\s", word):
        return False
    if kind == "password":
        return len(word) >= 4 and _distinct(word) > 2
    return _is_random(word) if kind == "token" else _is_very_random(word)


def _is_mixed(word: str) -> bool:
    """Whether letters and digits are in a word."""
    return len(word) >= 6 and bool(re.search("[A-Za-z]", word) and re.search("[0-9]", word))
