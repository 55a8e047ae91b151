# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Outputs of cells, taken down without a kernel."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest

from ipynb_telemetry.kernel.outputs import _Outputs, _overwritten, _Tee


@pytest.mark.parametrize("unit", ["\r", "\b", "x\b", "\rxx\b", "\r\n", "abc\r", "\n"])
def test_what_is_written_over_costs_in_proportion_to_its_length(unit: str) -> None:
    least = 9.0
    for _ in range(5):
        outputs, started = _Outputs(), time.perf_counter()
        for _ in range(20):
            text = ("x" * 15_000 + unit * 200_000)[:150_000]
            outputs.add("stream", {"name": "stdout", "text": text})
        least = min(least, time.perf_counter() - started)
    assert least < 0.5


def test_a_kind_may_have_any_name() -> None:
    outputs = _Outputs()
    outputs.add("display_data", {"data": {"text/plain": "shown", "a/\ud800" + "b" * 300: ""}})
    assert outputs.read() == (f"shown[a/?{'b' * 197}]\n", False)


def shown(*messages: tuple[str, dict[str, Any]]) -> tuple[str, bool]:
    outputs = _Outputs()
    for kind, content in messages:
        outputs.add(kind, content)
    return outputs.read()


def stream(text: str, name: str = "stdout") -> tuple[str, dict[str, Any]]:
    return "stream", {"name": name, "text": text}


def display(text: str, display_id: str | None = None, **data: str) -> tuple[str, dict[str, Any]]:
    content = {"data": {"text/plain": text, **data}, "transient": {"display_id": display_id}}
    return "display_data", content


def test_streams_displays_and_errors_are_shown_in_their_order() -> None:
    assert shown(
        stream("a"),
        stream("b"),
        stream("c\n", "stderr"),
        display("d", **{"image/png": "iVBORw0KGgo"}),
        ("execute_result", {"data": {"text/html": "<b>"}}),
        ("error", {"traceback": ["one", "two"]}),
        ("error", {"ename": "KeyError", "evalue": "'x'", "traceback": []}),
    ) == ("abc\nd[image/png]\n[text/html]\none\ntwoKeyError: 'x'", False)


def test_what_is_cleared_is_gone_at_once_or_when_the_next_is_shown() -> None:
    clear = ("clear_output", {"wait": False})
    later = ("clear_output", {"wait": True})
    assert shown(stream("old"), clear) == ("", False)
    assert shown(stream("old"), later) == ("old", False)
    assert shown(stream("old"), later, stream("new")) == ("new", False)
    assert shown(stream("x" * 10_001), clear, stream("new")) == ("new", False)


def test_a_display_is_updated_where_it_stands() -> None:
    update = ("update_display_data", display("new", "1")[1])
    assert shown(display("old", "1"), display("other", "2"), update) == ("new\nother\n", False)
    assert shown(display("kept"), ("update_display_data", display("none")[1])) == ("kept\n", False)


def test_it_is_told_that_something_was_cut_off() -> None:
    assert shown(stream("x" * 10_000)) == ("x" * 10_000, False)
    assert shown(stream("x" * 10_001)) == ("x" * 10_000, True)
    assert shown(display("x" * 9_999), stream("y")) == ("x" * 9_999 + "\n", True)
    assert shown(stream("x" * 200_000), stream("\ry")) == ("x" * 10_000, True)


def test_of_a_thousand_pieces_and_more_the_last_error_is_kept() -> None:
    pieces = [stream(".", str(number % 2)) for number in range(1_000)]
    assert shown(*pieces) == ("." * 1_000, False)
    errors = [("error", {"traceback": [text]}) for text in ("first", "last")]
    assert shown(*pieces, display("x"), *errors) == ("." * 1_000 + "last", True)


@pytest.mark.parametrize(
    ("text", "added", "whole"),
    [
        ("", "a\rb", "b"),
        ("one\ntwo", "\rT", "one\nTwo"),
        ("ab", "\b\bc", "c"),
        ("a\n", "\b", "a\n"),
    ],
)
def test_a_line_is_overwritten_as_in_the_page(text: str, added: str, whole: str) -> None:
    assert _overwritten(text, len(text), added)[0] == whole


def test_a_stream_of_a_terminal_is_taken_down_and_works_as_before() -> None:
    terminal = io.StringIO()
    outputs = _Outputs()
    tee = _Tee(terminal, "stdout", outputs)
    assert tee.write("hi\n") == 3
    assert tee.getvalue() == "hi\n"
    assert outputs.read() == ("hi\n", False)
