# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Secrets that look like chance, alone between quotation marks; as in src/events/secrets.ts."""

from __future__ import annotations

import binascii
import functools
import re
from collections.abc import Iterator

from .extent import _Extent
from .markedsecrets import _ID, _IS_LONG_RUN, _find_runs
from .randomness import _REMEMBERED, _is_very_random

_LEAST_QUOTED = 24
_QUOTED_WORD = re.compile("[A-Za-z0-9_+/-]{24,88}={0,2}")
# Pictures and lines of mails in base64, files of Google Drive, and SHA-2 in base64.
_ORDINARY = re.compile(
    r"(?:iVBOR|/9j/|R0lGOD|1[A-Za-z0-9_-]{32}$|1[A-Za-z0-9_-]{43}$|sha[0-9]+-|[A-Za-z0-9_+/]{43}=$"
    r"|[A-Za-z0-9_+/]{86}==$|(?:.{60}|.{64}|.{72}|.{76})$)"
)


def _find_quoted(text: str, extent: _Extent) -> Iterator[tuple[int, int]]:
    """Where words begin and end that nothing but their looks tells to be secrets."""
    shape = text.encode("ascii", "replace").translate(_IS_LONG_RUN)
    for start, end in _find_runs(shape, _LEAST_QUOTED):
        if not start or text[start - 1] not in "\"'`" or text[start - 1] != text[end : end + 1]:
            continue
        if not extent.has(start):
            return
        word = text[start:end]
        if (
            _QUOTED_WORD.fullmatch(word)
            and _is_very_random(word)
            and not (_ORDINARY.match(word) or _ID.match(word) or _is_encoded_text(word))
        ):
            yield start, end


@functools.lru_cache(maxsize=_REMEMBERED)
def _is_encoded_text(word: str) -> bool:
    """Whether base64 stands for a text, as lessons on encodings print it."""
    if len(word) % 4 or not re.fullmatch("[A-Za-z0-9+/]*={0,2}", word):
        return False
    return re.fullmatch(rb"[\t\n\r -~]*", binascii.a2b_base64(word)) is not None
