# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The notice that students read before anything is recorded, made from the settings in force."""

from __future__ import annotations

import hashlib
from typing import Any

from .address import _CLASS_KEY
from .coursename import _course_name
from .request import _app

_USE = "Your instructor uses it to help you."
_STAYS = "Your records stay in a file where this kernel runs."
_STAYING = "this computer"  # the destination of events that are sent nowhere
_MADE_BY_KERNEL = (
    *("cell_executed", "test_passed", "test_failed", "cell_marked", "blur", "focus"),
    *("session_started", "session_ended", "events_dropped"),
)
# The parts of a course's notice, with the words before each.
_PARTS_OF_NOTICE = {
    "responsible": "Responsible: {}",
    "contact": "Questions go to: {}",
    "purpose": "Purpose: {}",
    "kept": "Kept: {}",
    "rights": "Your rights: {}",
    "link": "More: {}",
}


def _captured(rules: dict[str, Any]) -> list[str]:
    """The kinds of data that are recorded: names of events, `code` and `output`."""
    events = [name for name in _MADE_BY_KERNEL if name not in rules["off"]]
    if _app()[0] != "colab":
        events = [name for name in events if name not in ("blur", "focus")]
    if "cell_executed" not in events:
        return sorted(events)
    code = ["code"] * rules["captureCode"]
    return sorted([*events, *code, *["output"] * rules["captureOutput"]])


def _in_kinds(captured: list[str]) -> str:
    """The kinds of data in words for a student."""
    kinds: list[str] = []
    if "cell_executed" in captured:
        texts = " and ".join(each for each in ("code", "output") if each in captured)
        with_texts = f" with their {texts}" if texts else ", without code and output"
        kinds.append(f"which cells you run{with_texts}")
    if {"test_passed", "test_failed"} & set(captured):
        kinds.append("test results")
    if {"blur", "focus"} & set(captured):
        kinds.append("when you leave and return")
    return ", and ".join(kinds) or "when you begin and end"


def _notice_words(
    course: dict[str, Any], rules: dict[str, Any], place: str, key: str | None
) -> str:
    """Words that students read before they are asked; the course's own come in their place."""
    receiver = "your class's collector" if (key or "").startswith(_CLASS_KEY) else "PostHog"
    where = f"Your records are sent to {receiver} at {place}." if key else _STAYS
    kinds = _in_kinds(_captured(rules))
    own = course.get("privacy_notice")
    made = f"Your course records what you do in this notebook: {kinds}. {_USE}"
    lines = [f"{own if own and isinstance(own, str) else made} {where}"]
    if rules["isPseudonym"]:
        lines.append("You go by the code that you were handed, and your name is not recorded.")
    told = course.get("notice")
    parts = told if isinstance(told, dict) else {}
    for name, words in _PARTS_OF_NOTICE.items():
        if parts.get(name) and isinstance(parts[name], str):
            lines.append(words.format(parts[name]))
    if rules["consent"] == "required":
        policy = parts.get("policy")
        lines.append(
            f"Your course requires it. {policy if isinstance(policy, str) else ''}".strip()
        )
    return "\n".join(lines)


def _consent_facts(
    course: dict[str, Any], rules: dict[str, Any], place: str, key: str | None
) -> dict[str, Any]:
    """The terms that somebody agrees to, as the events of consent tell them."""
    words = _notice_words(course, rules, place, key)
    return {
        "notice_hash": hashlib.sha256(words.encode("utf-8", "replace")).hexdigest(),
        "destination": _host_of(place) if key else _STAYING,
        "captured": _captured(rules),
        "mode": rules["consent"],
        "course": _course_name(course),
    }


def _host_of(place: str) -> str:
    return place.partition("://")[2].partition("/")[0]
