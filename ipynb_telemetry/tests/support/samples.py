"""Samples of rules that exist in TypeScript and in Python, which both suites of tests read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CONFORMANCE = Path(__file__).parents[3] / "conformance"


def read_samples(name: str) -> Any:
    """Give what `conformance/rules/` has in the file of that name."""
    return json.loads((CONFORMANCE / "rules" / f"{name}.json").read_text("utf-8"))


def refusals(samples: Any) -> list[tuple[str, str]]:
    """Give each refused sample with the words that its refusal has to hold."""
    return [
        (sample, samples["words"][kind])
        for kind, refused in samples["refused"].items()
        for sample in refused
    ]
