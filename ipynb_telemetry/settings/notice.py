"""The notice that students read before they are recorded, in words made from the settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

LINES = ("responsible", "contact", "purpose", "kept", "rights", "link", "policy")
# A kind of things that are recorded, the events of it, and its words, as the page has them in
# `src/identity/terms.ts` and `noticefacts.ts`.
_KINDS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "visits",
        ("session_started", "session_ended"),
        "when you open and close the notebook",
    ),
    ("runs", ("cell_executed",), "which cells you run and whether they fail"),
    ("tests", ("test_passed", "test_failed"), "test results"),
    ("solutions", ("solution_peek", "solution_closed"), "which solutions you open"),
    ("absences", ("blur", "focus"), "when you leave and return"),
    ("pastes", ("paste",), "how much you paste"),
    ("marks", ("cell_marked",), "cells that mark themselves"),
)


class Notice(NamedTuple):
    """What students are told and asked.

    Attributes:
        mode: how they are asked: `informed`, `opt-in` or `required`.
        text: the privacy notice, in the instructor's words.
        lines: each a label and a text.
        link: the address of a page that says more, or None.
        policy: who requires the recording, where a policy does, or None.
        hash: of the notice, which the events of an answer carry.
    """

    mode: str
    text: str
    lines: list[tuple[str, str]]
    link: str | None
    policy: str | None
    hash: str


def make_notice(values: Mapping[str, Any], where: str, retention_days: int | None) -> Notice:
    """Say what the settings in force record, and what an administrator has written.

    Args:
        values: the settings in force, by name.
        where: where events go, in words; "": not said.
        retention_days: after how many days the collector deletes events; None: not known.
    """
    written = values.get("notice") or {}
    lines = {name: _text(written.get(name)) for name in LINES}
    mode = values.get("consent")
    mode = mode if mode in ("opt-in", "required") else "informed"
    policy = lines["policy"] if mode == "required" else ""
    text = _text(values.get("privacyNotice"))
    hidden = [] if _keeps_secrets(values) else ["passwords and keys in your code"]
    days = "1 day" if retention_days == 1 else f"{retention_days} days"
    told = [
        ("Recorded", ", ".join(_recorded(values))),
        ("Not recorded", ", ".join(["single keystrokes", "pasted text", "other tabs", *hidden])),
        ("Where", where),
        ("Purpose", lines["purpose"]),
        ("Kept", lines["kept"]),
        ("Deleted", f"after {days}, by the collector" if retention_days else ""),
        ("Your rights", lines["rights"]),
        ("Responsible", lines["responsible"]),
        ("Questions", lines["contact"]),
    ]
    hashed = [text, *(lines[name] for name in LINES[:-1]), policy]
    # In the order of the page, whose `link` stands before `policy` too.
    document = json.dumps(hashed, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(f"ipynb-telemetry notice {document}".encode()).hexdigest()
    return Notice(
        mode,
        text,
        [(label, words) for label, words in told if words],
        _link(lines["link"]),
        policy or None,
        digest,
    )


def _recorded(values: Mapping[str, Any]) -> list[str]:
    switches = values.get("events") or {}
    # Nobody can tell what is a secret: then nothing is recorded that may hold one.
    is_known = values.get("secretPatterns") is not None
    found = []
    for kind, events, words in _KINDS:
        if all(switches.get(event) is False for event in events):
            continue
        found.append(words)
        if kind == "runs" and is_known and values.get("captureCode") is True:
            found.append("their code")
        if kind == "runs" and is_known and values.get("captureOutput") is True:
            found.append("their output and errors")
    return [*found, "what the course\N{RIGHT SINGLE QUOTATION MARK}s own exercises report"]


def _keeps_secrets(values: Mapping[str, Any]) -> bool:
    return values.get("keepSecrets") is True and values.get("locked") is True


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _link(text: str) -> str | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc else None
