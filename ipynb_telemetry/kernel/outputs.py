# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Text that a cell shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from .shared import _MAX_LABEL
from .text import _MAX_TEXT, _clean, _cut, _fit


def _overwritten(text: str, at: int, added: str) -> tuple[str, int]:
    """Write `added` at a place in `text`, as JupyterLab's OutputAreaModel does; gives both anew.

    A carriage return goes to the beginning of the line, a backspace takes a character away.
    """
    if at == len(text) and not re.search("[\b\r]", added):
        return text + added, at + len(added)
    shown = list(text)
    line = text.rfind("\n") + 1
    for piece in re.split("([\b\r\n])", added):
        if piece == "\r":
            at = line
        elif piece == "\n":
            shown.append(piece)
            at = line = len(shown)
        elif piece == "\b":
            if at > line:
                del shown[at - 1 : at + 1]
                at -= 1
        else:
            shown[at : at + len(piece)] = piece
            at += len(piece)
    return "".join(shown), at


class _Piece:
    """The beginning of a display, an error or a stretch of one stream; `end` follows the text."""

    def __init__(self, text: str, stream: str = "", end: str = "", display_id: Any = None) -> None:
        self.stream = stream
        self.at = 0  # where the stream goes on
        self.end = end
        self.display_id = display_id
        self.take(text)

    def take(self, text: str, is_all: bool = True) -> None:
        """Keep the beginning of `text`, which is the whole piece or, unless `is_all`, begins it."""
        self.text = text[: 2 * _MAX_TEXT]
        self.is_cut = len(text) > 2 * _MAX_TEXT or not is_all


class _Outputs:
    """The beginning of what one cell shows. Pictures, HTML and the like are named by type only."""

    def __init__(self) -> None:
        self._pieces: list[_Piece] = []
        self._is_to_be_cleared = False
        self._is_cut = False

    def add(self, kind: str, content: Mapping[str, Any]) -> None:
        """Take a message of the kernel, which shows something or clears what was shown."""
        if kind == "clear_output" and content.get("wait"):
            self._is_to_be_cleared = True
            return
        if self._is_to_be_cleared or kind == "clear_output":
            self._clear()
        if kind == "stream":
            self._add_stream(content["name"], content["text"])
        elif kind == "error":
            lines = "\n".join(content.get("traceback") or [])
            piece = _Piece(lines or f"{content.get('ename')}: {content.get('evalue')}")
            self._put(piece, is_error=True)
        elif "data" in content:
            self._add_display(content, is_update=kind == "update_display_data")

    def _clear(self) -> None:
        self._pieces = []
        self._is_to_be_cleared = False
        self._is_cut = False

    def _add_display(self, content: Mapping[str, Any], is_update: bool) -> None:
        text = content["data"].get("text/plain", "")
        names = [name for name in content["data"] if name != "text/plain"]
        end = "".join(f"[{_clean(name)[:_MAX_LABEL]}]" for name in names) + "\n"
        display_id = (content.get("transient") or {}).get("display_id")
        piece = _Piece(text if isinstance(text, str) else "", end=end, display_id=display_id)
        for shown in self._pieces:
            if display_id and shown.display_id == display_id:
                shown.text = piece.text
                shown.is_cut = piece.is_cut
                shown.end = end
        if not is_update:
            self._put(piece)

    def _add_stream(self, name: str, text: str) -> None:
        if not (self._pieces and self._pieces[-1].stream == name):
            self._put(_Piece("", stream=name))
        last = self._pieces[-1]
        if self._is_cut or last.is_cut:
            return
        # A progress bar comes in many pieces; no more text than this is gone through.
        beginning = text[: 10 * _MAX_TEXT]
        whole, last.at = _overwritten(last.text, last.at, beginning)
        last.take(whole, is_all=len(text) == len(beginning))

    def _put(self, piece: _Piece, is_error: bool = False) -> None:
        """Keep a piece that is one of the first thousand, or the error behind them."""
        self._is_cut = self._is_cut or len(self._pieces) >= 1_000
        if not self._is_cut:
            self._pieces.append(piece)
        elif is_error:
            self._pieces[1_000:] = [piece]

    def read(self) -> tuple[str, bool]:
        """The text, and whether anything was cut off."""
        text = ""
        is_cut = self._is_cut
        for piece in self._pieces:
            kept, is_piece_cut = _cut(piece.text, _MAX_TEXT - len(text))
            text += kept + piece.end
            if is_piece_cut or piece.is_cut or len(text) > _MAX_TEXT:
                is_cut = True
                break
        kept = _fit(text[:_MAX_TEXT])
        return kept, is_cut or len(kept) < len(text)


class _Tee:
    """A stream of a terminal, whose text is taken down on its way."""

    def __init__(self, stream: Any, name: str, outputs: _Outputs) -> None:
        self._stream = stream
        self._name = name
        self._outputs = outputs

    def write(self, text: str) -> Any:
        written = self._stream.write(text)
        with suppress(Exception):
            self._outputs.add("stream", {"name": self._name, "text": text})
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
