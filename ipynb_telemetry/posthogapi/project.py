"""What the command has made in a project, as it is there now."""

from __future__ import annotations

from typing import Any, NamedTuple

from .api import PostHogApi
from .errors import PostHogError
from .marks import DASHBOARD, TAG, read_mark
from .tiles import Board


class Project(NamedTuple):
    """What was found.

    Attributes:
        dashboard: the dashboard with our mark; None: there is none.
        insights: those with our marks, by the keys of their tiles.
        again: further insights of the same keys, such as copies.
        variables: the ids of those that queries name, by code name, whoever made them.
    """

    dashboard: dict[str, Any] | None
    insights: dict[str, dict[str, Any]]
    again: list[dict[str, Any]]
    variables: dict[str, str]

    @property
    def number(self) -> int | None:
        """The dashboard's number."""
        return None if self.dashboard is None else self.dashboard["id"]

    @property
    def made(self) -> list[str]:
        """The ids of the variables that the command has made."""
        mark = read_mark((self.dashboard or {}).get("description"))
        return [] if mark is None else list(mark.variables)


def look(api: PostHogApi, board: Board) -> Project:
    """Find what the command has made.

    Raises:
        PostHogError: PostHog does not say.
    """
    dashboards = [
        each
        for each in api.all("dashboards/")
        if (mark := read_mark(each.get("description"))) is not None
        and mark.key == DASHBOARD
        and not each.get("deleted")
    ]
    if len(dashboards) > 1:
        numbers = ", ".join(str(each["id"]) for each in dashboards)
        raise PostHogError(
            f"the dashboards {numbers} all have the mark of this command: delete the copies, or"
            " take the last line of their descriptions away"
        )
    names = {tile.key: tile.name for tile in board.tiles}
    insights: dict[str, dict[str, Any]] = {}
    again = []
    number = dashboards[0]["id"] if dashboards else None
    found = [
        (mark, each)
        for each in api.all("insights/", basic="true", saved="true", search=TAG)
        if (mark := read_mark(each.get("description"))) is not None and not each.get("deleted")
    ]
    # The one on the dashboard is the tile, else the first that has its name: a copy has the mark
    # too, but is called "... (copy)", and is somebody's.
    found.sort(key=lambda pair: (not _is_on(pair[1], number), pair[1]["id"]))
    for mark, each in found:
        is_ours = _is_on(each, number) or each.get("name") == names.get(mark.key)
        if mark.key in names and mark.key not in insights and is_ours:
            insights[mark.key] = each
        elif mark.key != DASHBOARD:
            again.append(each)
    return Project(dashboards[0] if dashboards else None, insights, again, _variables(api, board))


def _is_on(insight: dict[str, Any], number: int | None) -> bool:
    tiles = insight.get("dashboard_tiles") or ()
    return any(tile.get("dashboard_id") == number for tile in tiles)


def _variables(api: PostHogApi, board: Board) -> dict[str, str]:
    names = {variable.code_name: variable.name for variable in board.variables}
    found = {}
    for each in api.all("insight_variables/"):
        code_name = each.get("code_name")
        if code_name not in names:
            continue
        if each.get("type") != "String":
            raise PostHogError(
                f"the project has a variable {names[code_name]} that is no text: rename it, or"
                " delete it in PostHog"
            )
        found[code_name] = str(each["id"])
    return found
