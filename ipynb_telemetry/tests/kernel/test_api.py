# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events of one's own, marked cells, and the set-up call beside a page."""

from __future__ import annotations

import time
import warnings
from pathlib import Path
from typing import Any

import pytest

from .directkernel import Student, written
from .frontend import FrontEnd


def test_custom_events_and_marked_cells_are_sent_as_json(page: FrontEnd) -> None:
    code = """
import datetime, decimal, enum, pathlib
Level = enum.IntEnum("Level", "EASY")
_telemetry_capture("hint_used", {
    "n": 1, 2: [True, None, 1.5], "nan": float("nan"), "set": set("hgfedcba"), "big": 10**20,
    "path": pathlib.PurePosixPath("a/b"), "day": datetime.date(2024, 5, 1), "level": Level.EASY,
    "nested": {"x": (1, 2)}, "half": decimal.Decimal("0.5"), "text": "lone \\ud800",
})
_telemetry_capture("bare")
_cell("exercise-1", "x" * 300)
"""
    marked = {"cell_id": "exercise-1", "code_preview": "x" * 200}
    assert page.events(code) == [
        (
            "hint_used",
            {
                "n": 1,
                "2": [True, None, 1.5],
                "nan": None,
                "set": list("abcdefgh"),
                "big": "100000000000000000000",
                "path": "a/b",
                "day": "2024-05-01",
                "level": 1,
                "nested": {"x": [1, 2]},
                "half": 0.5,
                "text": "lone ?",
            },
        ),
        ("bare", {}),
        ("cell_marked", marked),
    ]
    assert page.contents("stream") == []


@pytest.mark.parametrize(
    ("call", "sent"),
    [
        ("_telemetry_capture('Hint')", None),
        ("_telemetry_capture('$hint')", None),
        ("_telemetry_capture('a' * 65)", None),
        ("_telemetry_capture(None)", None),
        ("_telemetry_capture('paste')", None),
        ("_telemetry_capture('hint', ['x'])", None),
        ("_telemetry_capture('hint', {'x': 'é' * 40_000})", None),
        ("_telemetry_capture('hint', {'x': object(), 'y': 1})", {"y": 1}),
        ("_telemetry_capture('hint', {'x': b'bytes', 'y': 1})", {"y": 1}),
        ("_telemetry_capture('hint', {'x': 1j, 'y': 1})", {"y": 1}),
        ("_telemetry_capture('hint', {'x': range(10**9), 'y': 1})", {"y": 1}),
        ("a = []; a += [a, a]; _telemetry_capture('hint', {'x': a, 'y': 1})", {"y": 1}),
        ("_telemetry_capture('hint', {'y': 1, object(): 1})", {"y": 1}),
        ("_telemetry_capture('hint', {'n' * 201: 1, 'y': 1})", {"y": 1}),
        ("_telemetry_capture('hint', {'\U0001f600' * 101: 1, 'y': 1})", {"y": 1}),
        ("_telemetry_capture('hint', {3: 1, '3': 2, 'y': 3})", {"3": 1, "y": 3}),
        ("_cell(None)", None),
    ],
)
def test_what_cannot_be_sent_is_dropped_with_one_warning(
    page: FrontEnd, call: str, sent: dict[str, Any] | None
) -> None:
    expected = [] if sent is None else [("hint", sent)]
    assert page.events(call) == expected
    assert page.reply["status"] == "ok"
    (shown,) = page.contents("stream")
    assert shown["name"] == "stderr"
    assert shown["text"].count("UserWarning: ipynb-telemetry: ") == 1
    assert page.events(call) == expected
    assert page.contents("stream") == []


def test_a_name_of_a_property_has_200_units_of_utf_16_as_in_the_page(page: FrontEnd) -> None:
    longest = {"n" * 200: 1, "\U0001f600" * 100: 2}
    assert page.events(f"_telemetry_capture('hint', {longest!r})") == [("hint", longest)]
    assert page.contents("stream") == []


def test_a_property_whose_name_will_not_do_is_named_in_the_cell_and_the_rest_arrives(
    student: Student, tmp_path: Path
) -> None:
    student.set_up()
    student.cell("_telemetry_capture('hint', {'n' * 201: 1, 3: 'first', '3': 'second', 'y': 2})")
    assert student.reply["status"] == "ok"
    (shown,) = student.contents("stream")
    assert shown["name"] == "stderr"
    named = "UserWarning: ipynb-telemetry: event 'hint' goes without property"
    long_name, second = (line for line in shown["text"].splitlines() if named in line)
    assert long_name.endswith(f"'{'n' * 200}': its name has over 200 characters")
    assert second.endswith("'3': another one is named '3' too, as text")
    student.manager.shutdown_kernel()
    (hint,) = (event for event in written(tmp_path) if event["event"] == "hint")
    own = {key: hint["properties"].get(key) for key in ("3", "y", "n" * 200, "n" * 201)}
    assert own == {"3": "first", "y": 2, "n" * 200: None, "n" * 201: None}


def test_setup_telemetry_says_who_is_tracked_and_asks_nothing(page: FrontEnd) -> None:
    call = "setup_telemetry('other', host='https://evil.example', api_key=3, student_name='X Y')"
    line = "ipynb-telemetry: on for JOHN-DOE in D1, as the settings say\n"
    assert page.printed(call) == line
    page.tell({"version": 1, "notebook": "D1", "student": None})
    assert page.printed(call) == (
        "ipynb-telemetry: nothing is tracked until a name is given in the front end\n"
    )
    for blank in ("''", "'  '", "None"):
        page.run(f"setup_telemetry({blank})")
        assert page.reply["ename"] == "ValueError"


def test_a_value_too_large_for_json_costs_no_time(copy: dict[str, Any]) -> None:
    bomb: list[Any] = ["x"]
    for _ in range(18):
        bomb = [bomb] * 10
    started = time.perf_counter()
    with pytest.raises(ValueError, match="too large"):
        copy["_plain"](bomb, [10_000])
    assert time.perf_counter() - started < 1


class Array:
    """An array as those of numpy, pandas and torch are."""

    def __init__(self, nbytes: int) -> None:
        self.nbytes = nbytes

    def tolist(self) -> list[float]:
        return [1.5, float("inf")]


def test_arrays_are_converted_unless_large(copy: dict[str, Any]) -> None:
    assert copy["_plain"](Array(16), [10_000]) == [1.5, None]
    with pytest.raises(TypeError, match="Array does not fit"):
        copy["_plain"](Array(100_000), [10_000])


def test_warnings_stop_after_twenty_problems(copy: dict[str, Any]) -> None:
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        for number in range(30):
            copy["_telemetry_capture"](f"Bad{number}")
    assert len(shown) == 20
    assert {warning.filename for warning in shown} == {__file__}
