"""Three ways agree on a simulated class: Python and HTTP, the command line, and a plain recount.

See `tests.support.taughtclass` for who is in the class.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from copy import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ipynb_telemetry.answers import classhandler
from ipynb_telemetry.answers.codesecret import secret_file
from ipynb_telemetry.answers.people import Statement, say
from ipynb_telemetry.answers.studentcodes import code_of
from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.cli.answertables import TABLES
from ipynb_telemetry.cli.commands import answers as command
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.event import Event, epoch_to_utc
from ipynb_telemetry.tests.support.commandline import CommandLine
from ipynb_telemetry.tests.support.recount.catalog import RECOUNTED
from ipynb_telemetry.tests.support.recount.counting import Counted, Raw, read_raw
from ipynb_telemetry.tests.support.recount.figures import MINUTE_MS
from ipynb_telemetry.tests.support.recount.progress import solved_at
from ipynb_telemetry.tests.support.recount.sessions import late_p95_ms
from ipynb_telemetry.tests.support.taughtclass import (
    BEGIN_MS,
    NOW_MS,
    Class,
    example_class,
    fill,
)

SINCE_MS, UNTIL_MS = BEGIN_MS + 17 * MINUTE_MS, BEGIN_MS + 44 * MINUTE_MS

RENAMED = "ANOTHER_NAME"
SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def a_class() -> Class:
    return example_class()


@pytest.fixture(scope="module")
def filled(a_class: Class, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collector's file in which the class has arrived."""
    path = tmp_path_factory.mktemp("class") / "events.sqlite3"
    fill(path, a_class)
    return path


@pytest.fixture
def taught(filled: Path, collector: IpynbTelemetryApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that has the class, at the end of the lesson."""
    teach(filled, collector, monkeypatch)


def teach(filled: Path, collector: IpynbTelemetryApp, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(collector.database_path).parent.mkdir(exist_ok=True)
    shutil.copy(filled, collector.database_path)
    monkeypatch.setattr(classhandler, "now_ms", lambda: NOW_MS)
    monkeypatch.setattr(command, "time", SimpleNamespace(time=lambda: NOW_MS / 1000))


@pytest.fixture(scope="module")
def filled_by_codes(a_class: Class, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collector's file in which the class has arrived under its codes."""
    path = tmp_path_factory.mktemp("coded") / "events.sqlite3"
    coded = copy(a_class)
    coded.played = [(at_s, under_code(event)) for at_s, event in a_class.played]
    fill(path, coded)
    told = str(coded.played)
    assert not [student for student in a_class.students() if student in told]
    secret_file(path).write_text(f"{SECRET.hex()}\n")
    return path


@pytest.fixture
def coded(
    filled_by_codes: Path, collector: IpynbTelemetryApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that has the class under its codes, at the end of the lesson."""
    teach(filled_by_codes, collector, monkeypatch)
    shutil.copy(secret_file(filled_by_codes), secret_file(Path(collector.database_path)))


def under_code(event: Event) -> Event:
    """Give an event as a page sends it that names students by their codes."""
    code = code_of(SECRET, event.distinct_id)
    properties = {**json.loads(event.properties), "student_id": code, "student_name": code}
    return event._replace(distinct_id=code, properties=json.dumps(properties))


def is_between(since_ms: int | None, until_ms: int | None) -> Any:
    def is_asked(raw: Raw) -> bool:
        at_ms = min(raw.at_ms, raw.received_ms)
        return (since_ms or 0) <= at_ms <= (until_ms or NOW_MS)

    return is_asked


QUESTIONS: list[dict[str, Any]] = [
    {},
    {"group": "A"},
    {"group": "B"},
    {"notebook": "D2"},
    {"since": SINCE_MS, "until": UNTIL_MS},
    {"since": SINCE_MS},
    {"until": UNTIL_MS, "group": "A"},
]


@pytest.mark.parametrize("merged", [False, True], ids=["as-sent", "merged"])
@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: "-".join(asked) or "everything")
async def test_three_ways_agree(
    asked: dict[str, Any],
    merged: bool,
    a_class: Class,
    taught: None,
    ask: Any,
    collector: IpynbTelemetryApp,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    line = CommandLine(capfd, tmp_path)
    await agree(
        asked, a_class, a_class.students(asked.get("group", "")), merged, ask, collector, line
    )


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: "-".join(asked) or "everything")
async def test_three_ways_agree_on_a_class_of_codes(
    asked: dict[str, Any],
    a_class: Class,
    coded: None,
    ask: Any,
    collector: IpynbTelemetryApp,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """Groups and staff are those of the roster, whose ids no event has."""
    came = {event.distinct_id for _, event in a_class.played}
    students = [
        code_of(SECRET, student) if student in came else student
        for student in a_class.students(asked.get("group", ""))
    ]
    assert came.isdisjoint(students)
    line = CommandLine(capfd, tmp_path)
    await agree(asked, a_class, students, False, ask, collector, line)


async def agree(
    asked: dict[str, Any],
    a_class: Class,
    students: list[str],
    merged: bool,
    ask: Any,
    collector: IpynbTelemetryApp,
    line: CommandLine,
) -> None:
    told: dict[str, Any] = {**asked}
    for name in {"since", "until"} & {*asked}:
        told[name] = epoch_to_utc(asked[name] / 1000)
    options = [part for name, value in told.items() for part in (f"--{name}", str(value))]
    raws = await collector.off_loop(lambda: collector.store.database.use(read_raw))
    claimed = {raw.session: raw.student for raw in raws}
    if merged:
        if asked:
            await ask("needs", **told)  # a replay of the window is kept, and is to follow
        before = {raw.student for raw in raws}
        raws = await collector.off_loop(
            lambda: collector.store.database.use(lambda store: merge(store, raws, a_class))
        )
        gone = before - {raw.student for raw in raws}
        # Of a name that is in no roster no group is known.
        new = [] if "group" in asked else [RENAMED]
        students = [*(student for student in students if student not in gone), *new]
    wrong: list[str] = []
    for name, recounted in RECOUNTED.items():
        _, answered = await ask(name, **told)
        answered.pop("rev")
        if name in TABLES:
            said = line("answers", name, "--json", "--database", collector.database_path, *options)
            assert {key: said.document[key] for key in answered} == answered, name
        cut = {key: value for key, value in asked.items() if key in ("since", "until")}
        if name == "audit":
            cut = {}
        if name == "needs":
            cut.pop("since", None)
        tasks = [each for each in a_class.tasks if asked.get("notebook") in (None, each.notebook)]
        counted = Counted(
            [raw for raw in raws if asked.get("notebook") in (None, raw.notebook)],
            tasks,
            students,
            is_between(cut.get("since"), cut.get("until")),
        )
        now_ms = NOW_MS if name == "audit" else asked.get("until", NOW_MS)
        if name == "audit":
            for row in answered["result"]["sessions"]:
                assert row.pop("claimed") == claimed[row["session"]]
        found = compared(name, answered["result"], counted)
        wrong += differences(found, recounted(counted, now_ms), name)
    assert wrong == []


def merge(connection: sqlite3.Connection, raws: list[Raw], a_class: Class) -> list[Raw]:
    """Say who is whom, in several ways; gives the events as if each had its person's name.

    Somebody goes by another name; a session becomes a person of its own, who is then found to be
    a third; a session changes hands; and something is said and taken back.
    """
    own: dict[str, dict[str, list[str]]] = {student: {} for student in a_class.students()}
    for raw in sorted(raws, key=lambda each: each.at_ms):
        if raw.student in own:
            sessions = own[raw.student].setdefault(raw.notebook, [])
            sessions += [] if raw.session in sessions else [raw.session]
    lesson = a_class.lesson.notebook
    renamed, *others = (student for student, found in own.items() if len(found.get(lesson, ())) > 1)
    giver, split = others[0], others[1]
    once = [student for student, found in own.items() if len(found.get(lesson, ())) == 1]
    taker = next(student for student in once if "D2" in own[student])
    third = next(student for student in once if "D2" not in own[student])
    early, day_before = own[giver][lesson][0], own[split]["D2"][0]
    with transaction(connection):
        for student, which, person in (
            (renamed, (), RENAMED),
            (giver, (early,), taker),
            (split, (day_before,), "SPLIT_OFF"),
            ("SPLIT_OFF", (), third),
        ):
            say(connection, Statement(student, which, person), "staff", 1)
        wrong = say(connection, Statement(taker, (), third), "staff", 2)
        say(connection, wrong, "staff", 3)
    of = {early: taker, day_before: third}
    return sorted(
        raw._replace(
            student=RENAMED if raw.student == renamed else of.get(raw.session, raw.student)
        )
        for raw in raws
    )


def differences(answered: Any, counted: Any, path: str) -> list[str]:
    """Name each figure that is another one in the recount."""
    if isinstance(answered, dict) and isinstance(counted, dict):
        keys: Any = dict.fromkeys((*answered, *counted))
    elif isinstance(answered, list) and isinstance(counted, list) and len(answered) == len(counted):
        keys = range(len(answered))
    else:
        return [] if answered == counted else [f"{path}: {answered}, recounted {counted}"]
    found = []
    for key in keys:
        try:
            found += differences(answered[key], counted[key], f"{path}.{key}")
        except KeyError:
            found.append(f"{path}.{key}: only on one side")
    return found


def compared(name: str, result: dict[str, Any], counted: Counted) -> dict[str, Any]:
    """Look at what the recount has in another form, and give the rest."""
    if name == "frontier":
        points = result.pop("over_time")
        assert len(points) > 20
        for point in points:
            at_ms = point.pop("at_ms")
            assert point == solved_at(counted, at_ms)
    if name == "errors":
        rows = result["rows"]
        order = [(-len(row["stuck"]), -len(row["students"]), -row["events"]) for row in rows]
        assert order == sorted(order)
        for row in rows:
            sample = row.pop("sample")
            uuids = {each["raw"].uuid for each in counted.errors if each["fold"] == row["fold"]}
            assert sample["uuid"] in uuids
            assert len(row.pop("spark")) == 12
            del row["names"]
        rows.sort(key=lambda row: row["fold"])
    if name == "audit":
        assert f"of {len(result['sessions'])} sessions" in result.pop("line")
        for row in result["sessions"]:
            late = row.pop("late_p95_ms")
            exact = late_p95_ms(counted, row["session"])
            assert late == pytest.approx(exact, abs=64 + exact / 16)
        result["sessions"].sort(key=lambda row: row["session"])
    return result


async def test_each_figure_of_a_student_opens_as_many_events(taught: None, ask: Any) -> None:
    _, everybody = await ask("students")
    rows = everybody["result"]["rows"]
    figures = ("runs", "errors", "fails", "peeks", "pastes")
    assert all(any(row[figure] for row in rows) for figure in figures)
    for row in rows[:12]:
        for figure in figures:
            events: list[Any] = []
            before: str | None = ""
            while before is not None:
                _, answered = await ask(
                    "student", student=row["student"], only=figure, before=before
                )
                page = answered["result"]
                events, before = page["events"] + events, page["before"]
            assert len({event["uuid"] for event in events}) == row[figure], (row, figure)
