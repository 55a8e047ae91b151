"""The headings and folded-away blocks of a markdown cell, as a reader sees their text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

_MAX_TEXT = 200
# No more of a heading's markup is read: rules for emphasis take their time with thousands of marks.
_MAX_MARKUP = 500
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*$")
_SETEXT = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_BLOCK = re.compile(r"^ {0,3}(?:[>*+-]|\d+[.)]|#|\|| {4}|\t)")
_SUMMARY = re.compile(r"<summary\b[^<>]*>", re.IGNORECASE)
_SUMMARY_END = re.compile(r"</summary\b", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_TAG = re.compile(r"</?[A-Za-z][^>]*>|<!--.*?-->", re.DOTALL)
_STRONG = re.compile(r"(\*{1,3}|`+|~~|(?<!\w)_{1,3}(?=\S))(.+?)\1")


class Heading(NamedTuple):
    """A heading.

    Attributes:
        level: 1 to 6.
        text: without its markup, at most 200 characters.
    """

    level: int
    text: str


class Summary(NamedTuple):
    """The name of a block that is folded away, such as a solution.

    Attributes:
        text: of its `<summary>`, without its markup, at most 200 characters.
    """

    text: str


def read_markdown(source: str) -> list[Heading | Summary]:
    """Give the headings and summaries of a markdown cell in their order.

    Code blocks are left out: a `#` there is a comment.
    """
    text = "\n".join(_outside_fences(source))
    found: list[tuple[int, Heading | Summary]] = list(_summaries(text))
    place, before = 0, ""
    for line in text.split("\n"):
        if (atx := _ATX.match(line)) is not None:
            if words := _plain(atx[2] or ""):
                found.append((place, Heading(len(atx[1]), words)))
        elif (under := _SETEXT.match(line)) and before.strip() and not _BLOCK.match(before):
            level = 1 if under[1][0] == "=" else 2
            found.append((place, Heading(level, _plain(before))))
        before = line
        place += len(line) + 1
    return [item for _, item in sorted(found, key=lambda pair: pair[0]) if item.text]


def _summaries(text: str) -> Iterator[tuple[int, Summary]]:
    """Give the summaries with their places."""
    begin = _SUMMARY.search(text)
    while begin is not None:
        end = _SUMMARY_END.search(text, begin.end())
        if end is None:
            return
        yield begin.start(), Summary(_plain(text[begin.end() : end.start()]))
        begin = _SUMMARY.search(text, end.end())


def _outside_fences(source: str) -> Iterator[str]:
    """Give the lines of a text, those of code blocks emptied."""
    fence = ""
    for line in source.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            yield ""
        elif mark:
            fence = mark[1]
            yield ""
        else:
            yield line


def _plain(markup: str) -> str:
    """Give the text of a line without links, tags, emphasis and entities."""
    text = _TAG.sub("", _LINK.sub(r"\1", markup[:_MAX_MARKUP]))
    for _ in range(3):  # emphasis within emphasis
        text = _STRONG.sub(r"\2", text)
    return " ".join(html.unescape(text).split())[:_MAX_TEXT]
