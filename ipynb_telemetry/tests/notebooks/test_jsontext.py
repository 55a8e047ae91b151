"""JSON text changed in place: what comes out is what was meant, in the style that was there."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from ipynb_telemetry.notebooks.jsontext import JsonText

DOCUMENT = {"cells": [{"a": 1}, {"b": [1, 2]}], "metadata": {"kernel": "ü", "z": {}}, "n": 4}
STYLES: dict[str, dict[str, Any]] = {
    "nbformat": {"indent": 1},
    "two": {"indent": 2},
    "tabs": {"indent": "\t"},
    "line": {},
    "compact": {"separators": (",", ":")},
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("style", STYLES)
def test_what_is_added_looks_as_if_it_had_always_been_there(style: str, newline: str) -> None:
    def dump(document: Any) -> str:
        text = json.dumps(document, ensure_ascii=False, **STYLES[style])
        return text.replace("\n", newline) + newline

    text = JsonText(dump(DOCUMENT))
    text.set(["metadata", "flag"], {"enabled": True, "id": "é"})
    text.set(["metadata", "z", "deep"], [1, {"x": None}])
    text.set(["n"], {"now": "an object"})
    text.insert(["cells"], 1, {"new": {}})
    text.insert(["cells"], 3, {"last": [1]})
    assert text.text == dump(
        {
            "cells": [{"a": 1}, {"new": {}}, {"b": [1, 2]}, {"last": [1]}],
            "metadata": {
                "flag": {"enabled": True, "id": "é"},
                "kernel": "ü",
                "z": {"deep": [1, {"x": None}]},
            },
            "n": {"now": "an object"},
        }
    )
    for path in (["cells", 1], ["cells", 2], ["metadata", "flag"], ["metadata", "z", "deep"]):
        text.remove(path)
    text.set(["n"], 4)
    assert text.text == dump(DOCUMENT)


def test_a_key_goes_where_it_belongs_only_among_sorted_ones() -> None:
    text = JsonText('{"b": 1, "a": 2}')
    text.set(["aa"], 3)
    assert text.text == '{"b": 1, "a": 2, "aa": 3}'


def test_odd_spacing_is_left_alone() -> None:
    text = JsonText('  {\n"a" :[ 1 ,2 ] ,\n\n   "m":  { } }\t\n')
    text.set(["m", "x"], 1)
    text.insert(["a"], 2, 3)
    assert json.loads(text.text) == {"a": [1, 2, 3], "m": {"x": 1}}
    assert text.text.startswith('  {\n"a" :[ 1 ,2 ,3 ] ,\n\n   "m":  {')
    assert text.text.endswith("} }\t\n")


def test_escapes_are_written_where_the_text_has_them() -> None:
    text = JsonText('{"name": "\\u00fcber"}')
    text.set(["id"], "é")
    assert text.text == '{"id": "\\u00e9", "name": "\\u00fcber"}'
    text = JsonText('{"name": "\\u001b[0m"}')
    text.set(["id"], "é")
    assert text.text == '{"id": "é", "name": "\\u001b[0m"}'


def test_of_equal_keys_the_last_one_counts() -> None:
    text = JsonText('{"a": 1, "a": 2}')
    text.set(["a"], 3)
    assert text.text == '{"a": 1, "a": 3}'


def test_any_change_of_any_document_is_what_python_would_do() -> None:
    chance = random.Random(1)

    def anything(depth: int) -> Any:
        kind = chance.randrange(6 if depth else 3)
        if kind == 0:
            return chance.choice([None, True, -1.5e-7, 10**20, float("inf")])
        if kind < 3:
            return "".join(chance.choices('a"\\{}[],: \n\u2028é\U0001f600', k=4))
        if kind < 5:
            return {str(chance.randrange(9)): anything(depth - 1) for _ in range(3)}
        return [anything(depth - 1) for _ in range(chance.randrange(4))]

    for _ in range(500):
        document: Any = {
            "o": {"p": anything(2)},
            "l": [anything(2) for _ in range(chance.randrange(3))],
        }
        style = STYLES[chance.choice(list(STYLES))]
        text = JsonText(json.dumps(document, ensure_ascii=chance.random() < 0.5, **style))
        value = anything(2)
        kind = chance.randrange(4)
        if kind == 0:
            key = chance.choice(["o", "l", "a", "z"])
            document[key] = value
            text.set([key], value)
        elif kind == 1:
            document["o"]["q"] = value
            text.set(["o", "q"], value)
        elif kind == 2:
            index = chance.randrange(len(document["l"]) + 1)
            document["l"].insert(index, value)
            text.insert(["l"], index, value)
        elif document["l"]:
            index = chance.randrange(len(document["l"]))
            del document["l"][index]
            text.remove(["l", index])
        assert json.loads(text.text) == document
