"""`jupyter telemetry` called in this process, and what it said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ipynb_telemetry.cli.main import main

EXAMPLE = Path(__file__).parents[3] / "examples" / "D1_Python_Tooling.ipynb"


class Outcome(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


class CommandLine:
    """Runs commands; every place Jupyter has is in a folder of the test's own."""

    def __init__(self, capfd: pytest.CaptureFixture[str], home: Path) -> None:
        self._capfd = capfd
        self.application = home / "lab"
        self.config = home / "config"
        self.data = home / "data"

    def __call__(self, *args: str | Path) -> Outcome:
        self._capfd.readouterr()
        status = main([str(arg) for arg in args])
        return Outcome(status, *self._capfd.readouterr())


def found(outcome: Outcome, subject: str) -> list[str]:
    """Give what `doctor --json` found of a subject, each with its state."""
    findings = outcome.document["findings"]
    return [f"{f['state']}: {f['text']}" for f in findings if f["subject"] == subject]
