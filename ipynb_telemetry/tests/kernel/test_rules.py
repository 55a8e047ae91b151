# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Settings of pages and of the course file, as rules for the kernel."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from ipynb_telemetry.kernel import rules, shared

RUN: dict[str, Any] = {
    "cell_id": "a",
    "code": "1 / nought",
    "output": "before\nTraceback: 1 / nought\nafter",
    "error": {"name": "Err", "value": "no nought", "traceback": "Traceback: 1 / nought"},
    "truncated": False,
}


def permitted(event: str = "cell_executed", **settings: Any) -> dict[str, Any]:
    return rules._permitted(event, RUN, rules._read_rules(settings))


def test_without_settings_all_is_let_out() -> None:
    assert permitted() == RUN


def test_without_code_the_traceback_goes_from_output_and_error_as_in_the_page() -> None:
    told = permitted(captureCode=False)
    assert "code" not in told
    assert told["output"] == "before\nErr: no nought\nafter"
    assert told["error"] == {"name": "Err", "value": "no nought", "traceback": ""}
    unlike = {**RUN, "output": "Traceback: 1 / nou"}
    closed = rules._read_rules({"captureCode": False})
    assert rules._permitted("cell_executed", unlike, closed)["output"] == "Err: no nought"


def test_without_output_an_error_is_told_by_its_name_only() -> None:
    told = permitted(captureOutput=False)
    assert "output" not in told
    assert told["code"] == "1 / nought"
    assert told["error"] == {"name": "Err", "value": "", "traceback": ""}


def test_texts_are_cut_and_said_to_be() -> None:
    told = permitted(maxCharacters=3)
    assert (told["code"], told["output"], told["truncated"]) == ("1 /", "bef", True)
    assert told["error"] == {"name": "Err", "value": "no ", "traceback": "Tra"}
    assert permitted(maxCharacters=3, captureCode=False, captureOutput=False)["truncated"] is False


def test_a_cells_preview_quotes_code() -> None:
    marked = {"cell_id": "a", "code_preview": "1 / nought"}
    closed = rules._read_rules({"captureCode": False})
    assert rules._permitted("cell_marked", marked, closed) == {"cell_id": "a"}


def test_events_of_a_course_keep_what_the_course_gave_them() -> None:
    quiz = {"code": "x", "error": {"name": "n", "value": "v", "traceback": "t"}}
    closed = rules._read_rules({"captureCode": False, "captureOutput": False})
    assert rules._permitted("quiz", quiz, closed) == quiz


@pytest.mark.parametrize(
    "told",
    [None, 7, {"events": None}, {"events": ["blur"]}, {"isPaused": "yes"}, {"testSources": 1}],
)
def test_settings_that_nobody_can_read_let_nothing_be_recorded(told: Any) -> None:
    read = rules._read_rules(told)
    assert not rules._is_permitted("cell_executed", read)
    assert not rules._is_permitted("quiz", read)


@pytest.mark.parametrize(
    ("name", "value", "rule", "closed"),
    [
        ("captureCode", "true", "captureCode", False),
        ("captureOutput", 1, "captureOutput", False),
        ("maxCharacters", True, "maxCharacters", 0),
        ("maxCharacters", -1, "maxCharacters", 0),
        ("secretPatterns", 1, "captureCode", False),
        ("keepSecrets", "true", "keepSecrets", False),
        ("consent", "none", "consent", "opt-in"),
        ("events", {"blur": 1}, "off", ("blur",)),
    ],
)
def test_a_value_of_the_wrong_kind_is_as_private_as_can_be(
    name: str, value: Any, rule: str, closed: Any
) -> None:
    assert rules._read_rules({name: value})[rule] == closed


def test_of_two_rules_the_more_private_one_counts() -> None:
    one = rules._read_rules({"captureCode": False, "events": {"blur": False}, "maxCharacters": 5})
    other = rules._read_rules(
        {"captureOutput": False, "events": {"focus": False}, "consent": "required"}
    )
    both = rules._stricter(one, other)
    assert (both["captureCode"], both["captureOutput"]) == (False, False)
    assert set(both["off"]) == {"blur", "focus"}
    assert (both["maxCharacters"], both["consent"]) == (5, "required")
    lax, strict = (rules._read_rules({"keepSecrets": keeps}) for keeps in (True, False))
    assert rules._stricter(lax, rules._OPEN)["keepSecrets"] is True
    assert rules._stricter(lax, strict)["keepSecrets"] is False


def test_that_consent_is_taken_back_may_be_told_in_a_pause() -> None:
    paused = rules._read_rules({"isPaused": True})
    assert rules._is_permitted("consent_withdrawn", paused)
    assert not rules._is_permitted("session_ended", paused)


def test_the_rules_of_a_page_stay_in_force_when_it_has_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "_ipynb_telemetry", raising=False)
    state = shared._state()
    state.page_rules = rules._read_rules({"captureCode": False})
    state.course_rules = rules._read_rules({"captureOutput": False})
    found = rules._rules()
    assert (found["captureCode"], found["captureOutput"]) == (False, False)
    sys.modules.pop("_ipynb_telemetry", None)
