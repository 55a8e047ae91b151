"""The answers of a class that was counted plainly; see `recount`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import correlation, median
from typing import Any

from ipynb_telemetry.tests.support.recount import SLOT_MS, Counted, Raw

MINUTE_MS = 60_000
TOO_FEW = 5


def quartiles(values: Sequence[float], least: int = TOO_FEW) -> dict[str, Any] | None:
    """Give count, median and quartiles, interpolated between neighbours."""
    if len(values) < max(1, least):
        return None
    ordered = sorted(values)

    def at(share: float) -> float:
        place = (len(ordered) - 1) * share
        low = int(place)
        high = ordered[min(low + 1, len(ordered) - 1)]
        return round(ordered[low] + (high - ordered[low]) * (place - low), 3)

    return {"n": len(ordered), "q1": at(0.25), "median": at(0.5), "q3": at(0.75)}


def own_sessions(counted: Counted, student: str) -> list[dict[str, Any]]:
    return [session for session in counted.sessions if session["student"] == student]


def active_ms(counted: Counted, student: str) -> int:
    return sum(session["active_ms"] for session in own_sessions(counted, student))


def last_ms(counted: Counted, student: str) -> int | None:
    return max(
        (raw.received_ms for each in own_sessions(counted, student) for raw in each["events"]),
        default=None,
    )


def span_and_away(counted: Counted, student: str) -> tuple[int, int]:
    span = away = 0
    for session in own_sessions(counted, student):
        times = [raw.at_ms for raw in session["events"]]
        span += max(times) - min(times)
        away += min(session["away_ms"], max(times) - min(times))
    return span, away


def share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0


def solved(counted: Counted, student: str) -> int:
    numbers = range(len(counted.tasks))
    return sum(counted.passed_ms(student, number) is not None for number in numbers)


def progress(counted: Counted, now_ms: int) -> dict[str, Any]:
    first = now_ms // SLOT_MS - 11
    rows = []
    for student in counted.students:
        spark = [0] * 12
        for session in own_sessions(counted, student):
            for raw in session["events"]:
                slot = min(raw.at_ms, raw.received_ms) // SLOT_MS - first
                if 0 <= slot < 12:
                    spark[slot] += 1
        cells = []
        for number in range(len(counted.tasks)):
            work, state = counted.task_of(student, number), counted.state(student, number)
            cells.append(
                None
                if work is None or state is None
                else {
                    "state": state,
                    "runs": work["runs"],
                    "tries": work["tries"],
                    "fails": work["fails_before_pass"],
                    "active_ms": work["active_ms"],
                    "last_ms": work["last_received_ms"],
                }
            )
        rows.append(
            {
                "student": student,
                "solved": solved(counted, student),
                "last_ms": last_ms(counted, student),
                "active_ms": active_ms(counted, student),
                "spark": spark,
                "cells": cells,
            }
        )
    shares = [
        share(
            sum(counted.passed_ms(student, n) is not None for student in counted.students),
            len(rows),
        )
        for n in range(len(counted.tasks))
    ]
    return {
        "exercises": [task.reference for task in counted.tasks],
        "students": rows,
        "solved_share": shares,
        "active": quartiles([each["active_ms"] for each in rows if each["active_ms"]]),
    }


def frontier(counted: Counted, now_ms: int) -> dict[str, Any]:
    count = len(counted.tasks)
    here, done, not_started, places = [0] * count, 0, 0, []
    for student in counted.students:
        touched = {
            number: counted.works[student, number]["attempted"]
            for number in range(count)
            if (student, number) in counted.works and counted.works[student, number]["attempted"]
        }
        if not touched:
            not_started += 1
            continue
        places.append(solved(counted, student))
        at: int | None = max(touched, key=lambda number: touched[number])
        if counted.passed_ms(student, at) is not None:
            same = [
                n for n in range(count) if counted.tasks[n].notebook == counted.tasks[at].notebook
            ]
            behind = [n for n in same if n > at] + [
                n for n in same if n < at and counted.tasks[n].tests
            ]
            at = next((n for n in behind if counted.passed_ms(student, n) is None), None)
        if at is None:
            done += 1
        else:
            here[at] += 1
    return {
        "exercises": [
            {
                **task.reference,
                "here": here[n],
                "solved": sum(counted.passed_ms(s, n) is not None for s in counted.students),
            }
            for n, task in enumerate(counted.tasks)
        ],
        "done": done,
        "not_started": not_started,
        "place": quartiles(places, 1),
    }


def solved_at(counted: Counted, at_ms: int) -> dict[str, Any] | None:
    """Give the quartiles of exercises solved until a moment, of those who tried any."""
    triers = {s for (s, _), work in counted.works.items() if work["attempted"]}
    return quartiles(
        [
            sum(
                (passed := counted.passed_ms(student, n)) is not None and passed <= at_ms
                for n in range(len(counted.tasks))
            )
            for student in triers
        ],
        1,
    )


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
        times = sorted(
            min(works[s]["active_ms"], works[s]["to_pass_ms"] or works[s]["active_ms"])
            for s in passed
        )
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


def time(counted: Counted, now_ms: int) -> dict[str, Any]:
    rows = []
    for student in counted.students:
        own = [
            0 if (work := counted.task_of(student, n)) is None else work["active_ms"]
            for n in range(len(counted.tasks))
        ]
        active = active_ms(counted, student)
        rows.append(
            {
                "student": student,
                "active_ms": active,
                "is_estimated": False,
                "exercises": own,
                "elsewhere_ms": active - sum(own),
            }
        )
    return {
        "idle_cap_ms": 60_000,
        "pause_cap_ms": 180_000,
        "exercises": [task.reference for task in counted.tasks],
        "students": rows,
        "active": quartiles([row["active_ms"] for row in rows if row["active_ms"]]),
        "by_exercise": [
            quartiles([row["exercises"][n] for row in rows if row["exercises"][n]])
            for n in range(len(counted.tasks))
        ],
    }


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


def engagement(counted: Counted, now_ms: int) -> dict[str, Any]:
    rows = []
    for student in counted.students:
        own = own_sessions(counted, student)
        if not own:
            continue
        span, away = span_and_away(counted, student)
        rows.append(
            {
                "student": student,
                "span_ms": span,
                "away_ms": away,
                "away_share": share(away, span),
                "leaves": {
                    reason: sum(each["leaves"][reason] for each in own)
                    for reason in ("page_hidden", "window", "tab")
                },
                "present": sorted({slot * SLOT_MS for each in own for slot in each["present"]}),
            }
        )
    slots = sorted({slot for row in rows for slot in row["present"]})
    return {
        "slots": [
            {"at_ms": slot, "present": sum(slot in row["present"] for row in rows)}
            for slot in slots
        ],
        "students": rows,
        "away_share": quartiles([row["away_share"] for row in rows]),
    }


def audit(counted: Counted, now_ms: int) -> dict[str, Any]:
    counts = dict.fromkeys(("complete", "open", "silent", "incomplete"), 0)
    rows = []
    for session in counted.sessions:
        own: Sequence[Raw] = session["events"]
        got = {raw.seq for raw in own}
        told = [raw.told for raw in own if raw.event == "events_dropped"]
        given_up = {
            seq
            for each in told
            if each["reason"] == "storage"
            for seq in range(each["first_seq"], each["last_seq"] + 1)
        } - got
        missing = max(got) - len(got) - len(given_up)
        is_ended = any(raw.event == "session_ended" for raw in own)
        last = max(raw.received_ms for raw in own)
        is_silent = now_ms - last > 10 * MINUTE_MS
        if not is_ended and not is_silent:
            state = "open"
        elif missing:
            state = "incomplete"
        else:
            state = "complete" if is_ended else "silent"
        counts[state] += 1
        rows.append(
            {
                **{name: session[name] for name in ("student", "notebook", "session")},
                "state": state,
                "expected": max(got),
                "got": len(got),
                "explained": len(given_up),
                "missing": missing,
                "suppressed": sum(each["count"] for each in told if each["reason"] == "rate"),
                "invalid": sum(each["count"] for each in told if each["reason"] == "invalid"),
                "first_ms": min(raw.received_ms for raw in own),
                "last_ms": last,
            }
        )
    return {"counts": counts, "sessions": sorted(rows, key=lambda row: row["session"])}


def late_p95_ms(counted: Counted, session: str) -> int:
    """Give the lateness that one event in twenty exceeds."""
    (own,) = [each["events"] for each in counted.sessions if each["session"] == session]
    late = sorted(raw.received_ms - raw.at_ms for raw in own)
    return late[len(late) - 1 - len(late) // 20] - late[0]


def students(counted: Counted, now_ms: int) -> dict[str, Any]:
    rows = []
    for student in counted.students:
        own = own_sessions(counted, student)
        points, pairs, density = 0, 0, 0.0
        for session in own:
            results = session["results"]
            pairs += max(0, len(results) - 1)
            stretch = 1
            for before, result in pairwise(results):
                if before is not None and result is not None:
                    points += 11 if before == result else 8
                if before is not None and before == result:
                    stretch += 1
                else:
                    density += (stretch - 1) ** 2 / stretch
                    stretch = 1
            density += (stretch - 1) ** 2 / stretch
        span, away = span_and_away(counted, student)
        rows.append(
            {
                "student": student,
                "notebooks": sorted({session["notebook"] for session in own}),
                "solved": solved(counted, student),
                "of": len(counted.tasks),
                **{
                    name: sum(session[name] for session in own)
                    for name in ("runs", "errors", "fails", "peeks", "pastes")
                },
                "active_ms": active_ms(counted, student),
                "away_share": share(away, span) if span else None,
                "eq": round(points / 11 / pairs, 3) if pairs else None,
                "red": round(density, 3) if any(len(s["results"]) > 1 for s in own) else None,
                "last_ms": last_ms(counted, student),
            }
        )
    return {"rows": rows}


def needs(counted: Counted, now_ms: int) -> dict[str, Any]:
    signals = [*_of_work(counted, now_ms), *_of_sessions(counted, now_ms)]
    rows: dict[str, dict[str, Any]] = {}
    for signal in sorted(
        signals, key=lambda each: (each["signal"], each["since_ms"], each["student"])
    ):
        row = rows.setdefault(signal["student"], {**signal, "also": []})
        if signal["signal"] not in (row["signal"], *row["also"]):
            row["also"].append(signal["signal"])
    started = {session["student"] for session in counted.sessions}
    return {
        "rows": [*rows.values()],
        "seen": [],
        "here": len({session["student"] for session in _open(counted, now_ms)}),
        "expected": len(counted.students),
        "not_started": len([student for student in counted.students if student not in started]),
    }


def _of_work(counted: Counted, now_ms: int) -> list[dict[str, Any]]:
    recent = now_ms - 10 * MINUTE_MS
    found = []
    for (student, number), work in counted.works.items():
        task = counted.tasks[number]
        heard = last_ms(counted, student) or 0
        if counted.passed_ms(student, number) is not None or heard < recent:
            continue

        def signal(name: str, reason: str, since_ms: int) -> None:
            found.append(
                {
                    "student": student,  # noqa: B023
                    "notebook": task.notebook,  # noqa: B023
                    "exercise": task.exercise,  # noqa: B023
                    "title": task.title,  # noqa: B023
                    "signal": name,
                    "reason": reason,
                    "since_ms": since_ms,
                    "last_ms": heard,  # noqa: B023
                }
            )

        streak = _streak(counted, student, number)
        if len(streak) >= 3 and work["last_received_ms"] >= recent:
            kind = streak[0][1].partition("\n")[0]
            signal("S1", f"same {kind} {len(streak)} times in {task.title}", streak[0][2])
        begun = work["first_run_ms"] or work["last_ms"]
        since = work["last_received_ms"] - (work["last_ms"] - begun)
        minutes = work["active_ms"] // MINUTE_MS
        if task.tests and work["attempted"] and work["active_ms"] > _slow_ms(counted, number):
            signal("S2", f"{minutes} min in {task.title} and not passed", since)
        if work["fails"] >= 10 and not work["passed"]:
            signal("S3", f"{work['fails']} tests failed in {task.title}, none passed", since)
        is_open = work["peeks"] > work["closes"] and now_ms - work["last_received_ms"] >= 10_000
        if work["peeks"] and not work["attempted"] and (work["open_ms"] >= 10_000 or is_open):
            reason = f"opened the solution of {task.title} before any run"
            signal("S4", reason, work["last_received_ms"])
    return found


def _streak(counted: Counted, student: str, number: int) -> list[Any]:
    """Give the longest streak of an error among the latest attempts at an exercise's items."""
    task, best = counted.tasks[number], []
    for kind, names in (("cell", task.cells), ("test", task.tests)):
        for name in names:
            item = counted.items.get((student, task.notebook, kind, name))
            if item is None:
                continue
            streak: list[Any] = []
            for attempt in reversed(item["attempts"]):
                if attempt[:2] != item["attempts"][-1][:2] or attempt[1] is None:
                    break
                streak.insert(0, attempt)
            best = max(best, streak, key=len)
    return best


def _slow_ms(counted: Counted, number: int) -> float:
    """Give five minutes, or what three quarters of at least eight classmates stayed below."""
    times = sorted(
        min(work["active_ms"], work["to_pass_ms"] or work["active_ms"])
        for (student, each), work in counted.works.items()
        if each == number and counted.passed_ms(student, number) is not None
    )
    if len(times) < 8:
        return 5 * MINUTE_MS
    found = quartiles(times)
    return max(5 * MINUTE_MS, found["q3"]) if found else 0


def _open(counted: Counted, now_ms: int) -> list[dict[str, Any]]:
    return [
        session
        for session in counted.sessions
        if not any(raw.event == "session_ended" for raw in session["events"])
        and max(raw.received_ms for raw in session["events"]) >= now_ms - 60 * MINUTE_MS
    ]


def _of_sessions(counted: Counted, now_ms: int) -> list[dict[str, Any]]:
    found, opened = [], _open(counted, now_ms)
    heard = {id(each): max(raw.received_ms for raw in each["events"]) for each in opened}
    at_work = [each for each in opened if heard[id(each)] >= now_ms - 10 * MINUTE_MS]
    audited = {row["session"]: row["missing"] for row in audit(counted, now_ms)["sessions"]}
    for session in opened:
        last, student = heard[id(session)], session["student"]
        row = {
            "student": student,
            "notebook": session["notebook"],
            "exercise": None,
            "title": None,
            "since_ms": last,
            "last_ms": last,
        }
        is_quiet = student not in {each["student"] for each in at_work}
        if len(at_work) * 2 >= len(opened) and is_quiet:
            reason = f"quiet for {(now_ms - last) // MINUTE_MS} min"
            found.append({**row, "signal": "S5", "reason": reason})
        missing = audited[session["session"]]
        first = min(raw.received_ms for raw in session["events"])
        if missing and now_ms - first >= 2 * MINUTE_MS:
            many = "events are" if missing > 1 else "event is"
            reason = f"{missing} {many} not here: what the student does is not all known"
            found.append({**row, "signal": "S6", "reason": reason})
    return found


RECOUNTED: dict[str, Callable[[Counted, int], dict[str, Any]]] = {
    "needs": needs,
    "progress": progress,
    "frontier": frontier,
    "errors": errors,
    "exercises": exercises,
    "time": time,
    "peeks": peeks,
    "engagement": engagement,
    "audit": audit,
    "students": students,
}
"""What is counted for each answer, as of a moment."""
