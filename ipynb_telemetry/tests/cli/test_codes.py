"""`jupyter telemetry codes`, and what `roster --offer` keeps."""

import csv
import io
import stat
from pathlib import Path

import pytest

from ipynb_telemetry.answers.studentcodes import code_of
from ipynb_telemetry.cli.main import VERBS

from ..support.commandline import CommandLine

ROSTER = "id,name,group,staff\nJOHN_DOE,John Doe,A,no\nANN_LEE,Ann Lee,B,no\nTEACHER,,,yes\n"


@pytest.fixture(autouse=True)
def roster(telemetry: CommandLine) -> None:
    Path("class.csv").write_text(ROSTER)


def test_the_output_in_the_reference_is_what_is_said(telemetry: CommandLine) -> None:
    Path("course.secret").write_text(f"{bytes(32).hex()}\n")
    outcome = telemetry("codes", "class.csv", "--secret", "course.secret")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == VERBS["codes"].OUTPUT.partition("\n")[2]


def test_a_secret_is_made_where_there_is_none_and_said_to_be_new(telemetry: CommandLine) -> None:
    secret = Path("course.secret")
    outcome = telemetry("codes", "class.csv", "--secret", secret, "--dry-run")
    assert outcome.out == "a secret would be made in course.secret\n"
    assert not secret.exists()
    outcome = telemetry("codes", "class.csv", "--secret", secret, "--csv")
    assert "the secret in course.secret is new" in outcome.err
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    made = bytes.fromhex(secret.read_text().strip())
    assert [*csv.reader(io.StringIO(outcome.out))] == [
        ["id", "name", "group", "code"],
        ["JOHN_DOE", "John Doe", "A", code_of(made, "JOHN_DOE")],
        ["ANN_LEE", "Ann Lee", "B", code_of(made, "ANN_LEE")],
        ["TEACHER", "", "", code_of(made, "TEACHER")],
    ]
    again = telemetry("codes", "class.csv", "--secret", secret, "--csv")
    assert (again.out, again.err) == (outcome.out, "")
    assert made.hex() not in outcome.out + outcome.err


def test_the_roster_and_the_secret_of_the_collector_do_without_a_file(
    telemetry: CommandLine,
) -> None:
    assert telemetry("codes").status == 1
    telemetry("roster", "class.csv")
    document = telemetry("codes", "--json").document
    secret = telemetry.data / "ipynb_telemetry" / "events.sqlite3.secret"
    made = bytes.fromhex(secret.read_text().strip())
    assert document["secret_file"] == str(secret)
    assert document["is_secret_new"] is True
    assert document["codes"] == [
        {"id": each, "name": name, "group": group, "code": code_of(made, each)}
        for each, name, group in (
            ("JOHN_DOE", "John Doe", "A"),
            ("ANN_LEE", "Ann Lee", "B"),
            ("TEACHER", "", ""),
        )
    ]
    assert telemetry("codes", "--json").document["is_secret_new"] is False
    telemetry("roster", "--remove")
    outcome = telemetry("codes")
    assert (outcome.status, outcome.out) == (1, "")
    assert "no roster is kept: give FILE" in outcome.err


def test_a_cell_that_a_spreadsheet_would_run_is_a_text(telemetry: CommandLine) -> None:
    Path("class.csv").write_text('id,name\n=1+1,"=cmd()"\n')
    outcome = telemetry("codes", "class.csv", "--secret", "s", "--csv")
    assert '"\'=1+1","\'=cmd()"' in outcome.out


def test_what_does_not_go_together_is_refused(telemetry: CommandLine) -> None:
    assert telemetry("codes", "class.csv", "--secret", "s", "--csv", "--json").status == 2
    Path("s").write_text("hello")
    outcome = telemetry("codes", "class.csv", "--secret", "s")
    assert (outcome.status, outcome.out) == (1, "")
    assert "s is no secret of codes" in outcome.err
    assert telemetry("codes", "none.csv", "--secret", "s").status == 1


def test_what_students_are_offered_is_kept_and_shown(telemetry: CommandLine) -> None:
    def offered(*args: str) -> str:
        outcome = telemetry("roster", *args)
        assert outcome.status == 0, outcome.err
        return outcome.out.splitlines()[-1].partition("; ")[2]

    assert telemetry("roster", "class.csv", "--dry-run", "--offer=codes").out.splitlines()[-1] == (
        "2 students and 1 of staff would be kept; students are shown their name when they type"
        " their code"
    )
    assert offered("class.csv") == "students are offered names as they type"
    assert offered("--offer", "codes") == "students are shown their name when they type their code"
    assert offered("class.csv") == "students are shown their name when they type their code"
    assert offered("class.csv", "--offer", "nothing") == "students are offered nothing"
    assert offered("--offer", "names", "--dry-run") == "students are offered names as they type"
    assert telemetry("roster", "--json").document["offer"] == "nothing"
    assert telemetry("roster", "--remove", "--offer", "names").status == 2
    telemetry("roster", "--remove")
    outcome = telemetry("roster", "--offer", "names")
    assert outcome.status == 1
    assert "no roster is kept: give FILE, too" in outcome.err
    assert offered("class.csv") == "students are offered names as they type", "as a first one"
