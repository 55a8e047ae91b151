"""What `hub-config` prints is what a hub reads; `classcollector/test_hub.py` runs a real one."""

from __future__ import annotations

import ast
from types import SimpleNamespace
from typing import Any

import pytest
from traitlets.config import Config

from ipynb_telemetry.cli.collectoptions import read_options
from ipynb_telemetry.cli.main import parsers
from ipynb_telemetry.settings.hubcollector import VARIABLE

from ..support.commandline import CommandLine

VARIOUS = ("--course", "cs1", "--course", "CS_2", "--hub-url", "https://hub.school.example/lab/")


def configured(text: str, **before: Any) -> Config:
    """Give what a hub reads where the text stands at the end of its file."""
    config = Config(before)
    exec(compile(text, "jupyterhub_config.py", "exec"), {"c": config})
    return config


def listed(lazy: Any) -> list[Any]:
    return lazy if isinstance(lazy, list) else lazy.get_value([])


def mapped(lazy: Any) -> dict[str, Any]:
    return lazy if isinstance(lazy, dict) else lazy.get_value({})


def spawner(*groups: str, server: str = "") -> Any:
    said: list[str] = []
    log = SimpleNamespace(warning=lambda text, *values: said.append(text % values))
    user = SimpleNamespace(name="ann.lee", groups=[SimpleNamespace(name=name) for name in groups])
    return SimpleNamespace(user=user, name=server, log=log, said=said)


def test_a_course_is_one_service_that_its_instructors_alone_may_open(
    telemetry: CommandLine,
) -> None:
    outcome = telemetry("hub-config", "--course", "cs1")
    assert (outcome.status, outcome.err) == (0, "")
    assert "# Events are kept by account. Where students are to go by codes" in outcome.out
    config = configured(outcome.out)
    (service,) = listed(config.JupyterHub.services)
    read, write = "custom:telemetry-cs1:read", "custom:telemetry-cs1:write"
    assert service["name"] == "telemetry-cs1"
    assert service["oauth_client_allowed_scopes"] == [read]
    assert {*mapped(config.JupyterHub.custom_scopes)} == {read, write}
    students, instructors = listed(config.JupyterHub.load_roles)
    assert (students["groups"], students["scopes"]) == (["nbgrader-cs1"], [write])
    assert instructors["groups"] == ["formgrade-cs1"]
    assert {*instructors["scopes"]} == {write, read, "access:services!service=telemetry-cs1"}
    assert config.Spawner.server_token_scopes == [
        "users:activity!user",
        "access:servers!server",
        write,
    ]


@pytest.mark.parametrize("days", ["0", "400"])
def test_collectors_are_told_how_long_to_keep_events(telemetry: CommandLine, days: str) -> None:
    config = configured(telemetry("hub-config", *VARIOUS, "--retention-days", days).out)
    for service in listed(config.JupyterHub.services):
        command = service["command"]
        assert command[command.index("--retention-days") + 1] == days
        args = parsers()[0].parse_args(command[command.index("collect") :])
        assert read_options(args).retention_days == int(days)


def test_what_the_hub_has_already_stays(telemetry: CommandLine) -> None:
    theirs = [{"name": "cull"}]
    config = configured(
        telemetry("hub-config", "--course", "cs1").out,
        JupyterHub=Config(services=[*theirs], load_roles=[{"name": "own"}], custom_scopes={"a": 1}),
        Spawner=Config(server_token_scopes=["admin:servers!user"], environment={"LANG": "C"}),
    )
    assert config.JupyterHub.services[:1] == theirs
    assert config.JupyterHub.load_roles[0] == {"name": "own"}
    assert len(config.JupyterHub.custom_scopes) == 3
    assert config.Spawner.server_token_scopes == [
        "admin:servers!user",
        "custom:telemetry-cs1:write",
    ]
    assert {*config.Spawner.environment} == {"LANG", VARIABLE}


def test_scopes_that_a_function_gives_are_not_replaced(telemetry: CommandLine) -> None:
    text = telemetry("hub-config", "--course", "cs1").out
    with pytest.raises(TypeError, match=r"custom:telemetry-COURSE:write"):
        configured(text, Spawner=Config(server_token_scopes=lambda spawner: []))


def test_courses_share_no_scope_no_port_and_no_file(telemetry: CommandLine) -> None:
    config = configured(telemetry("hub-config", *VARIOUS).out)
    one, other = listed(config.JupyterHub.services)
    assert [one["name"], other["name"]] == ["telemetry-cs1", "telemetry-cs_2"]
    assert one["url"] != other["url"]
    files = [each["command"][each["command"].index("--database") + 1] for each in (one, other)]
    assert files[0] != files[1]
    scopes = [role["scopes"] for role in listed(config.JupyterHub.load_roles)]
    assert not {*scopes[0], *scopes[1]} & {*scopes[2], *scopes[3]}


@pytest.mark.parametrize(
    ("groups", "server", "course"),
    [
        ([], "", None),
        (["nbgrader-cs9", "everybody"], "", None),
        (["nbgrader-cs1"], "", "cs1"),
        (["formgrade-CS_2"], "", "cs_2"),
        # Work as a student is what the course is to see.
        (["nbgrader-cs1", "formgrade-CS_2"], "", "cs1"),
        (["nbgrader-cs1", "formgrade-CS_2"], "CS_2", "cs_2"),
        # Nobody can tell which course it is for: no course gets it.
        (["nbgrader-cs1", "nbgrader-CS_2"], "", None),
        (["nbgrader-cs1", "nbgrader-CS_2"], "gpu", None),
        (["nbgrader-cs1", "nbgrader-CS_2"], "CS_2", "cs_2"),
        (["nbgrader-cs1"], "CS_2", "cs1"),
    ],
)
def test_a_server_sends_to_the_collector_of_its_users_course(
    telemetry: CommandLine, groups: list[str], server: str, course: str | None
) -> None:
    config = configured(telemetry("hub-config", *VARIOUS).out)
    give = mapped(config.Spawner.environment)[VARIABLE]
    of_user = spawner(*groups, server=server)
    hub = "https://hub.school.example/lab"
    assert give(of_user) == (f"{hub}/services/telemetry-{course}" if course else "")
    is_in_both = {*groups} >= {"nbgrader-cs1", "nbgrader-CS_2"}
    assert bool(of_user.said) == (is_in_both and course is None)


def test_groups_are_named_as_they_are(telemetry: CommandLine) -> None:
    name = 'staff of "cs1" \\ n\'é'
    outcome = telemetry("hub-config", "--course", "cs1", "--instructors", name)
    config = configured(outcome.out)
    assert listed(config.JupyterHub.load_roles)[1]["groups"] == [name]
    ast.parse(outcome.out)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--course", "c s"], "no name for a course"),
        (["--course", "-"], "no name for a course"),
        (["--course", "cs1/"], "no name for a course"),
        (["--course", "cs1", "--course", "CS1"], "would be one service"),
        (["--course", "cs1", "--students", "all", "--instructors", "all"], "would read the class"),
        (["--course", "cs1", "--course", "cs2", "--students", "all"], "of one course"),
        (["--course", "cs1", "--students", "  "], "has no name"),
        (["--course", "cs1", "--hub-url", "hub.example"], "must begin with http"),
        (["--course", "cs1", "--hub-url", "https://a:b@hub.example"], "no password"),
        (["--course", "cs1", "--port", "65536"], "is no port"),
        (["--course", "cs1", "--retention-days", "-1"], "from 0 to 36500"),
        (["--course", "cs1", "--port", "65535", "--course", "cs2"], "is no port"),
        ([], "--course"),
    ],
)
def test_what_no_hub_would_take_is_refused(
    telemetry: CommandLine, arguments: list[str], words: str
) -> None:
    outcome = telemetry("hub-config", *arguments)
    assert outcome.status == 2
    assert outcome.out == ""
    assert words in outcome.err


def test_the_lines_fit_a_terminal_and_break_nowhere(telemetry: CommandLine) -> None:
    outcome = telemetry("hub-config", "--course", "cs1")
    assert max(map(len, outcome.out.splitlines())) < 80
