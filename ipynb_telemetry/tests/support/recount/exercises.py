"""Exercises, errors and peeks, recounted."""

from __future__ import annotations

from statistics import correlation, median
from typing import Any

from ipynb_telemetry.tests.support.recount.counting import Counted, Raw
from ipynb_telemetry.tests.support.recount.figures import MINUTE_MS, TOO_FEW, quartiles, solved


def exercises(counted: Counted, now_ms: int) -> dict[str, Any]:
    tried = {
        number: [s for s in counted.students if counted.state(s, number) is not None]
        for number in range(len(counted.tasks))
    }
    hardness = []
    for number, own in tried.items():
        if len(own) >= TOO_FEW and counted.tasks[number].tests:
            unsolved = sum(counted.passed_ms(s, number) is None for s in own) / len(own)
            attempts = median(counted.works[s, number]["fails_before_pass"] + 1 for s in own)
            hardness.append((unsolved, attempts, number))
    order = [number for _, _, number in sorted(hardness)] if len(hardness) >= 3 else []
    rows = []
    for number, own in tried.items():
        few = {
            **counted.tasks[number].reference,
            "tried": len(own),
            "passed": 0,
            "attempts": {"one": 0, "two": 0, "more": 0, "unsolved": 0},
            "active": None,
            "active_times": [],
            "active_students": [],
            "peeks": {"before": 0, "after_failure": 0, "after_run": 0, "after_pass": 0},
            "peeked_before_pass": 0,
            "difficulty": None,
            "discrimination": None,
            "is_too_few": True,
        }
        if len(own) < TOO_FEW:
            rows.append(few)
            continue
        works = {s: counted.works[s, number] for s in own}
        passed = [s for s in own if counted.passed_ms(s, number) is not None]
        fails = [works[s]["fails_before_pass"] for s in passed]
        timed = sorted(
            (min(works[s]["active_ms"], works[s]["to_pass_ms"] or works[s]["active_ms"]), s)
            for s in passed
        )
        times = [ms for ms, _ in timed]
        rest = [solved(counted, s) - (s in passed) for s in own]
        marks = [int(s in passed) for s in own]
        is_known = len(own) >= 10 and len({*marks}) > 1 and len({*rest}) > 1
        opened = [peek["when"] for peek in counted.peeks if peek["number"] == number]
        rows.append(
            {
                **few,
                "passed": len(passed),
                "attempts": {
                    "one": fails.count(0),
                    "two": fails.count(1),
                    "more": sum(each > 1 for each in fails),
                    "unsolved": len(own) - len(passed),
                },
                "active": quartiles(times),
                "active_times": times,
                "active_students": [student for _, student in timed],
                "peeks": {when: opened.count(when) for when in few["peeks"]},
                "peeked_before_pass": sum(counted.state(s, number) == "peeked" for s in passed),
                "difficulty": ("easy", "middle", "hard")[order.index(number) * 3 // len(order)]
                if number in order
                else None,
                "discrimination": round(correlation(marks, rest), 3) if is_known else None,
                "is_too_few": False,
            }
        )
    return {"rows": rows}


def errors(counted: Counted, now_ms: int) -> dict[str, Any]:
    stuck: dict[str, set[str]] = {}
    numbers = {
        (task.notebook, kind, item): n
        for n, task in enumerate(counted.tasks)
        for kind, items in (("cell", task.cells), ("test", task.tests))
        for item in items
    }
    for (student, notebook, kind, name), item in counted.items.items():
        key = item["attempts"][-1][1]
        number = numbers.get((notebook, kind, name))
        is_passed = number is not None and counted.passed_ms(student, number) is not None
        if key is not None and not is_passed:
            stuck.setdefault(key, set()).add(student)
    rows = []
    for key in {each["fold"] for each in counted.errors}:
        own = [each for each in counted.errors if each["fold"] == key]
        kind, message, frame = [*key.split("\n"), "", ""][:3]
        found = sorted({each["number"] for each in own if each["number"] is not None})
        rows.append(
            {
                "fold": key,
                "type": kind,
                "message": message,
                "frame": frame,
                "exercises": [counted.tasks[number].reference for number in found],
                "students": sorted({each["raw"].student for each in own}),
                "stuck": sorted(stuck.get(key, ())),
                "events": len(own),
                "first_ms": min(each["raw"].at_ms for each in own),
                "last_ms": max(each["raw"].at_ms for each in own),
            }
        )
    return {"rows": sorted(rows, key=lambda row: row["fold"])}


def peeks(counted: Counted, now_ms: int) -> dict[str, Any]:
    rows, numbers = [], []
    for peek in counted.peeks:
        raw, number = peek["raw"], peek["number"]
        passed = None if number is None else counted.passed_ms(raw.student, number)
        numbers.append(number)
        rows.append(
            {
                "student": raw.student,
                "notebook": raw.notebook,
                "exercise": None if number is None else counted.tasks[number].exercise,
                "summary": raw.told["summary"],
                "when": peek["when"],
                "open_ms": peek["open_ms"],
                "is_glance": peek["open_ms"] is not None and peek["open_ms"] < 10_000,
                "is_copied": passed is not None
                and any(_is_copy(each, raw) and each.at_ms <= passed for each in peek["behind"]),
                "at_ms": raw.at_ms,
            }
        )
    summed = []
    for number, task in enumerate(counted.tasks):
        own = [row for row, each in zip(rows, numbers, strict=True) if each == number]
        whens = [row["when"] for row in own]
        summed.append(
            {
                **task.reference,
                **{
                    w: whens.count(w)
                    for w in ("before", "after_failure", "after_run", "after_pass")
                },
                "glances": sum(row["is_glance"] for row in own),
                "copied": sum(row["is_copied"] for row in own),
                "open": quartiles([row["open_ms"] for row in own if row["open_ms"] is not None]),
            }
        )
    return {"exercises": summed, "peeks": sorted(rows, key=lambda row: row["at_ms"])}


def _is_copy(raw: Raw, opened: Raw) -> bool:
    return (
        raw.event == "paste"
        and raw.told["internal"] is True
        and raw.told["length"] >= 20
        and raw.at_ms <= opened.at_ms + 2 * MINUTE_MS
    )
