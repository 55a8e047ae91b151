# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Secrets that their marks give away; as in src/events/markedsecrets.ts, which says why."""

from __future__ import annotations

import re
import string
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from .randomness import _distinct, _is_random, _is_very_random
from .secretmarks import _ALPHABETS, _MARKS

_FORM = re.compile(r"(.)(\d+)(?:-(\d+))?(!?)(?:\.(\d))?(#?)(?:<(.)(\d+)(?:-(\d+))?)?")
_ALNUM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKED = 36  # characters, of which the last six are a checksum
_BEHIND = 64  # characters before a run in which the run's mark may begin
_RUN = (string.ascii_letters + string.digits + "_-").encode()
_LEAST_RUN = 16
# The alphabets of secrets that have their mark within them, and the shortest such secret.
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
_IS_RUN = bytes(120 if each in _RUN else 32 for each in range(256))
_IS_LONG_RUN = bytes(120 if each in _LONG_RUN else 32 for each in range(256))
_ESCAPED = re.compile(r"\\[nrt]|%[0-9A-F]{2}")


class _Mark:
    """What a mark tells of the secret that has it."""

    def __init__(self, mark: str, form: re.Match[str]) -> None:
        of, least, greatest, weak, dots, checksum, before, least_before, greatest_before = (
            form.groups()
        )
        self.mark = mark
        self.of = of  # the alphabet of what follows
        self.least = int(least)
        self.greatest = int(greatest or least)
        self.is_weak = bool(weak)  # words follow the mark as well
        self.dots = dots and int(dots)
        self.has_checksum = bool(checksum)
        self.before = before  # the alphabet of what stands before the mark, if anything does
        self.least_before = int(least_before or 0)
        self.greatest_before = int(greatest_before or least_before or 0)


class _MarkTable:
    """All marks, read when the first text is cleaned."""

    def __init__(self) -> None:
        self.first: dict[str, list[_Mark]] = {}  # by the first two characters
        self.within: list[_Mark] = []
        for line in _MARKS.split("\n"):
            form, *marks = line.split(" ")
            read = _FORM.fullmatch(form)
            for mark in marks if read else ():
                each = _Mark(mark, read)  # type: ignore[arg-type]
                if each.before:
                    self.within.append(each)
                else:
                    self.first.setdefault(mark[:2], []).append(each)
        signs = {line[0]: line[1:] for line in _ALPHABETS.split("\n")}
        self.stretch = {of: re.compile(f"[{inside}]*") for of, inside in signs.items()}
        self.sign = {of: re.compile(f"[{inside}]") for of, inside in signs.items()}
        # Python looks for the first characters of such a choice faster than for anything else.
        firsts = sorted({pair[0] for pair in self.first})
        self.begins = re.compile("|".join(self._behind_first(first, signs) for first in firsts))

    def _behind_first(self, first: str, signs: dict[str, str]) -> str:
        """A pattern for the marks that begin with a character, and the beginning of the secret."""
        seconds = []
        for pair, marks in self.first.items():
            if pair[0] == first:
                rests = [
                    f"{re.escape(each.mark[2:])}{_behind_mark(each, signs[each.of])}"
                    for each in marks
                ]
                seconds.append(f"{re.escape(pair[1])}(?:{'|'.join(rests)})")
        begin = re.escape(first)
        if first in _ALNUM:  # not within a word, unless what is before is an escaped character
            begin += f"(?:(?<![A-Za-z0-9]{first})|(?<=\\\\[nrt]{first})|(?<=%[0-9A-F]{{2}}{first}))"
        return f"{begin}(?:{'|'.join(seconds)})"


def _behind_mark(each: _Mark, signs: str) -> str:
    """A pattern for the beginning of the secret or, where that is short, for all of it."""
    if each.greatest > _LEAST_RUN + 24 or each.has_checksum:
        return f"[{signs}]{{{min(each.least, _LEAST_RUN)}}}"
    return f"[{signs}]{{{each.least},{each.greatest}}}(?![{signs}])"


_tables: list[_MarkTable] = []


def _mark_table() -> _MarkTable:
    if not _tables:
        _tables.append(_MarkTable())
    return _tables[0]


def _find_marked(text: str) -> list[tuple[int, int]]:
    """Where secrets begin and end that have a mark; each place is looked at once."""
    table = _mark_table()
    spans: list[tuple[int, int]] = []
    end_of = _stretch_ends(table, text)
    after = 0
    shape = text.encode("ascii", "replace")  # as many bytes as there are characters
    for first, stop in _find_runs(shape.translate(_IS_RUN), _LEAST_RUN):
        first = max(first, after)
        if stop - first < _LEAST_RUN:
            continue
        at = max(after, first - _BEHIND)
        begin = table.begins.search(text, at, stop + _BEHIND)
        while begin and begin.start() < stop:
            start = begin.start()
            end = _marked_end(table, text, start, end_of)
            if end:
                spans.append((start, end))
            at = max(start + 1, end)
            begin = table.begins.search(text, at, stop + _BEHIND) if at < stop else None
        at = max(at, stop)
        if at <= stop and _is_like_marked(text, first, text[first:stop]):
            spans.append((first, stop))
        after = at
    for first, stop in _find_runs(shape.translate(_IS_LONG_RUN), _LEAST_LONG_RUN):
        for each in table.within:
            spans += _find_within(table, text, each, end_of, first, stop)
    return spans


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
    return max(
        _end_behind(text, at, each, end_of) if text.startswith(each.mark, at) else 0
        for each in table.first[text[at : at + 2]]
    )


def _is_like_marked(text: str, at: int, word: str) -> bool:
    """Whether a word looks like a mark of somebody's, and chance behind the mark."""
    match = _LIKE_MARKED.fullmatch(word)
    return (
        match is not None
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
    table: _MarkTable,
    text: str,
    each: _Mark,
    end_of: Callable[[str, int], int],
    first: int,
    stop: int,
) -> Iterator[tuple[int, int]]:
    """The secrets in a part of the text that have a mark within them, or at their end."""
    sign: Any = table.sign[each.before]
    last = last_start = first
    at = text.find(each.mark, first, stop)
    while at >= 0:
        start = at
        while start > last and sign.match(text, start - 1):
            start -= 1
        start = last_start if start == last else start
        is_one = each.least_before <= at - start <= each.greatest_before
        end = _end_behind(text, at, each, end_of) if is_one else 0
        if end:
            yield start, end
        last = at
        last_start = start
        at = text.find(each.mark, at + len(each.mark), stop)


def _is_checked(whole: str) -> bool:
    """Whether the last six of 36 characters are the CRC-32 of those before, in base 62."""
    rest = zlib.crc32(whole[:-6].encode("utf-8", "replace"))
    digits = ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = _BASE_62[digit] + digits
    return whole.endswith(digits)
