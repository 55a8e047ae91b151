"""The dashboard is made, renewed and taken back, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest

from ipynb_telemetry.answers.studentcodes import code_of
from ipynb_telemetry.cli.commands import posthog as command
from ipynb_telemetry.posthogapi.marks import read_mark
from ipynb_telemetry.posthogapi.tiles import read_board
from ipynb_telemetry.tests.posthogapi.conftest import Run
from ipynb_telemetry.tests.support.commandline import EXAMPLE, Outcome
from ipynb_telemetry.tests.support.fakeposthogapi import PROJECT, FakePostHogApi

BOARD = read_board()
TILES = len(BOARD.tiles)


def states(outcome: Outcome) -> dict[str, str]:
    """Give the state of each thing that is not as it should be."""
    return {
        each["name"]: each["state"]
        for each in outcome.document["findings"]
        if each["state"] != "as it should be"
    }


def deeds(outcome: Outcome) -> dict[str, str]:
    findings = outcome.document["findings"]
    return {each["name"]: each["deed"] for each in findings if each["deed"]}


def tile(project: FakePostHogApi, key: str) -> dict[str, Any]:
    """Give the insight of a tile, as the project has it."""
    (found,) = [
        each
        for each in project.insights.values()
        if not each["deleted"] and getattr(read_mark(each["description"]), "key", "") == key
    ]
    return found


def test_a_dashboard_is_made_once(run: Run, project: FakePostHogApi) -> None:
    assert run("provision").status == 0
    (dashboard,) = project.dashboards.values()
    assert dashboard["name"] == "Class"
    assert dashboard["tags"] == ["ipynb-telemetry"]
    assert {each["code_name"] for each in project.variables.values()} == {
        "telemetry_notebook",
        "telemetry_group",
    }
    assert len(project.insights) == TILES
    assert all(each["saved"] for each in project.insights.values())
    places = [each["layouts"]["sm"] for each in project.tiles.values()]
    assert len(places) == TILES
    fields = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len({*fields}) == len(fields), "two tiles lie on each other"
    assert all(0 <= x < 12 for x, _ in fields)

    before = len(project.writes)
    again = run("provision")
    assert again.status == 0
    assert len(project.writes) == before
    assert f"{project.host}/project/{PROJECT}/dashboard/{dashboard['id']}" in again.out
    assert run("status").status == 0


def test_the_output_in_the_reference_is_what_is_said(run: Run, project: FakePostHogApi) -> None:
    _, _, output = command.OUTPUT.partition("\n")
    assert run("provision").out.replace(project.host, "https://eu.posthog.com") == output


def test_a_dry_run_says_what_would_be_made(run: Run, project: FakePostHogApi) -> None:
    outcome = run("provision", "--dry-run", "--json")
    assert len(deeds(outcome)) == 1 + 2 + TILES
    assert {*deeds(outcome).values()} == {"made"}
    assert project.writes == []


def test_a_plan_without_tags_has_one_dashboard_too(run: Run, project: FakePostHogApi) -> None:
    project.keeps_tags = False
    run("provision")
    before = len(project.writes)
    run("provision")
    assert len(project.writes) == before
    assert run("remove").status == 0
    assert all(each["deleted"] for each in project.insights.values())


def test_what_drifted_is_told_and_renewed(run: Run, project: FakePostHogApi) -> None:
    run("provision")
    tile(project, "needs")["query"]["source"]["query"] = "SELECT 1 FROM events LIMIT 1"
    tile(project, "time")["name"] = "My time"
    tile(project, "peeks")["description"] = tile(project, "peeks")["description"].replace(
        str(read_mark(tile(project, "peeks")["description"]).digest), "0" * 16
    )
    tile(project, "errors")["deleted"] = True
    project._put(tile(project, "frontier")["id"], [])
    outcome = run("status", "--json")
    assert outcome.status == 1
    assert states(outcome) == {
        "Who needs me now": "changed in PostHog",
        "Active time": "changed in PostHog",
        "Opened solutions": "of another version, outline or roster",
        "Errors by cause": "missing",
        "Where the class is": "not on the dashboard",
    }
    before = len(project.writes)
    run("provision")
    # Five tiles, and the place of the one that is new: the one that was there gets its own back.
    assert len(project.writes) == before + 6
    assert [len((each.body or {}).get("tiles", ())) for each in project.writes[before:]][-1] == 1
    shown = [tile for tile in project.tiles.values() if not tile["deleted"]]
    assert all(tile["layouts"] for tile in shown)
    assert states(run("status", "--json")) == {}


def test_what_an_instructor_chose_stays(run: Run, project: FakePostHogApi) -> None:
    run("provision")
    *_, last = project.tiles.values()
    last["layouts"] = {"sm": {"x": 0, "y": 90, "w": 3, "h": 3}}
    (own,) = [project._dashboards("POST", "", {}, {"name": "Mine"})]
    (dashboard, _) = project.dashboards
    needs = tile(project, "needs")
    project._put(needs["id"], [own["id"]])
    needs["tags"] = ["mine"]
    variables = needs["query"]["source"]["variables"]
    next(iter(variables.values()))["value"] = "D1"
    run("provision")
    assert last["layouts"]["sm"]["y"] == 90
    boards = {
        each["dashboard_id"]
        for each in project.tiles.values()
        if each["insight"] == needs["id"] and not each["deleted"]
    }
    assert boards == {dashboard, own["id"]}
    assert needs["tags"] == ["mine"]
    assert next(iter(variables.values()))["value"] == "D1"


def test_what_others_made_is_never_touched(run: Run, project: FakePostHogApi) -> None:
    others = project._dashboards("POST", "", {}, {"name": "Class", "tags": ["ipynb-telemetry"]})
    variable = project._variables(
        "POST", "", {}, {"name": "Telemetry notebook", "type": "String", "default_value": "D1"}
    )
    run("provision")
    ours = next(number for number in project.dashboards if number != others["id"])
    # An insight of somebody else on our dashboard, with our variable.
    query = {**tile(project, "needs")["query"]}
    (mine,) = [
        project._insights(
            "POST",
            "",
            {},
            {"name": "My ipynb-telemetry", "query": query, "dashboards": [ours]},
        )
    ]
    before = [dict(each) for each in (others, variable, project.insights[mine["id"]])]
    run("provision")
    outcome = run("remove", "--json")
    assert outcome.status == 0
    assert [others, variable, project.insights[mine["id"]]] == before
    told = {each["name"]: each["state"] for each in outcome.document["findings"]}
    assert told["Telemetry notebook"] == "made by somebody else"
    assert told["Telemetry group"] == "other insights use it"
    assert told["Class"] == "it has a tile of others"
    assert not project.dashboards[ours]["deleted"]
    assert [n for n, each in project.insights.items() if not each["deleted"]] == [mine["id"]]


def test_all_of_its_own_is_taken_back(run: Run, project: FakePostHogApi) -> None:
    run("provision")
    outcome = run("remove", "--dry-run")
    assert "would be done" in outcome.out
    assert not any(each["deleted"] for each in project.insights.values())
    run("remove")
    assert project.variables == {}
    assert all(each["deleted"] for each in project.insights.values())
    assert all(each["deleted"] for each in project.dashboards.values())
    assert "nothing that this command has made" in run("remove").out
    run("provision")
    assert len(project.variables) == 2


def test_outline_and_roster_stand_in_the_queries(
    run: Run, project: FakePostHogApi, telemetry: Any, tmp_path: Any
) -> None:
    roster = tmp_path / "class.csv"
    roster.write_text("id,group,staff\nANN_O'NEIL,A,\nTEACHER,,yes\n", "utf-8")
    printed = tmp_path / "outline.json"
    printed.write_text(telemetry("outline", str(EXAMPLE), "--json").out, "utf-8")
    run("provision", "--outline", printed, "--roster", roster)
    query = tile(project, "progress")["query"]["source"]["query"]
    assert "'test\\nD1_Python_Tooling\\n2 parse a requirement'" in query
    assert "'ANN_O\\'NEIL'" in query
    assert "__" not in query
    assert states(run("status", "--outline", EXAMPLE, "--roster", roster, "--json")) == {}
    drifted = states(run("status", "--json"))
    assert drifted["Progress"] == "of another version, outline or roster"


def test_where_students_go_by_codes_the_queries_have_no_ids(
    run: Run, project: FakePostHogApi, tmp_path: Any
) -> None:
    roster, secret = tmp_path / "class.csv", tmp_path / "course.secret"
    roster.write_text("id,name,group,staff\nANN_LEE,Ann Lee,A,\nTEACHER,,,yes\n", "utf-8")
    told = ("--roster", roster, "--secret", secret)
    assert "course.secret is not there" in run("provision", *told).err
    secret.write_text(f"{bytes(32).hex()}\n")
    assert run("provision", *told).status == 0
    sent = str(project.insights)
    for student in ("ANN_LEE", "TEACHER"):
        assert code_of(bytes(32), student) in sent
        assert student not in sent
    assert "Ann" not in sent
    assert bytes(32).hex() not in sent
    assert states(run("status", *told, "--json")) == {}
    assert run("provision", "--secret", secret).status == 2


def test_a_copy_of_a_tile_stays_what_it_is(run: Run, project: FakePostHogApi) -> None:
    """Somebody copies a tile, and deletes the tile itself."""
    run("provision")
    ours = tile(project, "progress")
    body = {name: ours[name] for name in ("description", "query")}
    copy = project._insights("POST", "", {}, {**body, "name": f"{ours['name']} (copy)"})
    project.insights[ours["id"]]["deleted"] = True
    before = dict(project.insights[copy["id"]])
    run("provision")
    assert project.insights[copy["id"]] == before
    assert run("remove").status == 0
    assert project.insights[copy["id"]] == before
    assert [n for n, each in project.insights.items() if not each["deleted"]] == [copy["id"]]


def test_two_copies_of_the_dashboard_are_nobodys_guess(run: Run, project: FakePostHogApi) -> None:
    run("provision")
    (dashboard,) = project.dashboards.values()
    project.dashboards[900] = {**dashboard, "id": 900}
    before = len(project.writes)
    outcome = run("provision")
    assert outcome.status == 1
    assert f"dashboards {dashboard['id']}, 900" in outcome.err
    assert len(project.writes) == before


def test_a_run_that_was_cut_off_is_gone_on_with(run: Run, project: FakePostHogApi) -> None:
    project.scopes -= {"insight:write"}
    project.scopes |= {"insight:read"}
    outcome = run("provision", "--json")
    assert outcome.status == 1
    (problem,) = outcome.document["problems"]
    assert "the scope insight:write" in problem
    project.scopes |= {"insight:write"}
    run("provision")
    assert len(project.dashboards) == 1
    assert len(project.variables) == 2
    run("remove")
    assert project.variables == {}


def test_a_variable_of_another_type_is_said(run: Run, project: FakePostHogApi) -> None:
    body = {"name": "Telemetry group", "type": "Number", "default_value": 1}
    project._variables("POST", "", {}, body)
    outcome = run("provision")
    assert "variable Telemetry group that is no text" in outcome.err
    assert project.writes == []


@pytest.mark.parametrize("count", [250])
def test_lists_are_read_to_their_end(run: Run, project: FakePostHogApi, count: int) -> None:
    run("provision")
    ours = {**project.dashboards}
    project.dashboards.clear()
    for number in range(2000, 2000 + count):
        project.dashboards[number] = {
            "id": number,
            "name": "Another",
            "description": "",
            "deleted": False,
            "tags": [],
        }
    project.dashboards.update(ours)
    before = len(project.writes)
    run("provision")
    assert len(project.writes) == before
