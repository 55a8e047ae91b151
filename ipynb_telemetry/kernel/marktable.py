# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The table of the marks of secrets, made ready for the search; as in src/events/marktable.ts."""

from __future__ import annotations

import re

from .secretmarks import _ALPHABETS, _MARKS

_FORM = re.compile(r"(.)(\d+)(?:-(\d+))?(!?)(?:\.(\d))?(#?)(?:<(.)(\d+)(?:-(\d+))?)?")
_ALNUM = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_LEAST_RUN = 16  # characters of this kind together are in each secret with a mark


class _Mark:
    """A mark of a secret, and what the mark tells of the characters behind it."""

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
        self.signs = {
            of: "".join(re.findall(f"[{inside}]", "".join(map(chr, range(128)))))
            for of, inside in signs.items()
        }
        # A mark within a secret, where enough stands before it and behind it.
        self.amid = {
            each.mark: re.compile(
                f"{re.escape(each.mark)}(?<=[{signs[each.before]}]{{{each.least_before}}}"
                f"{re.escape(each.mark)})(?=[{signs[each.of]}]{{{each.least}}})"
            )
            for each in self.within
            if each.before
        }
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
