# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Code that has no secrets is recorded as it stands: the standard library, all of it."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_of_the_standard_library_less_than_a_line_in_five_thousand_is_touched() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "scripts.secrettouches", sysconfig.get_path("stdlib")],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    counts = re.search(r": (\d+) of (\d+) lines, [0-9.]+ %\Z", shown.strip())
    assert counts is not None
    touched, lines = map(int, counts.groups())
    assert lines > 200_000
    # Passwords in tests of Python itself.
    assert touched < lines / 5_000
