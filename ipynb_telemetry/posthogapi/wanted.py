"""What ought to be in the project, and in what way what was found there differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .marks import DASHBOARD, TAG, Mark, digest_of, marked, read_mark
from .tiles import Board, Tile, node_of, query_of

GOOD = "as it should be"
MISSING = "missing"
OUTDATED = "of another version, outline or roster"
CHANGED = "changed in PostHog"
OFF_BOARD = "not on the dashboard"


class Insight(NamedTuple):
    """A tile as an insight of PostHog.

    Attributes:
        tile: which.
        query: HogQL, with what of the class is written into it.
    """

    tile: Tile
    query: str

    @property
    def mark(self) -> Mark:
        """The mark of the tile as it should be."""
        tile = self.tile
        return Mark(tile.key, digest_of(tile.name, tile.description, self.query, tile.look))

    def body(self, variables: Mapping[str, str]) -> dict[str, Any]:
        """Give what is sent to change the insight; `variables` are ids by code names."""
        return {
            "name": self.tile.name,
            "description": marked(self.tile.description, self.mark),
            "query": node_of(self.query, self.tile, variables),
        }

    def first_body(self, variables: Mapping[str, str], dashboard: int) -> dict[str, Any]:
        """Give what is sent to make the insight."""
        more = {"dashboards": [dashboard], "tags": [TAG], "saved": True}
        return {**self.body(variables), **more}

    def state(
        self, found: Mapping[str, Any] | None, variables: Mapping[str, str], dashboard: int | None
    ) -> str:
        """Say how the insight that was found differs, if any was found."""
        if found is None:
            return MISSING
        mark = read_mark(found.get("description"))
        if mark is None or mark.digest != self.mark.digest:
            return OUTDATED
        if not _holds(found, _without_values(self.body(variables))):
            return CHANGED
        return GOOD if dashboard in boards_of(found) else OFF_BOARD


def insights(board: Board, values: Mapping[str, str]) -> list[Insight]:
    """Give the insights of the tiles, with the literals of `baked` in their queries."""
    return [Insight(tile, query_of(tile, values)) for tile in board.tiles]


def dashboard_body(board: Board, made: Sequence[str]) -> dict[str, Any]:
    """Give what is sent to make or change the dashboard.

    Args:
        board: as it should be.
        made: the ids of the variables that the command has made.
    """
    mark = Mark(DASHBOARD, digest_of(board.name, board.description), tuple(made))
    return {"name": board.name, "description": marked(board.description, mark)}


def dashboard_state(board: Board, found: Mapping[str, Any] | None) -> str:
    """Say how the dashboard that was found differs, if any was found."""
    if found is None:
        return MISSING
    mark = read_mark(found.get("description"))
    body = dashboard_body(board, () if mark is None else mark.variables)
    if mark is None or mark.digest != digest_of(board.name, board.description):
        return OUTDATED
    return GOOD if _holds(found, body) else CHANGED


def boards_of(found: Mapping[str, Any]) -> list[int]:
    """Give the numbers of the dashboards that an insight is on."""
    tiles = found.get("dashboard_tiles")
    if isinstance(tiles, list):
        numbers = [tile.get("dashboard_id") for tile in tiles if not tile.get("deleted")]
    else:
        numbers = found.get("dashboards") or []
    return [number for number in numbers if isinstance(number, int)]


def _without_values(body: dict[str, Any]) -> dict[str, Any]:
    """Leave out which notebook and group are chosen: everybody may choose."""
    source = body["query"]["source"]
    variables = {
        number: {key: value for key, value in each.items() if key != "value"}
        for number, each in source["variables"].items()
    }
    return {**body, "query": {**body["query"], "source": {**source, "variables": variables}}}


def _holds(found: Any, wanted: Any) -> bool:
    """Tell whether everything that is wanted is there; PostHog adds more."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            key in found and _holds(found[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(_holds(*pair) for pair in zip(found, wanted, strict=True))
        )
    return bool(found == wanted)
