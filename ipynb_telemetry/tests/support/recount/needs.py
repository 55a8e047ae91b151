"""Who needs somebody now, recounted."""

from __future__ import annotations

from typing import Any

from ipynb_telemetry.tests.support.recount.counting import Counted
from ipynb_telemetry.tests.support.recount.figures import MINUTE_MS, last_ms, quartiles
from ipynb_telemetry.tests.support.recount.sessions import audit


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
    is_open = {session["student"] for session in _open(counted, now_ms)}
    return {
        "rows": [*rows.values()],
        "seen": [],
        "here": len(is_open),
        "here_students": [student for student in counted.students if student in is_open],
        "expected": len(counted.students),
        "not_started": len([student for student in counted.students if student not in started]),
        "not_started_students": [s for s in counted.students if s not in started],
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
        if task.tests and work["attempted"] and work["still_ms"] > _slow_ms(counted, number):
            what = "since a test passed" if work["passed"] else "and not passed"
            minutes = work["still_ms"] // MINUTE_MS
            began = work["last_received_ms"] - (work["last_ms"] - work["still_since_ms"])
            signal("S2", f"{minutes} min in {task.title} {what}", began)
        if work["fails"] >= 10 and not work["passed"]:
            signal("S3", f"{work['fails']} tests failed in {task.title}, none passed", since)
        is_open = work["peeks"] > work["closes"] and now_ms - work["last_received_ms"] >= 10_000
        if work["peeks"] and not work["attempted"] and (work["open_ms"] >= 10_000 or is_open):
            reason = f"opened the solution of {task.title} before any run"
            signal("S4", reason, work["last_received_ms"])
    return found


def _streak(counted: Counted, student: str, number: int) -> list[Any]:
    """Give the longest streak of an error among the latest attempts at an exercise's items."""
    task = counted.tasks[number]
    best: list[Any] = []
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
        else:
            latest = max(session["events"], key=lambda raw: raw.seq)
            soonest = min(raw.received_ms - raw.at_ms for raw in session["events"])
            late_ms = latest.received_ms - latest.at_ms - soonest
            if late_ms > 2 * MINUTE_MS and last >= now_ms - 10 * MINUTE_MS:
                reason = (
                    f"events come {late_ms // MINUTE_MS} min late:"
                    " what the student does now is not known"
                )
                found.append({**row, "signal": "S6", "reason": reason})
    return found
