"""The header of a Markdown file or a script: where it stands, and how its lines are written."""

from __future__ import annotations

import re
from typing import NamedTuple

from .errors import NotebookError
from .flag import FLAG
from .jupytextfilter import BARE
from .yamltext import YamlText, YamlTextError

# Longer headers are nobody's.
_MAX_HEADER = 64 * 1024

ODD = "has a header that is not as Jupytext writes it: open it as a notebook, save it, try again"

_RULE = re.compile(r"---\s*")
_ENCODING = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
_SECTION = re.compile(r"jupyter\s*:\s*")


class Parts(NamedTuple):
    """A file's text in three parts, of which the one in the middle is what we change.

    Attributes:
        before: what stands above the metadata.
        metadata: YAML without the file's marks of a comment; None: there is none.
        after: what stands below.
        has_rules: whether there is a header, in which metadata could stand.
    """

    before: str
    metadata: str | None
    after: str
    has_rules: bool


class TextHeader(NamedTuple):
    """How the header of one file is written.

    Attributes:
        prefix: stands before each line of the header: the language's mark of a comment.
        newline: ends each line.
        is_myst: whether the notebook's metadata may stand beside those of the page.
    """

    prefix: str
    newline: str
    is_myst: bool

    def split(self, text: str) -> Parts:
        """Find the metadata where Jupytext does.

        Raises:
            NotebookError: a header is there, and not as Jupytext writes it.
        """
        lines = text.splitlines(keepends=True)
        opening, closing = self._rules(lines)
        if closing is None:
            place = opening if self.prefix else 0
            return Parts("".join(lines[:place]), None, "".join(lines[place:]), False)
        begin, end = opening + 1, closing
        header = [self._uncomment(line) for line in lines[begin:end]]
        sections = [place for place, line in enumerate(header) if _SECTION.fullmatch(line)]
        if sections:
            begin += sections[-1]
            end = begin + 1
            while end < closing and header[end - opening - 1][:1] in (" ", "\t", ""):
                end += 1
        elif not self.is_myst or not _is_myst(header):
            return Parts("".join(lines[:end]), None, "".join(lines[end:]), True)
        metadata = "".join(f"{self._uncomment(line)}\n" for line in lines[begin:end])
        written = "".join(lines[begin:end])
        if len(sections) > 1 or self.comment(metadata) != written:
            raise NotebookError(ODD)
        return Parts("".join(lines[:begin]), metadata, "".join(lines[end:]), True)

    def _rules(self, lines: list[str]) -> tuple[int, int | None]:
        """Give the places of the two lines around the header, or where it would begin and None."""
        place = 0
        if self.prefix:
            place += bool(lines) and lines[0].startswith("#!")
            coding = _ENCODING.match(lines[place]) if place < len(lines) else None
            place += coding is not None
        else:
            # A header may be hidden from who reads the text.
            is_hidden = bool(lines) and lines[0].strip() == "<!--"
            blank = place + is_hidden
            while blank < len(lines) and not lines[blank].strip():
                blank += 1
            place = blank if blank < len(lines) and _RULE.fullmatch(lines[blank]) else 0
        is_rule = [
            line.startswith(self.prefix) and bool(_RULE.fullmatch(self._uncomment(line)))
            for line in lines
        ]
        if place >= len(lines) or not is_rule[place]:
            return place, None
        size = 0
        for closing in range(place + 1, len(lines)):
            size += len(lines[closing])
            if not lines[closing].startswith(self.prefix) or size > _MAX_HEADER:
                break
            if is_rule[closing]:
                return place, closing
        return place, None

    def with_metadata(self, parts: Parts) -> Parts:
        """Make room for metadata, which as Jupytext writes it are no more than ours.

        Raises:
            NotebookError: what stands there would become another text.
        """
        lines = ["jupytext:", *(f"  {name}: {value}" for name, value in BARE.items())]
        if not self.is_myst:
            lines = ["jupyter:", *(f"  {line}" for line in lines)]
        metadata = "".join(f"{line}\n" for line in lines)
        if parts.has_rules:
            self._require_room(parts.before)
            return parts._replace(metadata=metadata)
        rule = self.comment("---\n")
        # Jupytext reads an empty line below a header as the header's own.
        gap = self.newline if parts.after.strip() else ""
        return Parts(parts.before + rule, metadata, rule + gap + parts.after, True)

    def _require_room(self, text: str) -> None:
        """Refuse to make what is no header, but text between two rules, into a notebook's."""
        lines = text.splitlines(keepends=True)
        opening, _ = self._rules([*lines, self.comment("---\n")])
        header = "".join(f"{self._uncomment(line)}\n" for line in lines[opening + 1 :])
        try:
            known = YamlText(header).document if header.strip() else {}
        except YamlTextError as error:
            raise NotebookError(f"cannot be changed: its header {error}") from error
        if "jupyter" in known:
            raise NotebookError(ODD)

    def _uncomment(self, line: str) -> str:
        line = line.rstrip("\r\n")
        if not self.prefix:
            return line
        return line.removeprefix(self.prefix).removeprefix(" ")

    def comment(self, text: str) -> str:
        """Give lines of YAML as they stand in the file."""
        lead = f"{self.prefix} " if self.prefix else ""
        return "".join(
            f"{f'{lead}{line}' if line else self.prefix}{self.newline}"
            for line in text.splitlines()
        )


def _is_myst(header: list[str]) -> bool:
    """Tell whether a header has a notebook's metadata beside those of the page, as MyST has."""
    try:
        document = YamlText("".join(f"{line}\n" for line in header)).document
    except YamlTextError:
        return False
    return any(isinstance(document.get(key), dict) for key in ("jupytext", "kernelspec", FLAG))
