# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""One error of a test that ends the run of its cell too is told as such by the run."""

from __future__ import annotations

from pathlib import Path

from .directkernel import written
from .tabs import CALL, Tab, page_of

FAILS = "@tracked_test('adds')\ndef test():\n    assert 1 == 2, 'one is not two'\n"
DOCTEST = '''
import doctest
def double(x):
    """
    >>> double(1)
    3
    """
    return 2 * x
doctest.run_docstring_examples(double, globals())
raise ValueError("expected 3, got 2")
'''


def test_an_error_is_of_the_test_only_where_the_test_has_told_the_same(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        tab.cell(CALL, "setup")
        tab.cell(f"{FAILS}test()", "raised")
        # No test has failed in this run.
        tab.cell("assert 1 == 2, 'one is not two'", "own")
        tab.cell(f"{FAILS}try:\n    test()\nexcept AssertionError:\n    pass\n1 / 0", "other")
        tab.cell(f"{FAILS}try:\n    test()\nexcept AssertionError:\n    pass", "caught")
        tab.cell(DOCTEST, "judged")
        tab.cell(f"{FAILS}test()", "again")
    events = written(tmp_path)
    runs = [e["properties"] for e in events if e["event"] == "cell_executed"]
    assert {run["cell_id"]: run.get("error_of") for run in runs} == {
        **dict.fromkeys(("setup", "own", "other", "caught", "judged")),
        **dict.fromkeys(("raised", "again"), "test"),
    }
    assert [e["properties"]["test"] for e in events if e["event"] == "test_failed"] == [
        *["adds"] * 3,
        "double",
        "adds",
    ]
    # So each error counts once.
    failed = [e["properties"] for e in events if (e["properties"].get("error"))]
    counted = [each["error"]["name"] for each in failed if each.get("error_of") != "test"]
    assert sorted(counted) == [
        *["AssertionError"] * 5,
        "DocTestFailure",
        "ValueError",
        "ZeroDivisionError",
    ]
