"""Who has done what: a row for each student and test, made of the stored events.

A student of a notebook who never tried a test has a row too: nobody who is stuck before the first
try would be seen otherwise. Tests are told apart by their names, the only handle that events have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .eventtable import read_properties

if TYPE_CHECKING:
    from ..answers.roster import Roster
    from ..store.reading import StoredEvent

TYPES = ("test_passed", "test_failed", "solution_peek")
"""The events that a summary is made of."""

COLUMNS: dict[str, type] = {
    "student": str,
    "notebook": str,
    "test": str,
    "state": str,
    "tries": int,
    "failures": int,
    "first_seen": datetime,
    "passed_at": datetime,
    "first_peek": datetime,
    "last_error": str,
    "last_seen": datetime,
    "group": str,
    "name": str,
}
"""The columns by name, with the type of their values; all but the first six may be None."""

_DIGITS = r"(\d+(?:[._]\d+)*)"
_NUMBERS = (
    re.compile(rf"(?:exercise|ex|solution|task|question|problem|q)[ _.-]*{_DIGITS}", re.IGNORECASE),
    re.compile(rf"(?<![A-Za-z0-9]){_DIGITS}"),  # not the day of "D1 parse"
)
_LONGEST = 200  # characters of an error


def summarize(
    events: Iterable[StoredEvent],
    students: Iterable[tuple[str | None, str]],
    roster: Roster | None = None,
    named: Roster | None = None,
) -> list[dict[str, Any]]:
    """Give the rows: by notebook, then the tests as the class met them, then the students.

    Args:
        events: of the kinds in `TYPES`, oldest first.
        students: notebook and student, each pair that has an event of any kind.
        roster: whose students have rows in each notebook, also without any event, and whose staff
            have none; None: whoever has an event is a student.
        named: tells what students are called; None: nobody has a name.
    """
    tests: dict[tuple[str | None, str], dict[str, dict[str, Any]]] = {}
    peeks: dict[tuple[str | None, str, str], str] = {}
    for event in events:
        properties = read_properties(event)
        if not isinstance(properties, dict) or (roster and roster.is_staff(event.distinct_id)):
            continue
        if event.event == "solution_peek":
            number = _number(properties.get("summary"))
            if number is not None:
                peeks.setdefault((event.notebook, event.distinct_id, number), event.timestamp)
        elif isinstance(properties.get("test"), str):
            rows = tests.setdefault((event.notebook, properties["test"]), {})
            row = rows.setdefault(event.distinct_id, _untried())
            _count(row, event, properties)
    of_notebook: dict[str | None, set[str]] = {}
    for notebook, student in students:
        expected = of_notebook.setdefault(notebook, set())
        if roster is None:
            expected.add(student)
        else:
            expected.update(() if roster.is_staff(student) else (student,))
            expected.update(member.id for member in roster.students)
    found = []
    for notebook, test in sorted(tests, key=lambda key: key[0] or ""):
        rows, number = tests[notebook, test], _number(test)
        for student in sorted({*rows, *of_notebook.get(notebook, ())}):
            row = rows.get(student) or _untried()
            peek = None if number is None else peeks.get((notebook, student, number))
            group = roster.group(student) or None if roster else None
            name = named.name(student) or None if named else None
            row.update(student=student, notebook=notebook, test=test, first_peek=peek)
            row.update(group=group, name=name)
            found.append({column: row[column] for column in COLUMNS})
    return found


def _untried() -> dict[str, Any]:
    return {**dict.fromkeys(COLUMNS), "state": "not tried", "tries": 0, "failures": 0}


def _count(row: dict[str, Any], event: StoredEvent, properties: Mapping[str, Any]) -> None:
    row["tries"] += 1
    row["first_seen"] = row["first_seen"] or event.timestamp
    row["last_seen"] = event.timestamp
    if event.event == "test_passed":
        row["passed_at"] = row["passed_at"] or event.timestamp
        row["state"] = "passed"
        return
    row["failures"] += 1
    row["state"] = "passed" if row["passed_at"] else "failing"
    error = properties.get("error")
    if isinstance(error, dict):
        words = [str(error[part]) for part in ("name", "value") if error.get(part)]
        row["last_error"] = ": ".join(words)[:_LONGEST] or row["last_error"]


def _number(text: Any) -> str | None:
    """Give the number of an exercise in a test's name or in a solution's summary.

    "2 parse a requirement" and "Solution 2: partition" are of one exercise by it.
    """
    if not isinstance(text, str):
        return None
    found = next(filter(None, (number.search(text) for number in _NUMBERS)), None)
    return found[1].replace("_", ".") if found else None
