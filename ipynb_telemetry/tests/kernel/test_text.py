# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Texts of a kernel, cut and made fit for a message, without a kernel."""

from __future__ import annotations

import json

import pytest

from ipynb_telemetry.kernel.text import _MAX_JSON, _MAX_TEXT, _cut, _fit, _label, _text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("lone \ud800", "lone ?"),
        ("\N{PARTY POPPER}", "\N{PARTY POPPER}"),
        ("/home/ann/x.py", "/home/ann/x.py"),  # it is cleaned where it is sent from
    ],
)
def test_a_text_goes_without_escape_sequences_and_half_characters(text: str, kept: str) -> None:
    assert _text(text) == kept


def test_a_text_is_cut_to_its_limit_after_escape_sequences_have_gone() -> None:
    assert _text("x" * 20, 10) == "x" * 10
    assert _text("\x1b[0m" * 5 + "x" * 20, 10) == "x" * 10
    assert len(_text("é" * 50_000)) == _MAX_TEXT


@pytest.mark.parametrize("character", ["\0", "\n", '"', "\N{PARTY POPPER}", "x"])
def test_the_json_of_a_text_has_a_limit_too(character: str) -> None:
    kept = _fit(character * _MAX_TEXT)
    assert len(json.dumps(kept, ensure_ascii=False).encode("utf-16-le")) // 2 <= _MAX_JSON
    assert kept == character * len(kept)
    assert len(kept) == (_MAX_JSON // 6 if character == "\0" else _MAX_TEXT)


def test_a_text_is_cut_where_it_was_cleaned_and_that_is_told() -> None:
    assert _cut("/home/ann/x.py") == ("…/x.py", False)
    assert _cut("x" * _MAX_TEXT) == ("x" * _MAX_TEXT, False)
    assert _cut("x" * (_MAX_TEXT + 1)) == ("x" * _MAX_TEXT, True)
    assert _cut("\0" * _MAX_TEXT)[1] is True


def test_a_label_names_any_value() -> None:
    assert _label("a" * 300) == repr("a" * 200)
    assert _label(7) == "of type int"
    assert _label(type("Bad", (), {"__repr__": None})()) == "of type Bad"
