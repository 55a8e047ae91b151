"""The tiles of the dashboard: files of SQL and JSON beside this module.

`tiles/NAME.json` says what a tile is called and how it is shown, `tiles/SQL.sql` what it asks.
A query begins with a line `-- needs: a, b`: the names of parts, `tiles/parts/a.sql`, which are put
before it as common table expressions, those that they need themselves first. `tiles/dashboard.json`
has the dashboard: name, variables, and the tiles in their order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from .baked import put_in

_FOLDER = files(__package__) / "tiles"
_NEEDS = "-- needs:"


class Tile(NamedTuple):
    """A tile.

    Attributes:
        key: names it among the tiles; never changes.
        name: what people read.
        description: what the figures mean.
        query: HogQL with the places of `baked`.
        look: `display`, `chartSettings` and the like of PostHog's DataVisualizationNode.
        width, height: in columns of twelve, and rows.
    """

    key: str
    name: str
    description: str
    query: str
    look: Mapping[str, Any]
    width: int
    height: int


class Variable(NamedTuple):
    """A variable of the dashboard: a text, of which the empty one means all.

    Attributes:
        name: what people read.
        code_name: what PostHog makes of the name, and queries call it.
    """

    name: str
    code_name: str


class Board(NamedTuple):
    """The dashboard."""

    name: str
    description: str
    variables: Sequence[Variable]
    tiles: Sequence[Tile]


@cache
def read_board() -> Board:
    """Read the dashboard and its tiles."""
    told = json.loads(_read("dashboard.json"))
    return Board(
        told["name"],
        told["description"],
        [Variable(**each) for each in told["variables"]],
        [_tile(key) for key in told["tiles"]],
    )


def query_of(tile: Tile, values: Mapping[str, str]) -> str:
    """Give the query of a tile, with what of the class is written into it."""
    return put_in(tile.query, values)


def node_of(query: str, tile: Tile, variables: Mapping[str, str]) -> dict[str, Any]:
    """Give PostHog's DataVisualizationNode of a tile.

    Args:
        query: as `query_of` gives it.
        tile: how it is shown.
        variables: PostHog's ids of the variables, by their code names.
    """
    return {
        "kind": "DataVisualizationNode",
        "source": {
            "kind": "HogQLQuery",
            "query": query,
            "variables": {
                number: {"variableId": number, "code_name": code_name, "value": ""}
                for code_name, number in variables.items()
            },
        },
        **tile.look,
    }


def layouts(tiles: Sequence[Tile]) -> dict[str, dict[str, Any]]:
    """Give the places of tiles on a wide page and on a narrow one, by their keys."""
    places = {}
    x = y = below = narrow = 0
    for tile in tiles:
        if x + tile.width > 12:
            x, y = 0, below
        places[tile.key] = {
            "sm": {"x": x, "y": y, "w": tile.width, "h": tile.height},
            "xs": {"x": 0, "y": narrow, "w": 1, "h": tile.height},
        }
        x, below, narrow = x + tile.width, max(below, y + tile.height), narrow + tile.height
    return places


def _tile(key: str) -> Tile:
    told = json.loads(_read(f"{key}.json"))
    return Tile(
        key,
        told["name"],
        told["description"],
        compose(_read(f"{told.get('sql', key)}.sql")),
        told["look"],
        told["width"],
        told["height"],
    )


def compose(text: str) -> str:
    """Give a query with the parts that it needs before it."""
    needs, body = _split(text)
    parts: dict[str, str] = {}
    for name in needs:
        for needed, part in _parts(name, ()):
            parts.setdefault(needed, part)
    told = ",\n".join(f"{name} AS (\n{_indented(part)}\n)" for name, part in parts.items())
    return f"WITH {told}\n{body}" if told else body


def _parts(name: str, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if name in above:
        raise ValueError(f"the part {name} needs itself")
    needs, body = _split(_read(f"parts/{name}.sql"))
    for needed in needs:
        yield from _parts(needed, (*above, name))
    yield name, body


def _split(text: str) -> tuple[list[str], str]:
    first, _, body = text.strip().partition("\n")
    if not first.startswith(_NEEDS):
        raise ValueError(f"a query begins with {_NEEDS}, not {first!r}")
    names = first.removeprefix(_NEEDS).split(",")
    return [name.strip() for name in names if name.strip()], body


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _read(name: str) -> str:
    return _FOLDER.joinpath(*name.split("/")).read_text("utf-8")
