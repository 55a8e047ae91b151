"""The notice in words, as the page says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.settings.check import check_settings
from ipynb_telemetry.settings.notice import make_notice
from ipynb_telemetry.settings.schema import SETTINGS

SAMPLES = json.loads(
    (Path(__file__).parents[3] / "conformance/rules/notices.json").read_text("utf-8")
)["samples"]


@pytest.mark.parametrize("sample", SAMPLES, ids=[str(each["settings"]) for each in SAMPLES])
def test_the_notice_has_the_words_and_the_hash_of_the_dialog(sample: dict[str, Any]) -> None:
    values, _ = check_settings(SETTINGS, sample["settings"])
    notice = make_notice(values, "", None)
    assert [list(line) for line in notice.lines] == sample["lines"]
    assert (notice.link, notice.hash) == (sample["link"], sample["hash"])


def test_says_how_long_and_hides_no_secret_that_is_kept() -> None:
    values, _ = check_settings(SETTINGS, {"keepSecrets": True, "locked": True})
    lines = dict(make_notice(values, "Your records stay here.", 90).lines)
    assert lines["Deleted"] == "after 90 days, by the collector"
    assert lines["Where"] == "Your records stay here."
    assert "passwords" not in lines["Not recorded"]
