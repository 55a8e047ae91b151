"""JSON that can be stored and read again: by orjson, where the standard library does the same.

orjson is several times faster. But orjson takes no lone surrogates, reads integers beyond 64 bits
as floats, and writes null for infinity.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, NoReturn

import orjson

from .weight import weigh

# Deeper than any event, and far below Python's recursion limit: stored JSON can always be read.
MAX_DEPTH = 100
# Of larger texts orjson would keep the interpreter to itself, and the event loop waiting.
QUICK_BYTES = 1024 * 1024

_LARGEST = 2.0**63
_OTHERS = frozenset({str, int, bool, type(None)})


def read(text: bytes | bytearray, limit: int | None = None) -> Any:
    """Read JSON.

    A text larger than `QUICK_BYTES` is weighed before: a small one cannot become more than that.

    Args:
        text: in UTF-8; a small one in UTF-16 or UTF-32, too.
        limit: the most bytes that a large text may become; None: as many as it has.

    Raises:
        RecursionError: the text is nested deeper than `MAX_DEPTH`.
        HeavyError: the text is large, and would take far more memory as Python's objects.
        ValueError: the text is no JSON.
    """
    is_large = len(text) > QUICK_BYTES
    if is_large:
        if not json.detect_encoding(text).startswith("utf-8"):
            raise ValueError("a large text is weighed as UTF-8")
        weigh(text, len(text) if limit is None else limit, MAX_DEPTH)
    # The standard library makes one text of all bytes first, in which every letter is as wide as
    # the widest.
    if not is_large or not text.isascii():
        with suppress(orjson.JSONDecodeError):
            document = orjson.loads(text)
            if _is_ordinary(document):
                return document
    return read_slowly(text)


def read_slowly(text: bytes | bytearray) -> Any:
    """Read JSON as `read` does, by the standard library alone, and without weighing it."""
    # The hook changes nothing, but without a call into Python the standard parser would keep the
    # interpreter to itself, too.
    document = json.loads(text, object_hook=lambda found: found, parse_constant=_no_constant)
    if _deeper_than(MAX_DEPTH, document):
        raise RecursionError
    return document


def write(value: Any) -> str:
    """Write ASCII JSON: its escapes carry NUL and lone surrogates through SQLite and HTTP unharmed.

    Raises:
        OverflowError: a number in the value is out of range, as 1e999, read as infinity.
    """
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
    except ValueError as error:
        raise OverflowError from error


def write_quickly(value: Any) -> str:
    """Write as `write` does, but for the spelling of floats and control characters."""
    try:
        text = orjson.dumps(value)
    except orjson.JSONEncodeError:
        return write(value)
    if text.isascii() and (b"null" not in text or _is_ordinary(value)):
        return text.decode()
    return write(value)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _is_ordinary(document: Any) -> bool:
    """Whether a document is no deeper than `MAX_DEPTH`, and no float may be orjson's mistake."""
    level = [document]
    for _ in range(MAX_DEPTH + 1):
        special = [node for node in level if type(node) not in _OTHERS]
        if not special:
            return True
        level = []
        for node in special:
            if isinstance(node, dict):
                level += node.values()
            elif isinstance(node, list):
                level += node
            elif not -_LARGEST < node < _LARGEST:  # nor is NaN
                return False
    return False


def _deeper_than(depth: int, document: Any) -> bool:
    level = [document]
    for _ in range(depth):
        containers = [node for node in level if isinstance(node, (dict, list))]
        if not containers:
            return False
        level = [
            child
            for node in containers
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    return any(isinstance(node, (dict, list)) for node in level)
