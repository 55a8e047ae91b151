"""Commands on a class of which events have codes: students go by their names in the roster."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

import pytest

from ipynb_telemetry.answers.codesecret import secret_file
from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.answers.studentcodes import code_of
from ipynb_telemetry.store.accesslog import Page, log_access
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.scrubbing import holds

from ..support.asked import Story, expect, outline, two_exercises
from ..support.commandline import CommandLine

SECRET = bytes(range(32))
ANN, JOHN, TESS = (code_of(SECRET, each) for each in ("s-1", "s-2", "t-1"))


@pytest.fixture
def store(store: EventStore, path: Path) -> EventStore:
    expect(
        store,
        Member("s-1", "Ann Lee", "A"),
        Member("s-2", "John Doe", "B"),
        Member("s-3", "Kim Lim", "B"),
        Member("s-4", "Kim Lim", "A"),
        Member("t-1", "Tess", is_staff=True),
    )
    secret_file(path).write_text(f"{SECRET.hex()}\n")
    outline(store, two_exercises())
    for code in (ANN, JOHN, TESS):
        Story(store, code).run(error="'total'").test(passes=False)
    return store


def rows(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))]


def test_answers_call_students_by_the_roster(telemetry: CommandLine, store: EventStore) -> None:
    said = telemetry("answers", "progress", "--csv").out
    assert list(dict.fromkeys(row["student"] for row in rows(said))) == [
        "Ann Lee",
        "John Doe",
        "s-3",
        "s-4",
    ]
    errors = rows(telemetry("answers", "errors", "--csv").out)
    assert {error["who_is_stuck"] for error in errors} == {"Ann Lee, John Doe"}
    assert "Ann Lee" in telemetry("answers", "engagement").out
    assert "Tess" not in said
    assert ANN not in said
    named = telemetry("answers", "progress", "--json").document["result"]["students"]
    assert [row["student"] for row in named] == [ANN, JOHN, "s-3", "s-4"]


def test_exports_have_the_name_beside_the_code(telemetry: CommandLine, store: EventStore) -> None:
    found = {(row["student"], row["name"]) for row in rows(telemetry("export").out)}
    assert found == {(ANN, "Ann Lee"), (JOHN, "John Doe"), (TESS, "Tess")}
    lines = telemetry("export", "--format", "jsonl").out.splitlines()
    assert {json.loads(line)["name"] for line in lines} == {"Ann Lee", "John Doe", "Tess"}


@pytest.mark.parametrize("named", ["Ann Lee", "s-1", ANN])
def test_a_student_is_exported_by_name_id_and_code(
    telemetry: CommandLine, store: EventStore, named: str
) -> None:
    found = rows(telemetry("export", "--student", named).out)
    assert [(row["student"], row["name"]) for row in found] == [(ANN, "Ann Lee")] * 2
    read = telemetry("access", "--json", "--student", ANN).document["visits"]
    assert len(read) == 1, "the student is told that somebody read"


@pytest.mark.parametrize("named", ["Ann Lee", "ann  lee", "s-1", ANN])
def test_who_read_of_a_student_is_said_by_name_id_and_code(
    telemetry: CommandLine, store: EventStore, named: str
) -> None:
    for student in (ANN, "s-1", JOHN, ""):
        store.database.use(partial(log_access, page=Page("teacher", student), at_ms=1))
    read = telemetry("access", "--json", "--student", named).document["visits"]
    assert [visit["student"] for visit in read] == [ANN, "s-1", ""]


def test_of_two_with_one_name_nobody_is_said_to_have_been_read_of(
    telemetry: CommandLine, store: EventStore
) -> None:
    outcome = telemetry("access", "--student", "Kim Lim")
    assert (outcome.status, outcome.out) == (1, "")
    assert "several students of the roster are called Kim Lim: name one of s-3, s-4" in outcome.err
    # Whoever never came is in answers about the class all the same.
    assert telemetry("access", "--student", "s-3").status == 0
    assert "no such student: Nobody" in telemetry("access", "--student", "Nobody").err


def test_of_two_with_one_name_none_is_exported(telemetry: CommandLine, store: EventStore) -> None:
    for student in ("s-3", "s-4"):
        Story(store, code_of(SECRET, student)).run()
    outcome = telemetry("export", "--student", "Kim Lim")
    assert (outcome.status, outcome.out) == (1, "")
    named = ", ".join(code_of(SECRET, student) for student in ("s-3", "s-4"))
    assert f"several students of the roster are called Kim Lim: name one of {named}" in outcome.err
    assert "no such student: Nobody" in telemetry("export", "--student", "Nobody").err


def test_a_summary_has_the_roster_s_students_and_no_staff(
    telemetry: CommandLine, store: EventStore
) -> None:
    Path("class.csv").write_text("id,name,group,staff\ns-1,Ann,A,\ns-3,Kim,A,\nt-1,,,yes\n")
    said = telemetry("export", "--summary", "--roster", "class.csv", "--format", "csv").out
    found = [(row["student"], row["name"], row["group"], row["state"]) for row in rows(said)]
    assert sorted(found) == sorted(
        [
            (JOHN, "", "", "failing"),
            (ANN, "Ann", "A", "failing"),
            ("s-3", "Kim", "A", "not tried"),
        ]
    )
    shown = telemetry("export", "--summary", "--format", "table").out.splitlines()
    assert shown[0].split()[:3] == ["student", "name", "notebook"]
    assert [line for line in shown if line.startswith(f"{ANN}  Ann Lee")]


@pytest.mark.parametrize("named", ["Ann Lee", "s-1", ANN])
def test_a_student_is_forgotten_by_name_id_and_code(
    telemetry: CommandLine, store: EventStore, named: str
) -> None:
    path = Path(store.database.path)
    tried = telemetry("forget", named, "--dry-run", "--json").document
    assert tried["ids"] == ["s-1", ANN]
    assert (tried["found"]["events"], tried["found"]["roster"]) == (2, 1)
    outcome = telemetry("forget", named, "--yes")
    assert outcome.status == 0
    assert f"s-1 and {ANN} is erased" in outcome.out
    assert outcome.err.count("exports, backups and copies") == 1
    assert f"jupyter telemetry posthog forget {ANN}" in outcome.err
    journal = path.with_name(f"{path.name}-wal")
    for text in (ANN, "Ann Lee", "s-1"):
        assert not holds(path, text)
        assert not holds(journal, text)
    Story(store, JOHN).run()
    assert "John Doe" in telemetry("answers", "progress").out


def test_of_two_with_one_name_none_is_forgotten(telemetry: CommandLine, store: EventStore) -> None:
    outcome = telemetry("forget", "Kim Lim", "--yes")
    assert (outcome.status, outcome.out) == (1, "")
    assert "several students of the roster are called Kim Lim: name one of s-3, s-4" in outcome.err
    assert len(telemetry("roster", "--json").document["members"]) == 5


def test_who_never_came_is_forgotten_by_name(telemetry: CommandLine, store: EventStore) -> None:
    telemetry("forget", "s-4", "--yes")
    document = telemetry("forget", "kim lim", "--yes", "--json").document
    ids = ["s-3", code_of(SECRET, "s-3")]
    assert (document["ids"], document["erased"]["roster"]) == (ids, 1)
    outcome = telemetry("forget", "Nobody", "--yes")
    assert (outcome.status, "no such student: Nobody" in outcome.err) == (1, True)


def test_what_comes_late_under_the_code_is_refused_though_nothing_came_before(
    telemetry: CommandLine, store: EventStore
) -> None:
    late = code_of(SECRET, "s-3")
    document = telemetry("forget", "s-3", "--yes", "--json").document
    assert document["erased"]["roster"] == 1
    Story(store, late).run()
    assert late not in telemetry("export").out
