"""Making the dashboard what it should be, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .api import PostHogApi
from .errors import PostHogError
from .marks import TAG
from .project import Project, look
from .tiles import Board, layouts
from .wanted import (
    GOOD,
    MISSING,
    OFF_BOARD,
    Insight,
    boards_of,
    dashboard_body,
    dashboard_state,
    insights,
)


class Finding(NamedTuple):
    """How something is, and what is done about it.

    Attributes:
        kind: `dashboard`, `variable` or `tile`.
        name: as people read it.
        state: one of the states of `wanted`.
        deed: what is done; empty: nothing.
    """

    kind: str
    name: str
    state: str
    deed: str


def differences(board: Board, values: Mapping[str, str], project: Project) -> list[Finding]:
    """Say of all that should be there how it is, and what provisioning would do."""
    found = [_finding("dashboard", board.name, dashboard_state(board, project.dashboard))]
    for variable in board.variables:
        is_there = variable.code_name in project.variables
        found.append(_finding("variable", variable.name, GOOD if is_there else MISSING))
    for insight in insights(board, values):
        there = project.insights.get(insight.tile.key)
        state = insight.state(there, project.variables, project.number)
        found.append(_finding("tile", insight.tile.name, state))
    return found


def provision(api: PostHogApi, board: Board, values: Mapping[str, str]) -> Iterator[Finding]:
    """Make the dashboard what it should be; gives each thing once it is done.

    Nothing is touched that the command did not make, and nothing that is as it should be. Tiles
    stay where they were moved. What was done before an error stays, and is found the next time.

    Raises:
        PostHogError: PostHog does not do something.
    """
    project = look(api, board)
    state = dashboard_state(board, project.dashboard)
    made = project.made
    dashboard = project.dashboard
    if dashboard is None:
        body = {**dashboard_body(board, made), "tags": [TAG]}
        dashboard = api.request("POST", "dashboards/", body)
    elif state != GOOD:
        body = dashboard_body(board, made)
        api.request("PATCH", f"dashboards/{dashboard['id']}/", body)
    number = _number(dashboard)
    yield _finding("dashboard", board.name, state)
    variables = dict(project.variables)
    for variable in board.variables:
        is_there = variable.code_name in variables
        if not is_there:
            body = {"name": variable.name, "type": "String", "default_value": ""}
            given = api.request("POST", "insight_variables/", body)
            if not isinstance(given, dict) or given.get("code_name") != variable.code_name:
                raise PostHogError(f"PostHog calls the variable {variable.name} otherwise")
            variables[variable.code_name] = str(given["id"])
            # At once: what is not noted is never taken back.
            made.append(str(given["id"]))
            api.request("PATCH", f"dashboards/{number}/", dashboard_body(board, made))
        yield _finding("variable", variable.name, GOOD if is_there else MISSING)
    added: dict[Any, str] = {}
    for insight in insights(board, values):
        there = project.insights.get(insight.tile.key)
        state = insight.state(there, variables, number)
        made_now = _make(api, insight, there, state, variables, number)
        if there is None or number not in boards_of(there):
            added[(made_now or {}).get("id")] = insight.tile.key
        yield _finding("tile", insight.tile.name, state)
    if added:
        _place(api, board, number, added)


def remove(api: PostHogApi, board: Board, is_dry: bool = False) -> Iterator[Finding]:
    """Take back what the command has made; gives each thing once it is gone.

    A dashboard stays that has tiles of others, and a variable that others use.

    Raises:
        PostHogError: PostHog does not do something.
    """
    project = look(api, board)
    names = {tile.key: tile.name for tile in board.tiles}
    own = {each["id"] for each in project.insights.values()}
    others = 0
    if project.dashboard is not None:
        whole = api.request("GET", f"dashboards/{project.number}/")
        others = sum(_is_foreign(tile, own) for tile in whole.get("tiles") or ())
    used = _used(api, own, project.made) if project.made else set()
    for key, insight in project.insights.items():
        if not is_dry:
            api.request("PATCH", f"insights/{insight['id']}/", {"deleted": True})
        yield Finding("tile", names[key], "", "deleted")
    for code_name, number in project.variables.items():
        name = next(each.name for each in board.variables if each.code_name == code_name)
        if number not in project.made:
            yield Finding("variable", name, "made by somebody else", "")
        elif number in used:
            yield Finding("variable", name, "other insights use it", "")
        else:
            if not is_dry:
                api.request("DELETE", f"insight_variables/{number}/")
            yield Finding("variable", name, "", "deleted")
    if project.dashboard is None:
        return
    if others:
        many = f"{others} tiles" if others > 1 else "a tile"
        yield Finding("dashboard", board.name, f"it has {many} of others", "")
        return
    if not is_dry:
        api.request("PATCH", f"dashboards/{project.number}/", {"deleted": True})
    yield Finding("dashboard", board.name, "", "deleted")


def _make(
    api: PostHogApi,
    insight: Insight,
    there: dict[str, Any] | None,
    state: str,
    variables: Mapping[str, str],
    number: int,
) -> dict[str, Any] | None:
    """Make or change the insight of a tile, as its state asks for; gives what PostHog answers."""
    if there is None:
        given = api.request("POST", "insights/", insight.first_body(variables, number))
        return given if isinstance(given, dict) else None
    boards = boards_of(there)
    body = {} if state in (GOOD, OFF_BOARD) else insight.body(variables)
    if number not in boards:
        # The list takes the place of the one before: an instructor's own dashboards stay on it.
        body["dashboards"] = [*boards, number]
    if not body:
        return None
    given = api.request("PATCH", f"insights/{there['id']}/", body)
    return given if isinstance(given, dict) else None


def _place(api: PostHogApi, board: Board, number: int, added: Mapping[Any, str]) -> None:
    """Give the tiles that came to the dashboard their places; who was on it before has one.

    Args:
        api: the project.
        board: the dashboard as it should be.
        number: of the dashboard.
        added: the keys of the tiles, by the numbers of their insights.
    """
    places = layouts(board.tiles)
    # The answer to a change of an insight may not have the tile yet.
    whole = api.request("GET", f"dashboards/{number}/")
    told = [
        {"id": tile["id"], "layouts": places[key]}
        for tile in whole.get("tiles") or ()
        if (key := added.get((tile.get("insight") or {}).get("id"))) and not tile.get("layouts")
    ]
    if told:
        api.request("PATCH", f"dashboards/{number}/", {"tiles": told})


def _is_foreign(tile: dict[str, Any], own: set[Any]) -> bool:
    insight = tile.get("insight")
    return not isinstance(insight, dict) or insight.get("id") not in own


def _used(api: PostHogApi, own: set[Any], made: list[str]) -> set[str]:
    """Give those of our variables that an insight of somebody else names."""
    used = set()
    for each in api.all("insights/", basic="true", saved="true", insight="SQL"):
        if each.get("id") in own:
            continue
        source = (each.get("query") or {}).get("source") or {}
        used.update(set(source.get("variables") or {}) & set(made))
    return used


def _finding(kind: str, name: str, state: str) -> Finding:
    deeds = {GOOD: "", MISSING: "made", OFF_BOARD: "put on the dashboard"}
    return Finding(kind, name, state, deeds.get(state, "renewed"))


def _number(dashboard: Any) -> int:
    number = dashboard.get("id") if isinstance(dashboard, dict) else None
    if not isinstance(number, int):
        raise PostHogError("PostHog did not say which number the dashboard has")
    return number
