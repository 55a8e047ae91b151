"""Students' code is read without being run."""

from __future__ import annotations

import pytest

from ipynb_telemetry.notebooks.pythonsource import count_calls


@pytest.mark.parametrize("code", ["'\\d'", "-" * 100_000 + "1"])
def test_of_students_code_nothing_is_said(recwarn: pytest.WarningsRecorder, code: str) -> None:
    assert count_calls(f"print({code})", "print") == 1
    assert not recwarn.list
