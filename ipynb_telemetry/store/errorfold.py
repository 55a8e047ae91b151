"""Errors that have one cause folded to one key, whoever made them and whatever their variables.

A key is three lines: the type; the message as `errormessage` folds it; and the innermost frame in a
notebook's cell by its function. A frame's line is no part of the key, since one more blank line
above would make another error of the same one, nor is the cell, which stands beside the key
wherever errors are counted. A comprehension is no frame: Python 3.12 and later have none for it.
R's and Julia's tracebacks do not say which frames are the notebook's: there is none in their keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from .errormessage import R_TYPE, fold_message, one_line, without_colours

MAX_TYPE = 100  # characters
# Of a longer text only the end is looked at: there stands the innermost frame.
_MAX_TRACEBACK = 20_000  # characters
# A traceback may have been cut that is at least so long, and then ends with half a frame.
_LONG_TRACEBACK = 3000  # characters

# As IPython's traceback names a frame in a cell, and as the kernel side does. A frame at the top of
# a cell has no function.
_CELL_FRAME = re.compile(
    r"(?:Cell[ \t])?In[ \t]?\[[^\]\n]{1,20}\]"
    r"(?:,[ \t]line[ \t]\d+)?(?:,[ \t]in[ \t](?P<now>[^\n(]*))?"
    r"|<ipython-input-[^>\n]{1,80}>[ \t]in[ \t](?P<before>[^\n(]*)"
    r"|Input[ \t]In[ \t]?\[[^\]\n]{1,20}\](?:,[ \t]in[ \t](?P<between>[^\n(]*))?"
)
# Most lines are no frame: to match each takes twice as long.
_BEGINNINGS = ("Cell", "In", "<ipython-input-")
# As some versions before IPython 8 do, which name the cell's file, a number.
_FILE_FRAME = re.compile(
    r"[^\s\n]{0,200}[/\\]\d{4,20}\.py[ \t]in[ \t](?P<now>[^\n(]*)(?P<before>)(?P<between>)"
)
_TOP = re.compile(r"<module>|<cell line: \d+>")
_COMPREHENSION = re.compile(r"<(?:list|dict|set)comp>|<genexpr>")


def fold(name: str, value: str, traceback: str) -> str:
    """Give the key of an error: its type, its folded message and its innermost frame, a line each.

    Args:
        name: the type of the error, as `KeyError`.
        value: the message.
        traceback: as Python or IPython writes it; colours do not matter.
    """
    kind = one_line(name)[:MAX_TYPE]
    return f"{kind}\n{fold_message(value, kind)}\n{innermost_frame(traceback)}"


def type_of(name: str | None, key: str | None) -> str | None:
    """Give what stands for the type of an error, where two errors are compared.

    R's errors are all of one type, and are told apart by what they say: by the message in the key.

    Args:
        name: the type of the error; None: it has none.
        key: of `fold`.
    """
    return key.rpartition("\n")[0] if name == R_TYPE and key else name


def innermost_frame(traceback: str) -> str:
    """Give the function of the innermost frame in a notebook's cell; empty at a cell's top."""
    text = without_colours(traceback[-_MAX_TRACEBACK:])
    if len(text) >= _LONG_TRACEBACK:
        text = text[: text.rfind("\n") + 1]
    lines = text.split("\n")[::-1]
    starts = [start for line in lines if (start := line.lstrip(" \t")).startswith(_BEGINNINGS)]
    frames: Iterable[re.Match[str] | None] = map(_CELL_FRAME.match, starts)
    if ".py in " in text:
        frames = chain(map(_FILE_FRAME.match, lines), frames)
    for found in filter(None, frames):
        function = (found["now"] or found["before"] or found["between"] or "").strip()
        if _TOP.fullmatch(function):
            return ""
        # A method has its class before it in some versions only.
        own = function[-MAX_TYPE:].rpartition(".")[2]
        if not _COMPREHENSION.fullmatch(own):
            return own
    return ""
