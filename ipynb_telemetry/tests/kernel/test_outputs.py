# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The beginning of what a cell shows, without a kernel."""

from __future__ import annotations

import time

import pytest

from ipynb_telemetry.bootstrap import _Outputs


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
