"""JSON text, changed in place: the rest keeps its bytes, and new parts take on its style."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

Step = str | int

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_ESCAPED = re.compile(r"\\u(?!00[0-7])[0-9a-fA-F]{4}")


class _Item(NamedTuple):
    """A member or element, with the positions of its start, its value and its end."""

    step: Step
    start: int
    key_end: int
    value: int
    end: int


class _Style(NamedTuple):
    """How a container is written.

    Attributes:
        lead: between its opening bracket, or a comma, and what follows.
        tail: before its closing bracket.
        colon: between a key and its value.
        comma: between two items.
    """

    lead: str
    tail: str
    colon: str
    comma: str


class JsonText:
    """A JSON document as text, `text`, which every change keeps valid.

    Members are named by a path of keys and indices. Of equal keys the last one counts, as it does
    for Python's json. The text given must be valid JSON.
    """

    def __init__(self, text: str, unit: str | None = None) -> None:
        """Begin with a text, as `json.loads` accepts it.

        Args:
            text: the document, an object or an array.
            unit: what to indent lines by where the document is empty; None: write a single line.
        """
        self.text = text
        top = _items(text, _skip(text, 0))
        self._unit, self._newline, self._colon = unit, "\n", ": "
        if top:
            lead = text[_skip(text, 0) + 1 : top[0].start]
            self._colon = text[top[0].key_end : top[0].value]
            if "\n" in lead:
                self._newline = "\r\n" if "\r\n" in lead else "\n"
                self._unit = lead.rpartition("\n")[2]
            else:
                self._unit = None
        self._ascii = text.isascii() and _ESCAPED.search(text) is not None

    def set(self, path: Sequence[Step], value: Any) -> None:
        """Give a member of an object a value; a new member goes where its key belongs.

        A key belongs between the others where they are sorted, else at the end.
        """
        items = self._items(path[:-1])
        found = [item for item in items if item.step == path[-1]]
        if found:
            new = self._write(value, self._style(path[:-1], items))
            self._replace(found[-1].value, found[-1].end, new)
            return
        keys = [str(item.step) for item in items]
        index = sum(key < str(path[-1]) for key in keys) if keys == sorted(keys) else len(keys)
        self._insert(path[:-1], items, index, value, str(path[-1]))

    def set_in_each(self, path: Sequence[Step], key: str, values: Sequence[Any]) -> None:
        """Set a member of each object of an array, in one walk; see `set`.

        Args:
            path: of the array.
            key: of the member.
            values: one for each object; None leaves the object as it is.
        """
        parts: list[str] = []
        written = 0
        for item, value in zip(self._items(path), values, strict=True):
            if value is not None:
                element = JsonText(self.text[item.value : item.end], self._unit)
                element.set([key], value)
                parts += self.text[written : item.value], element.text
                written = item.end
        self.text = "".join([*parts, self.text[written:]])

    def insert(self, path: Sequence[Step], index: int, value: Any) -> None:
        """Put an element into the array at `path`, before the element at `index`."""
        self._insert(path, self._items(path), index, value)

    def remove(self, path: Sequence[Step]) -> None:
        """Take a member or element out."""
        items = self._items(path[:-1])
        index = max(index for index, item in enumerate(items) if item.step == path[-1])
        if len(items) == 1:
            start = self._locate(path[:-1])
            self._replace(start + 1, _skip(self.text, items[0].end), "")
        elif index == len(items) - 1:
            self._replace(items[index - 1].end, items[index].end, "")
        else:
            self._replace(items[index].start, items[index + 1].start, "")

    def _items(self, path: Sequence[Step]) -> list[_Item]:
        return _items(self.text, self._locate(path))

    def _locate(self, path: Sequence[Step]) -> int:
        position = _skip(self.text, 0)
        for step in path:
            position = [item for item in _items(self.text, position) if item.step == step][-1].value
        return position

    def _insert(
        self, path: Sequence[Step], items: list[_Item], index: int, value: Any, key: str = ""
    ) -> None:
        style = self._style(path, items)
        new = self._write(value, style)
        if key:
            new = f"{json.dumps(key, ensure_ascii=self._ascii)}{style.colon}{new}"
        if not items:
            start = self._locate(path)
            end = _skip(self.text, start + 1)
            self._replace(start + 1, end, f"{style.lead}{new}{style.tail}")
        elif index < len(items):
            self._replace(items[index].start, items[index].start, f"{new}{style.comma}")
        else:
            self._replace(items[-1].end, items[-1].end, f"{style.comma}{new}")

    def _style(self, path: Sequence[Step], items: list[_Item]) -> _Style:
        """Tell how a container's items are written, or would be if there were any."""
        if not items:
            if self._unit is None:
                return _Style("", "", self._colon, self._compact_comma())
            lead = self._newline + self._unit * (len(path) + 1)
            tail = self._newline + self._unit * len(path)
            return _Style(lead, tail, self._colon, f",{lead}")
        lead = self.text[self._locate(path) + 1 : items[0].start]
        colon = self.text[items[0].key_end : items[0].value] or self._colon
        if len(items) > 1:
            comma = self.text[items[0].end : items[1].start]
        else:
            comma = f",{lead}" if "\n" in lead else self._compact_comma()
        return _Style(lead, "", colon, comma)

    def _compact_comma(self) -> str:
        return ", " if self._colon.endswith(" ") else ","

    def _write(self, value: Any, style: _Style) -> str:
        """Write a value as an item of a container; the value's own lines are indented further."""
        if "\n" not in style.lead or self._unit is None:
            separators = (self._compact_comma(), style.colon)
            return json.dumps(value, ensure_ascii=self._ascii, separators=separators)
        text = json.dumps(
            value, ensure_ascii=self._ascii, indent=self._unit, separators=(",", style.colon)
        )
        # Within a JSON string a line break is escaped: every line break here is between items.
        return text.replace("\n", self._newline + style.lead.rpartition("\n")[2])

    def _replace(self, start: int, end: int, new: str) -> None:
        self.text = f"{self.text[:start]}{new}{self.text[end:]}"


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _items(text: str, start: int) -> list[_Item]:
    """Find the items of the object or array that begins at `start`."""
    is_object = text[start] == "{"
    items: list[_Item] = []
    position = _skip(text, start + 1)
    while text[position] not in "]}":
        step: Step = len(items)
        item_start = key_end = position
        if is_object:
            step, key_end = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, key_end) + 1)  # the colon
        _, end = _DECODER.raw_decode(text, position)
        items.append(_Item(step, item_start, key_end, position, end))
        position = _skip(text, end)
        if text[position] == ",":
            position = _skip(text, position + 1)
    return items
