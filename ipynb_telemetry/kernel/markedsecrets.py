# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Secrets that their marks give away; as in src/events/markedsecrets.ts, which says why."""

from __future__ import annotations

import itertools
import re
import string
import zlib
from collections.abc import Callable, Iterator

from .extent import _Extent
from .marktable import _ALNUM, _LEAST_RUN, _Mark, _mark_table, _MarkTable
from .randomness import _distinct, _is_random, _is_very_random

_BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKED = 36  # characters, of which the last six are a checksum
_BEHIND = 64  # characters before a run in which the run's mark may begin
_RUN = (string.ascii_letters + string.digits + "_-").encode()
# Secrets that have their mark within them are of these characters, and so many long or longer.
_LONG_RUN = _RUN + b"+/=.~:"
_LEAST_LONG_RUN = 36
_LIKE_MARKED = re.compile(
    r"[a-z][a-z0-9]{1,11}[_-](?:[a-z0-9]{1,10}[_-]){0,3}([A-Za-z0-9]{20,128})"
)
_ID = re.compile(
    r"(?:toolu|msg|chatcmpl|cmpl|call|run|step|asst|thread|resp|req|file|batch|gen|evt|event|img"
    r"|image|fig|cell|node|id|sha[0-9]*|job|task|build|user|org|proj|cus|sub|price|prod|in|ch|pi"
    r"|vs|ft)[_-]"
)
# A run of these alone is a name.
_SMALL = (string.ascii_lowercase + "_-").encode()
_IS_RUN = bytes(120 if each in _RUN else 32 for each in range(256))
_IS_LONG_RUN = bytes(120 if each in _LONG_RUN else 32 for each in range(256))
_ESCAPED = re.compile(r"\\[nrt]|%[0-9A-F]{2}")


def _find_marked(text: str, extent: _Extent) -> list[tuple[int, int]]:
    """Where secrets begin and end that have a mark; each place is looked at once."""
    table = _mark_table()
    spans: list[tuple[int, int]] = []
    end_of = _stretch_ends(table, text)
    after = 0
    shape = text.encode("ascii", "replace")  # as many bytes as there are characters
    runs = _find_runs(shape.translate(_IS_RUN), _LEAST_RUN)
    near = itertools.takewhile(lambda run: run[0] < extent.end, runs)
    for window in _windows(run for run in near if shape[slice(*run)].translate(None, _SMALL)):
        last = window[-1][1] + _BEHIND
        begin = table.begins.search(text, max(after, window[0][0] - _BEHIND), last)
        for first, stop in window:
            first = max(first, after)
            if stop - first < _LEAST_RUN:
                continue
            at = first
            while begin and begin.start() < stop and extent.has(begin.start()):
                start = begin.start()
                end = _marked_end(table, text, start, end_of)
                if end:
                    spans.append((start, end))
                at = max(start + 1, end)
                begin = table.begins.search(text, at, last)
            at = max(at, stop)
            if at <= stop and _is_like_marked(text, first, text[first:stop], extent):
                spans.append((first, stop))
            if stop > extent.end:
                return spans
            after = at
    if b"x" * _LEAST_LONG_RUN in shape.translate(_IS_LONG_RUN):
        for each in table.within:
            spans += _find_within(table, text, each, end_of, extent)
    return spans


def _windows(runs: Iterator[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Runs that are so near to each other that they are searched together."""
    window: list[tuple[int, int]] = []
    for run in runs:
        if window and run[0] - _BEHIND > window[-1][1]:
            yield window
            window = []
        window.append(run)
    if window:
        yield window


def _find_runs(shape: bytes, least: int) -> Iterator[tuple[int, int]]:
    """Where stretches of so many `x` or more begin and end."""
    wanted = b"x" * least
    at = shape.find(wanted)
    while at >= 0:
        end = shape.find(b" ", at)
        end = len(shape) if end < 0 else end
        yield at, end
        at = shape.find(wanted, end)


def _stretch_ends(table: _MarkTable, text: str) -> Callable[[str, int], int]:
    """A function that says where what an alphabet spells ends, found once for places within."""
    known: dict[str, tuple[int, int]] = {}

    def end_of(of: str, at: int) -> int:
        start, end = known.get(of, (0, -1))
        if not start <= at <= end:
            match = table.stretch[of].match(text, at)
            end = match.end() if match else at
            known[of] = (at, end)
        return end

    return end_of


def _marked_end(table: _MarkTable, text: str, at: int, end_of: Callable[[str, int], int]) -> int:
    """Where the secret ends whose mark begins at a place; 0: there is none."""
    if text[at] in _ALNUM and text[at - 1 : at] and text[at - 1] in _ALNUM:
        before = text[max(0, at - 3) : at]
        if not (_ESCAPED.fullmatch(before) or _ESCAPED.fullmatch(before[1:])):
            return 0
    ends = [
        _end_behind(text, at, each, end_of)
        for each in table.first[text[at : at + 2]]
        if text.startswith(each.mark, at)
    ]
    return max(ends, default=0)


def _is_like_marked(text: str, at: int, word: str, extent: _Extent) -> bool:
    """Whether a word looks like a mark of somebody's, and chance behind the mark."""
    match = _LIKE_MARKED.fullmatch(word)
    return (
        match is not None
        and extent.has(at)
        and _is_very_random(match[1])
        and not _ID.match(word)
        and (at == 0 or text[at - 1] not in "+/.%=")
        and text[at + len(word) : at + len(word) + 1] not in ("+", "/", "=")
    )


def _end_behind(text: str, mark_at: int, each: _Mark, end_of: Callable[[str, int], int]) -> int:
    """Where what follows a mark ends, if the mark's secret does; else 0."""
    at = mark_at + len(each.mark)
    end = end_of(each.of, at)
    if end - at > each.greatest:
        # A checksum that is right says where the secret ends, whatever follows.
        whole = text[at : at + _CHECKED]
        return at + _CHECKED if each.has_checksum and _is_checked(whole) else 0
    while end - at > each.least and text[end - 1] in ".-/":
        end -= 1
    if end - at < each.least or (end < len(text) and (text[end] in _ALNUM or text[end] == "_")):
        return 0
    body = text[at:end]
    is_one = (
        (each.greatest < 8 or _distinct(body) >= 6)
        and (not each.is_weak or _is_random(body))
        and (each.dots is None or body.count(".") == each.dots)
    )
    return end if is_one else 0


def _find_within(
    table: _MarkTable, text: str, each: _Mark, end_of: Callable[[str, int], int], extent: _Extent
) -> Iterator[tuple[int, int]]:
    """The secrets that have a mark within them, or at their end."""
    for match in table.amid[each.mark].finditer(text):
        at = match.start()
        if not extent.has(at):
            return
        before = text[max(0, at - each.greatest_before - 1) : at]
        length = len(before) - len(before.rstrip(table.signs[each.before or ""]))
        end = _end_behind(text, at, each, end_of) if length <= each.greatest_before else 0
        if end:
            yield at - length, end


def _is_checked(whole: str) -> bool:
    """Whether the last six of 36 characters are the CRC-32 of those before, in base 62."""
    rest = zlib.crc32(whole[:-6].encode("utf-8", "replace"))
    digits = ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = _BASE_62[digit] + digits
    return whole.endswith(digits)
