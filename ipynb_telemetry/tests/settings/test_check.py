"""Names and values of settings: the server and the page have to close the same.

`settingscheck.spec.ts` gives the same samples to the page.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ipynb_telemetry.settings.check import check_settings, takes
from ipynb_telemetry.tests.support.lab import SCHEMA
from ipynb_telemetry.tests.support.samples import read_samples

PROPERTIES = json.loads(SCHEMA.read_text("utf-8"))["properties"]
SAMPLES = read_samples("settings")["samples"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: ascii(sample["written"])[:60])
def test_what_is_written_is_read_as_meant_or_closed(sample: dict[str, Any]) -> None:
    values, faults = check_settings(PROPERTIES, sample["written"])
    assert {name: values[name] for name in sample["in_force"]} == sample["in_force"]
    assert list(values) == list(PROPERTIES)
    expected = [
        (name, [] if isinstance(what, str) else what, closed)
        for name, what, closed in sample["faults"]
    ]
    assert [(fault.name, fault.meant, fault.closed) for fault in faults] == expected
    for fault, (name, what, _) in zip(faults, sample["faults"], strict=True):
        assert name in str(fault)
        assert (what if isinstance(what, str) else " or ".join(what)) in str(fault)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 10**400, -1, 100_001, [1], None])
def test_a_number_is_one_within_its_bounds(value: Any) -> None:
    assert not takes(PROPERTIES["maxCharacters"], value)


def test_a_name_is_not_repeated_at_any_length_nor_are_its_control_characters() -> None:
    _, (fault,) = check_settings(PROPERTIES, {"zzzz\x1b" * 99: 1})
    assert str(fault) == f"{'zzzz?' * 8} is no setting"
