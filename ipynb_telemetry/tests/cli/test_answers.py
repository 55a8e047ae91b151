"""`jupyter telemetry answers`, `roster` and `outline --save`, on a collector's file."""

import csv
import io
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.answers.catalog import give
from ipynb_telemetry.answers.people import Statement, say
from ipynb_telemetry.answers.question import Question
from ipynb_telemetry.cli.answertables import TABLES
from ipynb_telemetry.cli.main import VERBS
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.events import EventStore

from ..support.asked import Story, outline, two_exercises
from ..support.commandline import EXAMPLE, CommandLine


@pytest.fixture
def lesson(store: EventStore) -> None:
    outline(store, two_exercises())
    ann = Story(store, "ANN_LEE").run(error="'total'", active_ms=30_000)
    ann.test(passes=False, active_ms=60_000).test(passes=False, active_ms=90_000)
    john = Story(store, "JOHN_DOE").test(passes=False, active_ms=60_000).peek()
    john.test(passes=True, active_ms=120_000).run("b", active_ms=150_000)
    pairs = [("one", "ANN_LEE", 1_000, 5_000), ("one", "JOHN_DOE", 2_000, 4_000)]
    store.database.use(
        lambda connection: connection.executemany("INSERT INTO sender VALUES (?, ?, ?, ?)", pairs)
    )

    def say_and_take_back(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            slip = say(connection, Statement("ANN_LEE", (), "JOHN_DOE"), "staff", 1_000)
            say(connection, slip, "staff", 2_000)

    store.database.use(say_and_take_back)


def test_the_output_in_the_reference_is_what_is_said(telemetry: CommandLine, lesson: None) -> None:
    outcome = telemetry("answers", "progress")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == VERBS["answers"].OUTPUT.partition("\n")[2]


@pytest.mark.parametrize("name", TABLES)
def test_the_document_is_that_of_the_server(
    name: str, telemetry: CommandLine, lesson: None, path: Path
) -> None:
    document = telemetry("answers", name, "--json").document
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        asked = Question(now_ms=int(time.time() * 1000))
        expected: Any = give(connection, name, asked)
    assert document["result"] == expected["result"]
    assert (document["ok"], document["answer"]) == (True, name)


@pytest.mark.parametrize("name", TABLES)
def test_every_answer_is_a_table_for_spreadsheets_too(
    name: str, telemetry: CommandLine, lesson: None
) -> None:
    outcome = telemetry("answers", name, "--csv")
    rows = list(csv.DictReader(io.StringIO(outcome.out)))
    assert outcome.status == 0
    assert [*rows[0]] == [*TABLES[name].columns] if rows else name == "needs"
    assert telemetry("answers", name).status == 0


def test_what_is_asked_about_is_narrowed(
    telemetry: CommandLine, lesson: None, tmp_path: Path
) -> None:
    roster = tmp_path / "class.csv"
    roster.write_text("id,group,staff\nANN_LEE,A,no\nKIM_LIM,A,no\nJOHN_DOE,,yes\n")
    assert telemetry("roster", roster).status == 0
    students = [
        row["student"]
        for row in telemetry("answers", "progress", "--json").document["result"]["students"]
    ]
    assert students == ["ANN_LEE", "KIM_LIM"]
    assert telemetry("answers", "progress", "--group", "B").status == 2
    assert (
        "no such notebook: D2; there is D1"
        in telemetry("answers", "progress", "--notebook", "D2").err
    )
    before = telemetry("answers", "progress", "--until", "2020-01-01", "--json").document
    assert [row["solved"] for row in before["result"]["students"]] == [0, 0]
    assert before["result"]["students"][0]["last_ms"] is None
    assert "no day and no time" in telemetry("answers", "needs", "--since", "noon").err
    assert telemetry("answers", "needs", "--csv", "--json").status == 2


def test_a_file_of_an_older_version_is_named(telemetry: CommandLine, path: Path) -> None:
    assert "There is no collector's file" in telemetry("answers", "needs").err
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 5")
    outcome = telemetry("answers", "needs")
    assert outcome.status == 1
    assert "start Jupyter once" in outcome.err


def test_a_roster_is_kept_shown_and_removed(telemetry: CommandLine) -> None:
    Path("class.csv").write_text(
        "id,name,group,staff\nJOHN_DOE,John Doe,A,\nANN_LEE,Ann Lee,B,\nTEACHER,,,yes\n"
    )
    expected = VERBS["roster"].OUTPUT.partition("\n")[2]
    assert telemetry("roster", "class.csv", "--dry-run").status == 0
    assert telemetry("roster").status == 1, "nothing was written"
    assert telemetry("roster", "class.csv").out == expected
    assert telemetry("roster").out == expected
    assert telemetry("roster", "--remove").out == "no roster is kept\n"
    assert telemetry("roster").out == "no roster is kept\n"
    Path("bad.csv").write_text("id\nA\nA\n")
    outcome = telemetry("roster", "bad.csv")
    assert (outcome.status, "has A in line 2" in outcome.err) == (1, True)


def test_an_outline_is_kept_for_the_answers(telemetry: CommandLine, store: EventStore) -> None:
    Path("D1.ipynb").write_bytes(EXAMPLE.read_bytes())
    assert telemetry("outline", "D1.ipynb", "--save", "--dry-run").out.endswith(
        "1 outline would be kept\n"
    )
    outcome = telemetry("outline", "D1.ipynb", "--save")
    assert (outcome.status, outcome.out.endswith("1 outline kept\n")) == (0, True)
    Story(store, "JOHN_DOE", notebook="D1_Python_Tooling").run("ex1-code").test(
        "1 virtual environment", passes=True
    )
    result = telemetry("answers", "progress", "--json").document["result"]
    assert result["exercises"][0]["title"] == "1. Virtual environments"
    assert result["students"][0]["cells"][0]["state"] == "passed"
    assert len(result["exercises"]) == 7


def test_an_outline_that_means_two_things_is_not_kept(telemetry: CommandLine, path: Path) -> None:
    for name in ("a.ipynb", "b.ipynb"):
        Path(name).write_bytes(EXAMPLE.read_bytes())
    outcome = telemetry("outline", ".", "--save")
    assert outcome.status == 1
    assert "nothing is kept" in outcome.err
    assert not path.exists()
