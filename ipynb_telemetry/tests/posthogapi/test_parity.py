"""Each tile's figures are those of the class view, on a class whose events are in chDB.

The queries are run in the form in which PostHog gives them to ClickHouse (`scripts/hogql.mjs`).
chDB is in an environment of its own: `npm test -- chdb` makes it, and names its Python to this
test.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ipynb_telemetry.answers import catalog
from ipynb_telemetry.answers.outlines import Exercise
from ipynb_telemetry.answers.question import Question
from ipynb_telemetry.answers.roster import Roster
from ipynb_telemetry.answers.thresholds import Thresholds
from ipynb_telemetry.posthogapi.baked import literals
from ipynb_telemetry.posthogapi.tiles import Tile, read_board
from ipynb_telemetry.store.simulated import MARK
from ipynb_telemetry.tests.support.taughtclass import NOW_MS, Class, example_class, fill

pytest.register_assert_rewrite("ipynb_telemetry.tests.posthogapi.expected")
from ipynb_telemetry.tests.posthogapi import expected  # noqa: E402

ROOT = Path(__file__).parents[3]
CHDB = os.environ.get("IPYNB_TELEMETRY_CHDB", "")
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    not CHDB or NODE is None, reason="chDB is asked by `npm test -- chdb`"
)


class Asked(NamedTuple):
    """A question to the dashboard.

    Attributes:
        name: of the question.
        is_told: whether outline and roster are written into the queries.
        notebook, group: values of the variables.
        is_guarded: whether PostHog guards comparisons from NULL.
        has_nulls: whether a join has NULL where nothing joins, a setting of ClickHouse.
    """

    name: str
    is_told: bool = True
    notebook: str = ""
    group: str = ""
    is_guarded: bool = False
    has_nulls: bool = False


ASKED = (
    Asked("all"),
    Asked("group", group="A"),
    Asked("notebook", notebook="D2"),
    Asked("tests-alone", is_told=False),
    Asked("guarded", is_guarded=True),
    Asked("nulls-of-joins", has_nulls=True, is_guarded=True),
)
TILES = read_board().tiles


@pytest.fixture(scope="module")
def a_class() -> Class:
    return example_class()


def untold_outline(a_class: Class) -> list[Exercise]:
    """Give the outline that queries go by where they know none: each test, by its name."""
    names = sorted(test for exercise in a_class.exercises for test in exercise.tests)
    return [Exercise("", name, name, (), (name,)) for name in names]


@pytest.fixture(scope="module")
def answers(a_class: Class, tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """The collector's files that answer with outline and roster, and without."""
    folder = tmp_path_factory.mktemp("answers")
    told, untold = folder / "told.sqlite3", folder / "untold.sqlite3"
    fill(told, a_class)
    fill(untold, a_class, roster=(), exercises=untold_outline(a_class))
    return {True: told, False: untold}


@pytest.fixture(scope="module")
def found(a_class: Class, answers: dict[bool, Path]) -> dict[tuple[str, str], Any]:
    """What each tile gives to each question."""
    notebooks = (a_class.lesson.notebook, "D2")
    told = literals(
        dict.fromkeys(notebooks, a_class.exercises),
        Roster(a_class.roster),
        Thresholds(),
    )
    untold = literals({}, Roster(()), Thresholds())
    queries = list(dict.fromkeys(tile.query for tile in TILES))
    asked = [(each, tile) for each in ASKED for tile in TILES]
    printed = print_queries(queries, [untold, told], asked)
    clickhouse = subprocess.run(
        [CHDB, str(Path(__file__).with_name("clickhouse.py"))],
        input=json.dumps(
            {
                "rows": rows_of(answers[True]),
                "queries": [
                    {"query": query, "settings": {"join_use_nulls": int(each.has_nulls)}}
                    for query, (each, _) in zip(printed, asked, strict=True)
                ],
            }
        ),
        capture_output=True,
        text=True,
    )
    assert clickhouse.returncode == 0, clickhouse.stderr[-3000:]
    results = json.loads(clickhouse.stdout)
    return {(each.name, tile.key): rows for (each, tile), rows in zip(asked, results, strict=True)}


def print_queries(
    queries: list[str], values: list[dict[str, str]], asked: Sequence[tuple[Asked, Tile]]
) -> list[str]:
    """Print queries as PostHog does."""
    ran = subprocess.run(
        [str(NODE), str(ROOT / "scripts" / "hogql.mjs")],
        input=json.dumps(
            {
                "queries": queries,
                "literals": [
                    {f"__{name}__": text for name, text in each.items()} for each in values
                ],
                "prints": [
                    {
                        "query": queries.index(tile.query),
                        "literals": int(each.is_told),
                        "variables": {
                            "telemetry_notebook": each.notebook,
                            "telemetry_group": each.group,
                        },
                        "nowMs": NOW_MS,
                        "isGuarded": each.is_guarded,
                    }
                    for each, tile in asked
                ],
            }
        ),
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    printed: list[str] = json.loads(ran.stdout)
    return printed


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Give the events of a collector as PostHog's table has them.

    Some are there twice, as long as PostHog has not merged them; and somebody of a rehearsal is
    among them.
    """
    connection = sqlite3.connect(path)
    rows = [
        {
            "uuid": uuid,
            "event": event,
            "distinct_id": student,
            "properties": properties,
            "timestamp": timestamp.rstrip("Z").replace("T", " "),
            "created_at": received.rstrip("Z").replace("T", " "),
        }
        for uuid, event, student, properties, timestamp, received in connection.execute(
            "SELECT uuid, event, distinct_id, properties, timestamp, received_at FROM events"
        )
    ]
    connection.close()
    again = [{**row, "created_at": "2026-01-06 00:00:00.000"} for row in rows[::7]]
    simulated = [
        {**row, "uuid": row["uuid"][:-4] + "0000", "distinct_id": f"SOMEBODY{MARK}1"}
        for row in rows[:100]
    ]
    return [*rows, *again, *simulated]


def columns_of(look: Any) -> Iterator[str]:
    """Give the columns that a tile draws."""
    if isinstance(look, list):
        for each in look:
            yield from columns_of(each)
    elif isinstance(look, Mapping):
        for name, value in look.items():
            if name == "column" or name.endswith("Column"):
                yield value
            else:
                yield from columns_of(value)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.name)
@pytest.mark.parametrize("tile", TILES, ids=lambda tile: tile.key)
def test_a_tile_says_what_the_class_view_says(
    tile: Tile,
    asked: Asked,
    answers: dict[bool, Path],
    found: dict[tuple[str, str], Any],
) -> None:
    question = Question(
        now_ms=NOW_MS,
        notebooks=(asked.notebook,) if asked.notebook else (),
        group=asked.group,
    )

    def answer(name: str) -> dict[str, Any]:
        with closing(sqlite3.connect(answers[asked.is_told])) as connection:
            result: dict[str, Any] = catalog.give(connection, name, question)["result"]
        return result

    rows = found[asked.name, tile.key]
    assert not rows or {*columns_of(tile.look)} <= {*rows[0]}
    assert rows or asked.notebook  # nobody of yesterday's notebook needs somebody now
    expected.CHECKS[tile.key](rows, answer, is_one_notebook=bool(asked.notebook))
