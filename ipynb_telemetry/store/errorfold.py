"""Errors that have one cause folded to one key, whoever made them and whatever their variables.

A key is three lines: the type; the message with what differs from student to student replaced; and
the innermost frame in a notebook's cell by its function. A frame's line is no part of the key,
since one more blank line above would make another error of the same one, nor is the cell, which
stands beside the key wherever errors are counted.

In the message quoted text becomes `'…'`, a path `<path>`, an address in memory or another
hexadecimal number `<hex>`, a number `<n>`, and a name that is written as code writes names
(`total_2`, `df.mean`, `f()`) `<name>`. Words of prose stay: they are what tells
"unsupported operand" from "not subscriptable".
"""

from __future__ import annotations

import re
from functools import lru_cache

MAX_MESSAGE = 200  # characters, before and after folding
MAX_TYPE = 100  # characters
# Of a longer text only the end is looked at: there stands the innermost frame.
_MAX_TRACEBACK = 20_000  # characters

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_SPACE = re.compile(r"\s+")
# Each alternative begins with what no other begins with, or is tried before it. No quantifier
# repeats a group that can match the same text in two ways: a message is anyone's text.
_VARIABLE = re.compile(
    r"""
    (?P<quoted>'[^'\n]*' | "[^"\n]*" | `[^`\n]*`
        | \u2018[^\u2019\n]*\u2019 | \u201c[^\u201d\n]*\u201d)
    | (?P<path>(?<![\w.]) (?: ~?/ | [A-Za-z]:[\\/] | \.\.?/ ) [^\s,;:'")\]}]+)
    | (?P<hex>\b0[xX][0-9a-fA-F]+\b | \b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b)
    | (?P<number>(?<![\w.]) [+-]? \d[\d_]* (?:\.\d+)? (?:[eE][+-]?\d+)? j? (?![\w]))
    | (?P<name>\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\(\))? | \b[A-Za-z]\w*_\w*(?:\(\))? | \b_\w+
        | \b[A-Za-z]+\d\w*(?:\(\))? | \b[A-Za-z]\w*\(\))
    """,
    re.VERBOSE,
)
_REPLACED = {
    "quoted": "'…'",
    "path": "<path>",
    "hex": "<hex>",
    "number": "<n>",
    "name": "<name>",
}
# As IPython's traceback names a frame in a cell, of this version and older ones, and as the
# kernel side does. A frame at the top of a cell has no function.
_CELL_FRAME = re.compile(
    r"^[ \t]*(?:"
    r"(?:Cell[ \t])?In[ \t]?\[[^\]\n]{1,20}\]"
    r"(?:,[ \t]line[ \t]\d+)?(?:,[ \t]in[ \t](?P<now>[^\n(]*))?"
    r"|<ipython-input-[^>\n]{1,80}>[ \t]in[ \t](?P<before>[^\n(]*)"
    r"|Input[ \t]In[ \t]?\[[^\]\n]{1,20}\](?:,[ \t]in[ \t](?P<between>[^\n(]*))?"
    r")",
    re.MULTILINE,
)
_TOP = re.compile(r"<module>|<cell line: \d+>")


def fold(name: str, value: str, traceback: str) -> str:
    """Give the key of an error: its type, its folded message and its innermost frame, a line each.

    Args:
        name: the type of the error, as `KeyError`.
        value: the message.
        traceback: as Python or IPython writes it; colours do not matter.
    """
    return f"{_one_line(name)[:MAX_TYPE]}\n{fold_message(value)}\n{innermost_frame(traceback)}"


@lru_cache(maxsize=4096)
def fold_message(value: str) -> str:
    """Give a message with what differs from student to student replaced, on one line."""
    text = _one_line(value[: 4 * MAX_MESSAGE])[:MAX_MESSAGE]
    return _VARIABLE.sub(lambda found: _REPLACED[found.lastgroup or "name"], text)[:MAX_MESSAGE]


def innermost_frame(traceback: str) -> str:
    """Give the function of the innermost frame in a notebook's cell; empty at a cell's top."""
    innermost = ""
    for found in _CELL_FRAME.finditer(_COLOURS.sub("", traceback[-_MAX_TRACEBACK:])):
        function = (found["now"] or found["before"] or found["between"] or "").strip()
        innermost = "" if _TOP.fullmatch(function) else function[:MAX_TYPE]
    return innermost


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", _COLOURS.sub("", text)).strip()
