"""The reference lists every threshold."""

import re
from pathlib import Path

from ipynb_telemetry.answers.thresholds import Thresholds

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "answers.md"


def test_the_page_has_every_threshold_with_its_default() -> None:
    table = PAGE.read_text("utf-8").partition("## Thresholds")[2]
    rows = re.findall(r"^\| (`.+?`) +\| ([\d, ]+?) +\|", table, re.MULTILINE)
    listed = {
        name: float(number)
        for names, numbers in rows
        for name, number in zip(re.findall(r"`(\w+)`", names), numbers.split(","), strict=True)
    }
    assert listed == Thresholds()._asdict()
