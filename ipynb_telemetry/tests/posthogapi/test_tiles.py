"""The files of the tiles fit together, and PostHog takes what is made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from ipynb_telemetry.answers.outlines import Exercise
from ipynb_telemetry.answers.roster import Member, Roster
from ipynb_telemetry.answers.thresholds import Thresholds
from ipynb_telemetry.posthogapi import tiles
from ipynb_telemetry.posthogapi.baked import PLACE, literals
from ipynb_telemetry.posthogapi.marks import Mark, marked, read_mark
from ipynb_telemetry.posthogapi.wanted import Insight, insights

BOARD = tiles.read_board()
FOLDER = Path(tiles.__file__).parent / "tiles"
SCHEMA = json.loads(Path(__file__).with_name("queryschema.json").read_text("utf-8"))
VARIABLES = {
    each.code_name: f"018f0000-0000-7000-8000-00000000000{n}"
    for n, each in enumerate(BOARD.variables)
}
# PostHog refuses longer ones.
LONGEST_TEXT = 400

EXERCISES = [
    Exercise("", "a", "It's 1", ("c1",), ("test \\ 1",), ("s1",)),
    Exercise("", "b", "It's 1", ("c2",), ("it's 2", "3"), ()),
    Exercise("", "c", "Read"),
]
ROSTER = Roster((Member("ANN", group="A"), Member("BOB"), Member("TEACHER", is_staff=True)))
VALUES = literals({"D1": EXERCISES}, ROSTER, Thresholds())


@pytest.mark.parametrize("insight", insights(BOARD, VALUES), ids=lambda each: each.tile.key)
def test_posthog_takes_a_tile(insight: Insight) -> None:
    body = insight.first_body(VARIABLES, 1)
    fastjsonschema.validate(SCHEMA, body["query"])
    assert len(body["name"]) <= LONGEST_TEXT
    assert len(body["description"]) <= LONGEST_TEXT
    assert body["query"]["display"] != "ActionsTable" or "chartSettings" not in body["query"]
    # Without settings PostHog draws an empty box.
    assert body["query"]["display"] == "ActionsTable" or body["query"]["chartSettings"]


def test_the_schema_refuses_what_posthog_does() -> None:
    (first, *_) = insights(BOARD, VALUES)
    node = first.body(VARIABLES)["query"]
    wrong: list[dict[str, Any]] = [
        {**node, "display": "Bars"},
        {**node, "chartSettings": {"xAxis": "exercise_name"}},
        {**node, "source": node["source"]["query"]},
        node["source"],
    ]
    for each in wrong:
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            fastjsonschema.validate(SCHEMA, each)


def test_every_file_is_part_of_the_dashboard() -> None:
    told = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))["tiles"]
    looks = {path.stem for path in FOLDER.glob("*.json")} - {"dashboard"}
    assert {*told} == looks
    assert len(told) == len(looks)
    queries = {
        json.loads((FOLDER / f"{key}.json").read_text("utf-8")).get("sql", key) for key in told
    }
    assert queries == {path.stem for path in FOLDER.glob("*.sql")}
    text = "\n".join(tile.query for tile in BOARD.tiles)
    for part in (FOLDER / "parts").glob("*.sql"):
        assert f"{part.stem} AS (" in text, f"nothing needs {part.name}"


def test_each_part_comes_once_and_before_what_needs_it() -> None:
    for tile in BOARD.tiles:
        assert tile.query.count("told AS (") == 1, tile.key
        if "works AS (" in tile.query:
            assert tile.query.index("efforts AS (") < tile.query.index("works AS (")


def test_a_query_has_no_place_left() -> None:
    used = {name for tile in BOARD.tiles for name in PLACE.findall(tile.query)}
    assert used <= {*VALUES}
    assert not any(PLACE.search(insight.query) for insight in insights(BOARD, VALUES))


def test_names_are_told_apart_and_quoted() -> None:
    assert VALUES["order"] == r"['', 'D1\nIt\'s 1', 'D1\nIt\'s 1 (2)', 'D1\nRead']"
    assert VALUES["tests"] == "[0, 1, 2, 0]"
    assert VALUES["items"].startswith(r"['', 'test\nD1\ntest \\ 1', 'cell\nD1\nc1', ")
    assert VALUES["staff"] == "['', 'TEACHER']"
    assert VALUES["groups"] == "['', 'A', '']"
    assert VALUES["recent_minutes"] == "10"


def test_a_mark_is_read_as_it_is_written() -> None:
    mark = Mark("dashboard", "0123456789abcdef", tuple(VARIABLES.values()))
    assert read_mark(marked("What it is.", mark)) == mark
    for other in ("", None, "[ipynb-telemetry]", f"{mark} and more", str(mark)[1:]):
        assert read_mark(other) is None
