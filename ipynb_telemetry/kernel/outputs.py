# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""What a cell shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from .shared import _MAX_LABEL
from .text import _MAX_TEXT, _clean, _cut, _fit


def _overwritten(text: str, at: int, added: str) -> tuple[str, int]:
    """`added` at that place in `text`, as JupyterLab's OutputAreaModel has it, and the place then.

    A carriage return goes to the beginning of the line, a backspace takes one away.
    """
    if at == len(text) and not re.search("[\b\r]", added):
        return text + added, at + len(added)
    shown, line = list(text), text.rfind("\n") + 1
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


class _Outputs:
    """The beginning of what one cell shows. Pictures, HTML and the like are named by type only."""

    def __init__(self) -> None:
        self.parts: list[dict[str, Any]] = []
        self.is_to_be_cleared = self.is_cut = False

    def add(self, kind: str, content: Mapping[str, Any]) -> None:
        if kind == "clear_output" and content.get("wait"):
            self.is_to_be_cleared = True
            return
        if self.is_to_be_cleared or kind == "clear_output":
            self.parts, self.is_to_be_cleared, self.is_cut = [], False, False
        if kind == "stream":
            self._add_stream(content["name"], content["text"])
        elif kind == "error":
            lines = "\n".join(content.get("traceback") or [])
            lines = lines or f"{content.get('ename')}: {content.get('evalue')}"
            part = {"text": lines[: 2 * _MAX_TEXT], "is_cut": len(lines) > 2 * _MAX_TEXT}
            self._put(part, is_error=True)
        elif "data" in content:
            text = content["data"].get("text/plain", "")
            text = text if isinstance(text, str) else ""
            names = [name for name in content["data"] if name != "text/plain"]
            types = "".join(f"[{_clean(name)[:_MAX_LABEL]}]" for name in names)
            part = {"text": text[: 2 * _MAX_TEXT], "is_cut": len(text) > 2 * _MAX_TEXT}
            part.update(end=types + "\n", id=(content.get("transient") or {}).get("display_id"))
            same = [old for old in self.parts if part["id"] and old.get("id") == part["id"]]
            for old in same:
                old.update(part)
            if kind != "update_display_data":
                self._put(part)

    def _add_stream(self, name: str, text: str) -> None:
        last = self.parts[-1] if self.parts else {}
        if last.get("stream") != name:
            last = {"stream": name, "text": "", "at": 0, "is_cut": False}
            self._put(last)
        if self.is_cut or last["is_cut"]:
            return
        # A progress bar comes in many pieces; no more than this is looked through.
        beginning = text[: 10 * _MAX_TEXT]
        whole, last["at"] = _overwritten(last["text"], last["at"], beginning)
        last["is_cut"] = len(whole) > 2 * _MAX_TEXT or len(text) > len(beginning)
        last["text"] = whole[: 2 * _MAX_TEXT]

    def _put(self, part: dict[str, Any], is_error: bool = False) -> None:
        """Keep it, if it is one of the first thousand or the error behind them."""
        self.is_cut = self.is_cut or len(self.parts) >= 1_000
        if not self.is_cut:
            self.parts.append(part)
        elif is_error:
            self.parts[1_000:] = [part]

    def read(self) -> tuple[str, bool]:
        """The text, and whether anything was cut off."""
        text, is_cut = "", self.is_cut
        for part in self.parts:
            kept, is_part_cut = _cut(part["text"], _MAX_TEXT - len(text))
            text += kept + part.get("end", "")
            if is_part_cut or part["is_cut"] or len(text) > _MAX_TEXT:
                is_cut = True
                break
        kept = _fit(text[:_MAX_TEXT])
        return kept, is_cut or len(kept) < len(text)


class _Tee:
    """A stream of a terminal, whose text is looked at on its way."""

    def __init__(self, stream: Any, name: str, outputs: _Outputs) -> None:
        self._stream, self._name, self._outputs = stream, name, outputs

    def write(self, text: str) -> Any:
        written = self._stream.write(text)
        with suppress(Exception):
            self._outputs.add("stream", {"name": self._name, "text": text})
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
