"""`jupyter telemetry simulate`: a class on its way to a real server, and out again."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.cli.commands import simulate
from ipynb_telemetry.simulation.trials import try_out
from ipynb_telemetry.tests.support.aggregates import random_class, real
from ipynb_telemetry.tests.support.commandline import CommandLine
from ipynb_telemetry.tests.support.fakeposthog import FakePostHog
from ipynb_telemetry.tests.support.lessons import write_lesson
from ipynb_telemetry.tests.support.serverprocess import Server

SMALL = ("--students", "12", "--minutes", "20")


@pytest.fixture
def lesson(telemetry: CommandLine) -> Path:
    return write_lesson(Path("shopping.ipynb"))


@pytest.fixture
def running(
    start: Callable[..., Server],
    telemetry: CommandLine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Server:
    """A server that the command finds by itself."""
    server = start()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    return server


def stored(tmp_path: Path, where: str = "1") -> dict[str, list[Any]]:
    """What is stored, by table, of sessions for which `where` holds."""
    session = f"session IN (SELECT id FROM session_audit WHERE {where})"
    uri = f"file:{tmp_path}/data/ipynb_telemetry/events.sqlite3?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        tables = {
            "events": "SELECT * FROM events ORDER BY id",
            "session_audit": f"SELECT * FROM session_audit WHERE {where} ORDER BY id",
            "item_state": "SELECT * FROM item_state ORDER BY 1, 2, 3, 4, 5",
            **{
                table: f"SELECT * FROM {table} WHERE {session} ORDER BY 1, 2, 3"
                for table in ("facts", "cell_state", "error_group", "time_slot")
            },
        }
        return {name: connection.execute(query).fetchall() for name, query in tables.items()}


def send(server: Server, events: list[Any]) -> None:
    """Send events of real students."""
    batch = [
        {
            "uuid": event.uuid,
            "event": event.event,
            "distinct_id": event.distinct_id,
            "timestamp": event.timestamp,
            "properties": {**json.loads(event.properties), "notebook": "shopping"},
        }
        for event in events
    ]
    server.fetch("ipynb-telemetry/batch/", {"api_key": "embedded", "batch": batch})


def test_a_class_arrives_whole_and_marked_and_only_it_is_removed(
    running: Server, telemetry: CommandLine, lesson: Path, tmp_path: Path
) -> None:
    send(running, real(random.Random(1)))
    before = stored(tmp_path)
    outcome = telemetry("simulate", lesson, "--at-once", *SMALL, "--json")
    told = outcome.document
    # A property that does not fit would be a problem.
    assert (outcome.status, told["ok"], told["problems"], told["notes"]) == (0, True, [], [])
    after = stored(tmp_path)
    came = [row for row in after["events"] if row not in before["events"]]
    assert len(came) == told["events"] > 100
    properties = [json.loads(row[6]) for row in came]
    assert all(each["simulated"] is True and "other" not in each for each in properties)
    assert {row[3] for row in came} < {each["id"] for each in told["students"]}
    simulated = stored(tmp_path, "simulated = 1")
    assert len(simulated["session_audit"]) == 11  # one never starts
    assert len(simulated["facts"]) == len(came)
    assert stored(tmp_path, "simulated = 0")["facts"] == before["facts"]
    asked = running.fetch("ipynb-telemetry/api/events?limit=1000")
    assert len(asked["events"]) == len(after["events"])

    dry = telemetry("simulate", "--remove", lesson, "--dry-run")
    assert dry.out == (
        f"11 simulated students in shopping with {len(came)} events would be removed\n"
    )
    assert stored(tmp_path) == after
    gone = telemetry("simulate", "--remove", lesson)
    assert gone.out == f"11 simulated students in shopping with {len(came)} events removed\n"
    assert (gone.status, gone.err) == (0, "")
    assert stored(tmp_path) == before
    # The server goes on as if nothing had been.
    send(running, random_class(random.Random(2), sessions=1))
    assert len(stored(tmp_path)["events"]) > len(before["events"])
    assert telemetry("simulate", "--remove", "--json").document["removed"] > 0
    assert telemetry("simulate", "--remove").out == "no simulated student is there\n"


def test_the_same_class_is_told_of_in_words_and_as_a_roster(
    running: Server, telemetry: CommandLine, lesson: Path, tmp_path: Path
) -> None:
    outcome = telemetry(
        "simulate", lesson, "--students=12", "--speed=1000", "--minutes=5", "--roster=class.csv"
    )
    assert (outcome.status, outcome.err) == (0, "")
    *table, last = outcome.out.splitlines()
    assert re.fullmatch(
        r"12 students worked 5 minutes at 2 exercises of shopping;"
        r" \d+ events went to http://\S+/",
        last,
    )
    assert "secret" not in outcome.out
    parts = dict(re.split("  +", line, maxsplit=1) for line in table if line.strip())
    assert [*parts.values()].count("has the name of somebody else") == 2
    lost = next(who for who, part in parts.items() if part.startswith("has the same error"))
    assert f"{lost}," in Path("class.csv").read_text()
    streaks = [row for row in stored(tmp_path)["item_state"] if row[1] == lost]
    assert streaks
    _, *told = simulate.OUTPUT.splitlines()
    assert len(told) == len(outcome.out.splitlines())
    words = told[-1].replace("D1_Python_Tooling", "shopping")
    assert re.sub(r"\d+", "N", words) == re.sub(r"\d+", "N", last)
    assert told[:-1] == table

    assert telemetry("roster", "class.csv").status == 0
    gone = telemetry("simulate", "--remove")
    assert gone.out.splitlines()[-1] == "12 simulated students removed from the roster"
    assert telemetry("roster", "--json").document["members"] == []


def test_it_plays_into_a_posthog_project(
    posthog: FakePostHog, telemetry: CommandLine, lesson: Path
) -> None:
    outcome = telemetry(
        "simulate", lesson, "--at-once", *SMALL, "--host", posthog.host, "--api-key", "phc_key"
    )
    assert outcome.status == 0, outcome.err
    events = posthog.accepted
    assert f"{len(events)} events went to {posthog.host}" in outcome.out
    assert all(event["properties"]["simulated"] is True for event in events)
    assert {event["properties"]["$lib"] for event in events} == {"ipynb-telemetry"}


@pytest.mark.parametrize(
    ("arguments", "status", "why"),
    [
        ([], 2, "which notebook? Name its file"),
        (["D9.ipynb"], 1, "D9.ipynb cannot be read: No such file or directory"),
        (["shopping.md"], 2, "shopping.md is no .ipynb file"),
        (["shopping.ipynb", "--students=0"], 2, "--students is a number from 1 to 1000, not 0"),
        (["shopping.ipynb", "--students=1001"], 2, "--students is a number from 1 to 1000"),
        (["shopping.ipynb", "--minutes=nan"], 2, "--minutes is a number from 5 to 480, not nan"),
        (["shopping.ipynb", "--speed=0"], 2, "--speed is a number from 0.1 to 1000, not 0"),
        (["shopping.ipynb", "--seed=-1"], 2, "--seed is a number from 0 to 2147483647, not -1"),
        (["shopping.ipynb"], 1, "no Jupyter server of yours runs: start one, or say with --host"),
        (["shopping.ipynb", "--host=localhost"], 1, "--host is no URL of a server"),
        (["shopping.ipynb", "--api-key=phc_x"], 2, "--project-key needs --host"),
        (["shopping.ipynb", "--join=https://x.example"], 1, "The line ends before its #"),
        (["shopping.ipynb", "--join=x", "--host=https://x.example"], 2, "--join says where"),
        (["--remove", "--join=x"], 2, "--remove is for the embedded"),
        (["shopping.ipynb", "--api-key=phx_x", "--host=https://eu.i.posthog.com"], 1, "The key is"),
        (["shopping.ipynb", "--database=x"], 2, "--database is for --remove"),
        (["--remove", "--host=https://eu.i.posthog.com"], 2, "--remove is for the embedded"),
        (["--remove", "--database=none.sqlite3"], 1, "There is no collector's file none.sqlite3"),
        (["--remove", "--database=shopping.ipynb"], 1, "shopping.ipynb cannot be read as the"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    telemetry: CommandLine, lesson: Path, arguments: list[str], status: int, why: str
) -> None:
    outcome = telemetry("simulate", *arguments)
    assert (outcome.status, outcome.out) == (status, "")
    assert outcome.err.startswith(f"jupyter telemetry simulate: {why}")
    assert [path.name for path in Path().iterdir()] == ["shopping.ipynb"]


def test_a_server_that_cannot_be_used_is_refused_before_anything_runs(
    running: Server,
    telemetry: CommandLine,
    lesson: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("nothing is to be run")

    monkeypatch.setattr("ipynb_telemetry.simulation.trials.try_out", never)
    monkeypatch.setenv("JUPYTER_TOKEN", "wrong")
    (info,) = (tmp_path / "runtime").glob("jpserver-*.json")
    url = json.loads(info.read_text())["url"]
    refused = telemetry("simulate", lesson, "--host", url)
    assert refused.status == 1
    assert "lets nobody in without its token: put it into the environment" in refused.err
    assert "wrong" not in refused.err
    gone = telemetry("simulate", lesson, "--host", "http://127.0.0.1:9/")
    assert "the server at http://127.0.0.1:9/ cannot be reached: [Errno" in gone.err
    elsewhere = telemetry("simulate", lesson, "--host", f"{url}nowhere/")
    assert "has no collector (404 Not Found)" in elsewhere.err


def test_a_dry_run_does_nothing(
    running: Server, telemetry: CommandLine, lesson: Path, tmp_path: Path
) -> None:
    outcome = telemetry("simulate", lesson, "--dry-run", "--roster", "class.csv")
    assert re.fullmatch(
        r"30 students would work 50 minutes at 2 exercises of shopping;"
        r" events would go to http://\S+/\n",
        outcome.out,
    )
    assert not Path("class.csv").exists()
    assert not (tmp_path / "data" / "ipynb_telemetry").exists()


def test_an_exercise_whose_pass_is_made_up_is_noted(
    posthog: FakePostHog, telemetry: CommandLine, monkeypatch: pytest.MonkeyPatch, lesson: Path
) -> None:
    monkeypatch.setattr(
        "ipynb_telemetry.simulation.trials.try_out",
        lambda *args: try_out(*args)._replace(made_up=["Exercise 2"]),
    )
    outcome = telemetry(
        "simulate", lesson, "--at-once", *SMALL, "--host", posthog.host, "--api-key", "phc_key"
    )
    assert outcome.err == (
        "note: Exercise 2: no code of the notebook passes its tests; who passes it is made up\n"
    )
