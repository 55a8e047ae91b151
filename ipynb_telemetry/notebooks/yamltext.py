"""YAML text, changed in place: the rest keeps its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml


class YamlTextError(ValueError):
    """YAML that cannot be read or changed, and why, in words that follow "its header"."""


class _Loader(yaml.SafeLoader):
    """Reads no alias: a few lines of them may stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise YamlTextError("has an alias, which is not followed")
        return super().compose_node(parent, index)


class YamlText:
    """A YAML mapping as text, `text`, which every change keeps valid."""

    def __init__(self, text: str) -> None:
        """Begin with a text, whose lines end in line feeds.

        Raises:
            YamlTextError: the text is no mapping, or has aliases.
        """
        self.text = text
        self.document = _load(text)

    def set(self, path: Sequence[str], value: Any) -> None:
        """Give a member a value; members on the way are made where there are none.

        A new key goes where it belongs between sorted keys, else to the end.

        Raises:
            YamlTextError: the text cannot be changed without changing something else.
        """
        wanted = _load(self.text)
        place = wanted
        for key in path[:-1]:
            if not isinstance(place.get(key), dict):
                place[key] = {}
            place = place[key]
        place[path[-1]] = value
        text = self._changed(list(path), value)
        try:
            # The new text must say what was meant, and nothing else.
            is_meant = yaml.safe_dump(_load(text)) == yaml.safe_dump(wanted)
        except YamlTextError:
            is_meant = False
        if not is_meant:
            raise YamlTextError("cannot be changed without touching what is not ours")
        self.text, self.document = text, wanted

    def _changed(self, path: list[str], value: Any) -> str:
        mapping = yaml.compose(self.text, Loader=_Loader)
        while isinstance(mapping, yaml.MappingNode):
            key = path.pop(0)
            found = [pair for pair in mapping.value if pair[0].value == key]
            if found and path and isinstance(found[-1][1], yaml.MappingNode):
                mapping = found[-1][1]
                continue
            for step in reversed(path):
                value = {step: value}
            if found:
                start, end = found[-1][0].start_mark.index, _end(found[-1][1])
                return self._splice(start, end, self._write(mapping, key, value))
            return self._insert(mapping, key, value)
        raise YamlTextError("is no mapping")

    def _insert(self, mapping: yaml.MappingNode, key: str, value: Any) -> str:
        new = self._write(mapping, key, value)
        if not mapping.value:
            start = mapping.start_mark.index + 1
            return self._splice(start, start, new)
        keys = [pair[0].value for pair in mapping.value]
        index = sum(other < key for other in keys) if keys == sorted(keys) else len(keys)
        if mapping.flow_style:
            end = mapping.value[-1][1].end_mark.index
            return self._splice(end, end, f", {new}")
        lead = "\n" + " " * mapping.start_mark.column
        if index < len(keys):
            start = mapping.value[index][0].start_mark.index
            return self._splice(start, start, f"{new}{lead}")
        # Below a comment in the last line.
        end = self.text.find("\n", _end(mapping))
        end = len(self.text) if end < 0 else end
        return self._splice(end, end, f"{lead}{new}")

    def _write(self, mapping: yaml.MappingNode, key: str, value: Any) -> str:
        """Write a member as it stands in a mapping."""
        is_flow = bool(mapping.flow_style)
        lines = yaml.safe_dump(
            {key: value},
            default_flow_style=is_flow,
            allow_unicode=True,
            sort_keys=False,
            width=float("inf"),
        ).splitlines()
        if is_flow:
            return lines[0][1:-1]
        return ("\n" + " " * mapping.start_mark.column).join(lines)

    def _splice(self, start: int, end: int, new: str) -> str:
        return self.text[:start] + new + self.text[end:]


def _load(text: str) -> dict[Any, Any]:
    try:
        document = yaml.load(text, Loader=_Loader)
    except YamlTextError:
        raise
    except Exception as error:  # PyYAML raises any kind, as KeyError for `!!bool perhaps`
        problem = getattr(error, "problem", None) or type(error).__name__
        raise YamlTextError(f"is not YAML: {problem}") from error
    if not isinstance(document, dict):
        raise YamlTextError("is no mapping")
    return document


def _end(node: yaml.Node) -> int:
    """Tell where a node ends; a block collection's own mark is behind the comments after it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    text, end = node.end_mark.buffer, node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">") and text:
        return len(text[:end].rstrip("\n\0"))
    return int(end)
