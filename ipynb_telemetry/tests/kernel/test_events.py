# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events that the kernel captures are those that the catalogue says it does."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

from ipynb_telemetry import bootstrap

from ..support.samples import CONFORMANCE

EVENTS = json.loads((CONFORMANCE / "events.json").read_text("utf-8"))["events"]
PARTS = Path(__file__).parents[2] / "kernel"


def test_the_kernel_captures_what_the_catalogue_says_and_nothing_else() -> None:
    texts = {
        node.value
        for path in PARTS.glob("*.py")
        if path.name != "events.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    captured = {name for name, event in EVENTS.items() if event["captured_by"] != "page"}
    assert captured == texts & EVENTS.keys()


def test_the_kernel_sends_no_event_that_the_catalogue_lacks() -> None:
    sent = {
        name
        for path in PARTS.glob("*.py")
        for name in re.findall(
            r"""(?:_send|\bcapture|_keep)\([^"()]*"(\w+)",""", path.read_text("utf-8")
        )
    }
    assert {"cell_marked", "session_started", "events_dropped"} <= sent
    assert sent <= EVENTS.keys()


def test_the_names_the_kernel_keeps_to_itself_are_those_of_the_catalogue() -> None:
    assert EVENTS.keys() == bootstrap._BUILT_IN
    assert {name for name, event in EVENTS.items() if event["by_code"]} == bootstrap._BY_CODE
