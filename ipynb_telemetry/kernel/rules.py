# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Rules: what the settings of pages and of the course file let this kernel record.

Rules are plain data, which copies of all versions share. Of several that are in force the most
private one counts for each matter. A value that nobody can read stands for the most private one.
"""

from __future__ import annotations

from typing import Any

from .events import _BUILT_IN
from .pages import _open_comms
from .secrets import _set_secret_rules
from .shared import _state
from .text import _MAX_TEXT

_MODES = ("informed", "required", "opt-in")  # of consent, the one that asks most comes last
_OPEN: dict[str, Any] = {
    "captureCode": True,
    "captureOutput": True,
    "maxCharacters": _MAX_TEXT,
    "off": (),  # names of events
    "sourcesOff": (),  # of tests without decorators
    "secretPatterns": "",
    "keepSecrets": None,  # where nobody says
    "consent": _MODES[0],
    "isPaused": False,
    "isDeclined": False,
    "isUnanswered": False,
    "isOff": False,  # nobody can tell what may be recorded
    "isPseudonym": False,  # students go by codes, and no name leaves
    "names": None,  # which names are taken, `english` or `any`; None: nobody says
    "destination": "",  # the host that the student knows events to go to
}
_CLOSED: dict[str, Any] = {
    **_OPEN,
    **{"captureCode": False, "captureOutput": False, "isOff": True, "isPseudonym": True},
}
_HELD = ("isPaused", "isDeclined", "isUnanswered", "isOff", "isPseudonym")
_BY_NAME = ("prompt", "jupyter-user")  # values of `identity` by which students go by names
_QUOTES = {"cell_marked": ("code_preview",)}  # properties with code in them
_WITHDRAWN = "consent_withdrawn"


def _read_rules(told: Any) -> dict[str, Any]:
    """Read settings by the names that pages have for them; others are not ours."""
    if not isinstance(told, dict):
        return _CLOSED
    rules = dict(_OPEN)
    for name in ("captureCode", "captureOutput"):
        rules[name] = told.get(name, True) is True
    for name in ("isPaused", "isDeclined", "isUnanswered"):
        rules[name] = told.get(name, False) is not False
    limit = told.get("maxCharacters", _MAX_TEXT)
    rules["maxCharacters"] = limit if type(limit) is int and 0 <= limit <= 100_000 else 0
    for name, of in (("events", "off"), ("testSources", "sourcesOff")):
        switches = told.get(name, {})
        if not isinstance(switches, dict):
            return _CLOSED  # nobody can tell which events
        rules[of] = tuple(each for each, is_on in switches.items() if is_on is not True)
    patterns = told.get("secretPatterns", "")
    if not isinstance(patterns, str):  # nobody can tell what is a secret here
        rules.update(captureCode=False, captureOutput=False)
        patterns = ""
    rules["secretPatterns"] = patterns
    if "keepSecrets" in told:
        rules["keepSecrets"] = told["keepSecrets"] is True
    if told.get("names") is not None:  # a value that nobody knows takes the fewest
        rules["names"] = "any" if told["names"] == "any" else "english"
    mode = told.get("consent", _MODES[0])
    place = told.get("destination", "")
    rules["destination"] = place if isinstance(place, str) else ""
    rules["consent"] = mode if mode in _MODES else _MODES[-1]
    rules["isPseudonym"] = told.get("identity", _BY_NAME[0]) not in _BY_NAME
    return rules


def _stricter(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The more private rule of two for each matter."""
    said = [each["keepSecrets"] for each in (one, other) if each["keepSecrets"] is not None]
    return {
        **{name: one[name] and other[name] for name in ("captureCode", "captureOutput")},
        **{name: one[name] or other[name] for name in _HELD},
        **{name: (*one[name], *other[name]) for name in ("off", "sourcesOff")},
        "maxCharacters": min(one["maxCharacters"], other["maxCharacters"]),
        "secretPatterns": f"{one['secretPatterns']} {other['secretPatterns']}".strip(),
        "keepSecrets": all(said) if said else None,
        "names": other["names"] or one["names"],
        "destination": other["destination"] or one["destination"],
        "consent": max(one["consent"], other["consent"], key=_MODES.index),
    }


def _rules() -> dict[str, Any]:
    """The rules in force: of the pages that are shown, or of the last one, and of the course."""
    state = _state()
    told = [page["rules"] for page in _open_comms() if page.get("rules")]
    rules: dict[str, Any] = state.course_rules or _OPEN
    for each in told or filter(None, [state.page_rules]):
        rules = _stricter(rules, each)
    return rules


def _follow_rules() -> None:
    """Have this copy's scanner of secrets follow the rules in force."""
    rules = _rules()
    _set_secret_rules(rules["secretPatterns"], rules["keepSecrets"] is True)


def _is_permitted(event: str, rules: dict[str, Any]) -> bool:
    """Whether an event may be recorded; that somebody takes consent back may be told always."""
    is_held = rules["isPaused"] or rules["isDeclined"] or rules["isOff"]
    return event not in rules["off"] and (not is_held or event == _WITHDRAWN)


def _permitted(event: str, properties: dict[str, Any], rules: dict[str, Any]) -> dict[str, Any]:
    """Properties as far as the rules let them out; as in the page, src/trackers/celloutput.ts."""
    if event not in _BUILT_IN:
        return properties
    shows_code = rules["captureCode"]
    shows_output = rules["captureOutput"]
    limit = rules["maxCharacters"]
    told = dict(properties)
    error = told.get("error")
    if isinstance(error, dict):
        if not shows_code and isinstance(told.get("output"), str):
            told["output"] = _without_traceback(told["output"], error)
        value, traceback = (str(error.get(name, ""))[:limit] for name in ("value", "traceback"))
        told["error"] = {
            "name": error.get("name", ""),
            "value": value if shows_output else "",
            "traceback": traceback if shows_output and shows_code else "",
        }
    hidden = set() if shows_code else {"code", *_QUOTES.get(event, ())}
    hidden |= set() if shows_output else {"output"}
    told = {name: each for name, each in told.items() if name not in hidden}
    is_cut = bool(told.get("truncated"))
    for name in {"code", "output"} & told.keys():
        is_cut = is_cut or len(told[name]) > limit
        told[name] = told[name][:limit]
    if "truncated" in told:
        told["truncated"] = is_cut and (shows_code or shows_output)
    return told


def _without_traceback(output: str, error: dict[str, Any]) -> str:
    """An output with the error's words in place of its traceback, which quotes code."""
    words = f"{error.get('name', '')}: {error.get('value', '')}"
    before, found, after = output.partition(str(error.get("traceback", "")) or "\0")
    # An output that the traceback cannot be told from is not shown at all.
    return f"{before}{words}{after}" if found else words
