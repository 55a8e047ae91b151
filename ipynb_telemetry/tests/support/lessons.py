"""Small notebooks that a class can be simulated with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SHOWN = "from collections import Counter\nimport sys"
STARTER = "def total(prices):\n    ..."
SOLUTION = """\
def total(prices):
    amount = 0
    for item in prices:
        amount += prices[item]
    return amount"""
TEST = """\
@tracked_test("1 total")
def test_total():
    found = total({"tea": 2, "cake": 3})
    assert found == 5, f"the total is {found}"


test_total()"""
COMMON_STARTER = "def common(words):\n    return words[0]"
COMMON = "def common(words):\n    return Counter(words).most_common(1)[0][0]"
COMMON_TEST = 'assert common(["a", "b", "b"]) == "b", "b is there twice"'


def code(cell_id: str, source: str, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def text(cell_id: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": source}


def folded(summary: str, solution: str) -> str:
    return f"<details>\n<summary>{summary}</summary>\n\n```python\n{solution}\n```\n\n</details>"


def small_cells() -> list[dict[str, Any]]:
    """A lesson of two exercises: one with `tracked_test`, one that nbgrader marks as a test."""
    graded = {"grade": True, "solution": False, "grade_id": "common", "points": 1}
    return [
        text("title", "# Shopping"),
        code("shown", SHOWN),
        text("ex1", "## Exercise 1"),
        code("ex1-code", STARTER),
        code("ex1-test", TEST),
        text("ex1-solution", folded("Solution 1", SOLUTION)),
        text("ex2", "## Exercise 2"),
        code("ex2-code", COMMON_STARTER),
        code("ex2-test", COMMON_TEST, nbgrader=graded),
        text("ex2-solution", folded("Solution 2", COMMON)),
    ]


def write_lesson(
    path: Path, cells: list[dict[str, Any]] | None = None, language: str = "python"
) -> Path:
    """Write a notebook, flagged as `shopping`."""
    metadata = {
        "kernelspec": {"name": "any", "display_name": "Any", "language": language},
        "ipynb_telemetry": {"enabled": True, "notebook": "shopping"},
    }
    document = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": metadata,
        "cells": small_cells() if cells is None else cells,
    }
    path.write_text(json.dumps(document))
    return path
