"""How much a JSON text would become, told from its bytes before a Python object is made of them."""

from __future__ import annotations

from itertools import accumulate

# A value of 3 bytes, such as `[],`, becomes an object of 64, and one of 8 bytes an object of 240.
# With so many values, those of 3,600 of our events, a body of 20 MiB takes three times its size.
MAX_VALUES = 90_000
# The most that a byte becomes of a text with letters beyond ASCII: one emoji makes every letter of
# its text 4 bytes wide.
WIDEST = 4

_PART = 64 * 1024  # bytes looked at in one go: what is made of them is thrown away at once
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


class HeavyError(ValueError):
    """A text that would become too much, and why, in a sentence for its sender."""


def weigh(text: bytes | bytearray, limit: int, max_depth: int) -> None:
    """Look at a text in UTF-8, whether or not it is JSON.

    Args:
        text: JSON, perhaps.
        limit: most bytes, where those of a text with letters beyond ASCII count `WIDEST` times.
        max_depth: how deep lists and objects may be nested.

    Raises:
        RecursionError: lists and objects are nested deeper.
        HeavyError: the text has more than so many bytes, or more than `MAX_VALUES` values.
    """
    size = len(text)
    values = depth = open_size = 0
    is_quoted = is_wide = False
    rest = b""
    for begin in range(0, len(text), _PART):
        part = rest + text[begin : begin + _PART]
        # A backslash that ends the part belongs to what comes next, unless the backslash before
        # it is the one that does.
        rest = b"\\" if (len(part) - len(part.rstrip(b"\\"))) % 2 else b""
        part = part[: len(part) - len(rest)]
        # Escaped characters are removed, the backslash first: every quotation mark is one then.
        pieces = part.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')

        structure = b"".join(pieces[is_quoted::2])
        values += sum(map(structure.count, (b",", b"[", b"{")))
        if values > MAX_VALUES:
            raise HeavyError(f"The body holds more than {MAX_VALUES} values: send less at once.")
        depths = list(
            accumulate(
                map(_STEPS.__getitem__, structure.translate(None, _NO_BRACKETS)), initial=depth
            )
        )
        if max(depths) > max_depth:
            raise RecursionError
        depth = depths[-1]

        # A text that began in an earlier part is wide as soon as any piece of it is.
        if is_wide or not part.isascii() or b"\\u" in part:
            for index in range(0 if is_quoted else 1, len(pieces), 2):
                if index:
                    open_size, is_wide = 0, False
                open_size += len(pieces[index])
                if is_wide:
                    size += (WIDEST - 1) * len(pieces[index])
                elif not pieces[index].isascii() or b"\\u" in pieces[index]:
                    is_wide = True
                    size += (WIDEST - 1) * open_size
        else:
            open_size = len(pieces[-1]) + (open_size if len(pieces) == 1 else 0)
        if size > limit:
            raise HeavyError(f"The body becomes larger than {limit} bytes when read.")
        is_quoted ^= len(pieces) % 2 == 0
