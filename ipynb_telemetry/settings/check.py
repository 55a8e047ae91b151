"""Names and values of settings, checked against the schema; a doubtful one gives nothing away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .spelling import nearest

# What a setting is when nobody can tell what was meant. None where no value gives little away, and
# what needs the setting does not happen.
_CLOSED: Mapping[str, Any] = {
    "captureCode": False,
    "captureOutput": False,
    "maxCharacters": 0,
    "keepSecrets": False,
    "locked": True,
    "identity": "pseudonym",
    "names": "english",
    "pause": "allowed",
    "consent": "opt-in",
    "sharedComputer": True,
}
_TYPES: Mapping[Any, type] = {"boolean": bool, "string": str, "object": dict}
_MAX_SHOWN = 40  # characters of a name that somebody has written


class Fault(NamedTuple):
    """A setting that is misspelt, or whose value is of the wrong kind.

    Attributes:
        name: as it is written; of a member `events.blur`.
        expected: what the schema says of the setting; None: there is no such setting.
        meant: the settings that a misspelt one may have meant.
        closed: the settings that are closed for it.
    """

    name: str
    expected: Mapping[str, Any] | None
    meant: list[str]
    closed: list[str]

    def __str__(self) -> str:
        """Say what is wrong, as the page says it, without the value, which may be a secret."""
        printable = "".join(sign if sign.isprintable() else "?" for sign in self.name)
        name = printable[:_MAX_SHOWN]
        if self.expected is not None:
            return f"{name} must be {_kind(self.expected)}"
        if self.meant:
            return f"{name} is no setting; did you mean {' or '.join(self.meant)}?"
        return f"{name} is no setting"

    def effect(self, values: Mapping[str, Any]) -> str:
        """Say what follows, in words that go on after "until that is corrected"; "": nothing.

        Args:
            values: those in force.
        """
        if not self.closed:
            return ""
        if len(self.closed) > 1:
            return "none of these is recorded"
        name, _, member = self.closed[0].partition(".")
        if name in ("events", "privacyNotice") and values.get(name) is None:
            return "nothing is recorded"
        if name == "maxCharacters":
            limit = values.get(name)
            return f"code and output end at {limit}" if limit else "code and output are left out"
        if name == "identity" and values.get(name) == "pseudonym":
            return "students are asked for a code"
        if name == "secretPatterns":
            is_open = values.get(name) is not None
            return "those are taken out, too" if is_open else "no code and no output is recorded"
        return {
            "keepSecrets": "secrets are taken out",
            "captureCode": "no code is recorded",
            "captureOutput": "no output is recorded",
            "locked": "what users set does not count",
            "identity": "students are asked for their names",
            "names": "names are taken in English letters",
            "privacyNotice": "that text is the notice",
            "consent": "nothing is recorded without a yes",
            "sharedComputer": "the computer counts as shared",
            "notice": (
                f"the notice has no line for {member}"
                if member
                else "the notice has none of these lines"
            ),
            "events": f"{member or 'what it turns off'} is not recorded",
            "testSources": f"tests of {member or 'others'} are not recorded",
        }.get(name, "events stay on the Jupyter server")


def takes(expected: Mapping[str, Any], value: Any) -> bool:
    """Tell whether a setting takes a value."""
    if expected.get("type") == "integer":
        return (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and expected["minimum"] <= value <= expected["maximum"]
            and value == int(value)
        )
    kind = _TYPES.get(expected.get("type"))
    choices = expected.get("oneOf")
    return (
        kind is not None
        and isinstance(value, kind)
        and re.search(expected.get("pattern", ""), str(value)) is not None
        and (not choices or any(choice.get("const") == value for choice in choices))
    )


def check_settings(
    properties: Mapping[str, Mapping[str, Any]], written: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Fault]]:
    """Check names and values against the schema.

    A misspelt setting closes what it may have meant as far as it says so itself, one of the wrong
    kind closes itself. The page has the same rule, `src/runtime/settingscheck.ts`.

    Args:
        properties: of the schema; those with a title are settings.
        written: what is written, by name.

    Returns:
        The values in force, and what is wrong.
    """
    known = {name: each for name, each in properties.items() if each.get("title")}
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, expected in known.items():
        value = written.get(name, expected.get("default"))
        if not takes(expected, value):
            values[name] = _closed(name, expected)
            faults.append(Fault(name, expected, [], [name]))
        elif isinstance(value, dict):
            values[name], wrong = _check_members(name, expected, value)
            faults.extend(wrong)
        else:
            values[name] = value
    paths = [
        path
        for name, expected in known.items()
        for path in (name, *(f"{name}.{each}" for each in expected.get("properties", {})))
    ]
    for name, value in written.items():
        if name not in known:
            meant = nearest(name, paths, is_loose=True)
            closed = [path for path in meant if _narrow(values, path, value, known)]
            faults.append(Fault(name, None, meant, closed))
    return values, faults


def _kind(expected: Mapping[str, Any]) -> str:
    if "oneOf" in expected:
        return " or ".join(f'"{choice["const"]}"' for choice in expected["oneOf"])
    if expected.get("type") == "integer":
        return f"a whole number from {expected['minimum']} to {expected['maximum']}"
    if "pattern" in expected:
        return "patterns such as COURSE-[A-Z0-9]{8}, apart by blanks"
    kinds = {"boolean": "true or false", "string": "a text"}
    members = expected.get("properties", {}).values()
    held = "texts" if all(each.get("type") == "string" for each in members) else "switches"
    return kinds.get(str(expected.get("type")), f"an object of {held}, {{…}}")


def _check_members(
    name: str, expected: Mapping[str, Any], written: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Fault]]:
    """Check switches, and the lines of a notice, which are texts.

    An event of a lesson's own has a switch too; a test source has none.
    """
    known = expected.get("properties", {})
    is_notice = name == "notice"
    kind = "string" if is_notice else "boolean"
    values = dict(written)
    faults: list[Fault] = []
    for member, value in written.items():
        path = f"{name}.{member}"
        meant = [] if member in known else nearest(member, known)
        if meant or (member not in known and name != "events"):
            closed = [] if value is True or is_notice else meant
            values.update(dict.fromkeys(closed, False))
            faults.append(Fault(path, None, meant, [f"{name}.{each}" for each in closed]))
        if not isinstance(value, _TYPES[kind]):
            values[member] = "" if is_notice else False
            if not meant:
                faults.append(Fault(path, {"type": kind}, [], [path]))
    return values, faults


def _narrow(
    values: dict[str, Any], path: str, value: Any, known: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Close a setting as far as a misspelt one's value says; tell whether it is another one now."""
    name, _, member = path.partition(".")
    before = values[name]
    if member:
        is_open = isinstance(before, dict) and before.get(member) is not False
        if value is True or name == "notice" or not is_open:
            return False
        values[name] = {**before, member: False}
        return True
    taken = takes(known[name], value)
    values[name] = (
        _narrower(name, before, value, known[name]) if taken else _closed(name, known[name])
    )
    return bool(values[name] != before)


def _closed(name: str, expected: Mapping[str, Any]) -> Any:
    # Tests that are decorated are recorded in any case, those without can all be left out.
    if name == "testSources":
        return dict.fromkeys(expected.get("properties", {}), False)
    return {} if name == "notice" else _CLOSED.get(name)


def _narrower(name: str, before: Any, value: Any, expected: Mapping[str, Any]) -> Any:
    if name in ("captureCode", "captureOutput", "keepSecrets"):
        return before and value
    if name == "secretPatterns":
        return None if before is None else f"{before} {value}"
    if name == "privacyNotice":
        return None if before is None else value
    if name in ("locked", "sharedComputer"):
        return before or value
    if name == "consent":
        return value if value == "opt-in" else before
    if name == "notice":
        return before
    if name == "maxCharacters":
        return min(before, value)
    if name == "identity":
        # A slip must neither give a name away nor trust an account.
        return "pseudonym" if "pseudonym" in (before, value) else "prompt"
    if name == "names":
        return _CLOSED[name]
    if name in ("events", "testSources"):
        # The switches may be misspelt too.
        switches, _ = _check_members(name, expected, value)
        off = {member: False for member, is_on in switches.items() if is_on is not True}
        return {**before, **off} if before is not None and off else before
    # Where events go: half of what was meant may be the wrong place.
    return None
