"""One pass over the raw events of each student."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

from ipynb_telemetry.store.errorfold import fold

SLOT_MS = 300_000


class Raw(NamedTuple):
    """An event as it is stored."""

    student: str
    notebook: str
    session: str
    seq: int
    at_ms: int
    uuid: str
    event: str
    received_ms: int
    told: Mapping[str, Any]


class Task(NamedTuple):
    """An exercise of a saved outline."""

    notebook: str
    exercise: str
    title: str
    cells: Sequence[str]
    tests: Sequence[str]
    solutions: Sequence[str]

    @property
    def reference(self) -> dict[str, Any]:
        return {
            "notebook": self.notebook,
            "exercise": self.exercise,
            "title": self.title,
            "cell_id": self.cells[0] if self.cells else None,
            "is_tested": len(self.tests) > 0,
        }


def read_raw(connection: sqlite3.Connection) -> list[Raw]:
    """Give all events of a store."""
    rows = connection.execute(
        "SELECT uuid, event, distinct_id, notebook, timestamp, received_at, properties FROM events"
    )
    found = []
    for uuid, event, student, notebook, timestamp, received, text in rows:
        told = json.loads(text)
        at_ms, received_ms = milliseconds(timestamp), milliseconds(received)
        session, seq = told["session_id"], told["seq"]
        found.append(Raw(student, notebook, session, seq, at_ms, uuid, event, received_ms, told))
    return sorted(found)


def milliseconds(text: str) -> int:
    moment = datetime.fromisoformat(text.replace("Z", "")).replace(tzinfo=timezone.utc)
    return round(moment.timestamp() * 1000)


class Counted:
    """What is counted of a class, or of the part of it that is asked about."""

    def __init__(
        self,
        raws: Sequence[Raw],
        tasks: Sequence[Task],
        students: Sequence[str],
        is_asked: Callable[[Raw], bool] = lambda raw: True,
    ) -> None:
        """Count.

        Args:
            raws: all events.
            tasks: the exercises of all notebooks, in order.
            students: who counts, in order.
            is_asked: whether an event is in the time window.
        """
        self.tasks = tasks
        self.students = students
        self.sessions: list[dict[str, Any]] = []
        self.works: dict[tuple[str, int], dict[str, Any]] = {}
        self.peeks: list[dict[str, Any]] = []
        self.items: dict[tuple[str, str, str, str], dict[str, Any]] = {}
        self.errors: list[dict[str, Any]] = []
        self._number = {
            **{
                (each.notebook, "test", test): n
                for n, each in enumerate(tasks)
                for test in each.tests
            },
            **{
                (each.notebook, "cell", cell): n
                for n, each in enumerate(tasks)
                for cell in (*each.cells, *each.solutions)
            },
        }
        events: dict[tuple[str, str, str], list[Raw]] = defaultdict(list)
        for raw in raws:
            if raw.student in students:
                events[raw[:3]].append(raw)
        asked = []
        for own in events.values():
            inside = [raw for raw in own if is_asked(raw)]
            before = (
                [raw.told["active_ms"] for raw in own if raw.at_ms < inside[0].at_ms]
                if inside
                else []
            )
            if inside:
                asked.append((inside, max(before, default=0)))
        for inside, active_ms in sorted(asked, key=lambda each: each[0][0].at_ms):
            self._session(inside, active_ms)

    def task_of(self, student: str, number: int) -> dict[str, Any] | None:
        """Give a student's work at an exercise, if there is any."""
        return self.works.get((student, number))

    def passed_ms(self, student: str, number: int) -> int | None:
        """Give when the last test of an exercise passed for the first time; None: not all have."""
        work, tests = self.works.get((student, number)), self.tasks[number].tests
        if work is None or not tests or any(test not in work["passed"] for test in tests):
            return None
        return max(work["passed"].values())

    def state(self, student: str, number: int) -> str | None:
        """Name the state of an exercise."""
        work, passed_ms = self.works.get((student, number)), self.passed_ms(student, number)
        if work is None:
            return None
        if passed_ms is not None:
            is_peeked = work["first_peek_ms"] is not None and work["first_peek_ms"] < passed_ms
            return "peeked" if is_peeked else "passed"
        if work["failed"] - work["passed"].keys():
            return "failing"
        return "tried" if work["runs"] or work["tries"] else None

    def _session(self, own: Sequence[Raw], active_ms: int) -> None:
        student, notebook, name = own[0][:3]
        session: dict[str, Any] = {
            "student": student,
            "notebook": notebook,
            "session": name,
            "events": own,
            "active_ms": max(raw.told["active_ms"] for raw in own) - active_ms,
            "away_ms": 0,
            "leaves": {"page_hidden": 0, "window": 0, "tab": 0},
            "present": set(),
            "results": defaultdict(list),  # of each cell's runs: the type of the error, or None
            **dict.fromkeys(("runs", "errors", "fails", "peeks", "pastes"), 0),
        }
        self.sessions.append(session)
        total, pending, since_pass, is_away = active_ms, 0, 0, False
        passed_here: set[str] = set()
        earlier = {key: item["active_ms"] for key, item in self.items.items()}
        for raw in own:
            worked = max(0, raw.told["active_ms"] - total)
            total, pending, since_pass = total + worked, pending + worked, since_pass + worked
            was_away = is_away
            told = raw.told
            if raw.event == "blur":
                is_away = True
                session["leaves"][told["reason"]] += 1
            elif raw.event == "focus":
                is_away = False
                session["away_ms"] += min(told["away_ms"], raw.at_ms - own[0].at_ms)
            elif raw.event == "paste":
                session["pastes"] += 1
            elif raw.event in ("solution_peek", "solution_closed"):
                self._peeked(raw, session)
            elif raw.event == "cell_executed" and told["status"] in ("ok", "error"):
                self._ran(raw, session, pending)
                pending = 0
            elif raw.event in ("test_passed", "test_failed"):
                test = told["test"]
                before = earlier.get((student, notebook, "test", test), 0)
                self._tested(raw, session, pending, before + since_pass)
                pending = 0
                if raw.event == "test_passed" and test not in passed_here:
                    passed_here.add(test)
                    since_pass = 0
            if not (was_away and is_away):
                session["present"].add(min(raw.at_ms, raw.received_ms) // SLOT_MS)

    def _work(self, raw: Raw, kind: str, item: str) -> dict[str, Any]:
        number = self._number.get((raw.notebook, kind, item))
        new: dict[str, Any] = {
            **dict.fromkeys(("runs", "tries", "fails", "fails_before_pass", "active_ms"), 0),
            **dict.fromkeys(("peeks", "closes", "open_ms", "to_pass_ms", "still_ms"), 0),
            **dict.fromkeys(("first_run_ms", "first_fail_ms", "first_peek_ms"), None),
            "still_since_ms": None,  # the first run, or when a test last passed for the first time
            "passed": {},
            "failed": set(),
            "attempted": (),
        }
        # Work of no exercise is counted too, and then forgotten.
        work = new if number is None else self.works.setdefault((raw.student, number), new)
        work["last_received_ms"] = max(raw.received_ms, work.get("last_received_ms", 0))
        work["last_ms"] = max(raw.at_ms, work.get("last_ms", 0))
        return work

    def _attempted(
        self, raw: Raw, kind: str, name: str, active_ms: int, is_bad: bool
    ) -> dict[str, Any]:
        work = self._work(raw, kind, name)
        work["active_ms"] += active_ms
        work["attempted"] = (raw.received_ms, raw.at_ms, raw.seq)
        if work["first_run_ms"] is None:
            work["first_run_ms"] = work["still_since_ms"] = raw.at_ms
        else:
            work["still_ms"] += active_ms
        if is_bad and work["first_fail_ms"] is None:
            work["first_fail_ms"] = raw.at_ms
        item = self.items.setdefault(
            (raw.student, raw.notebook, kind, name), {"active_ms": 0, "attempts": []}
        )
        item["active_ms"] += active_ms
        error = raw.told.get("error") if is_bad else None
        key = fold(error["name"], error["value"], error["traceback"]) if error else None
        item["attempts"].append((raw.session, key, raw.received_ms))
        if key is not None and not raw.told.get("error_of"):
            number = self._number.get((raw.notebook, kind, name))
            self.errors.append({"fold": key, "raw": raw, "number": number})
        return work

    def _ran(self, raw: Raw, session: dict[str, Any], active_ms: int) -> None:
        is_bad = raw.told["status"] == "error"
        work = self._attempted(raw, "cell", raw.told["cell_id"], active_ms, is_bad)
        work["runs"] += 1
        session["runs"] += 1
        session["errors"] += is_bad
        result = raw.told["error"]["name"] if is_bad else None
        session["results"][raw.told["cell_id"]].append(result)

    def _tested(self, raw: Raw, session: dict[str, Any], active_ms: int, to_pass_ms: int) -> None:
        test, is_bad = raw.told["test"], raw.event == "test_failed"
        work = self._attempted(raw, "test", test, active_ms, is_bad)
        work["tries"] += 1
        if is_bad:
            session["fails"] += 1
            work["fails"] += 1
            work["failed"].add(test)
            work["fails_before_pass"] += test not in work["passed"]
        elif test not in work["passed"]:
            work["passed"][test] = work["still_since_ms"] = raw.at_ms
            work["still_ms"] = 0
            work["to_pass_ms"] += to_pass_ms

    def _peeked(self, raw: Raw, session: dict[str, Any]) -> None:
        work = self._work(raw, "cell", raw.told["cell_id"])
        key = (raw.told["cell_id"], raw.told["summary"])
        if raw.event == "solution_closed":
            work["closes"] += 1
            work["open_ms"] += raw.told["open_ms"]
            for peek in reversed(self.peeks):
                if (peek["session"], *peek["key"]) == (raw.session, *key):
                    if peek["open_ms"] is None:
                        peek["open_ms"] = raw.told["open_ms"]
                    break
            return
        session["peeks"] += 1
        work["peeks"] += 1
        if work["first_peek_ms"] is None:
            work["first_peek_ms"] = raw.at_ms
        number = self._number.get((raw.notebook, "cell", raw.told["cell_id"]))
        if number is not None and self.passed_ms(raw.student, number) is not None:
            when = "after_pass"
        elif work["first_fail_ms"] is not None:
            when = "after_failure"
        else:
            when = "before" if work["first_run_ms"] is None else "after_run"
        self.peeks.append(
            {
                "session": raw.session,
                "key": key,
                "raw": raw,
                "number": number,
                "when": when,
                "open_ms": None,
                "behind": [each for each in session["events"] if each.seq > raw.seq],
            }
        )
