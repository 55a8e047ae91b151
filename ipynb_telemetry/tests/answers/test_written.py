"""Answers as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ipynb_telemetry.answers.catalog import written


@pytest.mark.parametrize(
    "document",
    [
        {"answer": "needs", "result": {"rows": [{"student": "ANN_LEE", "since_ms": None}]}},
        {"summary": "L\u00f6sung"},
        {"code": "half a pair: \ud83d"},
        {"number": 2**70},
    ],
)
def test_whatever_an_event_holds_is_written(document: dict[str, Any]) -> None:
    assert json.loads(written(document)) == document
