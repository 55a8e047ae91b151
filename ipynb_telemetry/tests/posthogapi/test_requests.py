"""What PostHog refuses becomes a sentence, its limits are honoured, and no key is shown."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from ipynb_telemetry.posthogapi.api import PostHogApi, api_host
from ipynb_telemetry.posthogapi.errors import PostHogError
from ipynb_telemetry.posthogapi.personalkey import VARIABLE, read_personal_key
from ipynb_telemetry.tests.posthogapi.conftest import Run
from ipynb_telemetry.tests.support.commandline import CommandLine
from ipynb_telemetry.tests.support.fakeposthogapi import KEY, PROJECT, FakePostHogApi


@pytest.mark.parametrize("scope", ["dashboard", "insight", "insight_variable"])
def test_a_scope_that_is_missing_is_named(run: Run, project: FakePostHogApi, scope: str) -> None:
    project.scopes.discard(f"{scope}:write")
    outcome = run("provision")
    assert outcome.status == 1
    assert f"the personal key lacks the scope {scope}:" in outcome.err


def test_limits_are_waited_for(run: Run, project: FakePostHogApi, slept: list[float]) -> None:
    project.faults = [(429, {"Retry-After": "7"}), (429, {}), (429, {"Retry-After": "soon"})]
    assert run("provision").status == 0
    assert slept == [7, 10, 10]


def test_no_limit_is_waited_for_all_day(
    run: Run, project: FakePostHogApi, slept: list[float]
) -> None:
    project.faults = [(429, {"Retry-After": "3600"})]
    outcome = run("provision")
    assert outcome.status == 1
    assert "the next in 3600 s" in outcome.err
    assert slept == []


def test_what_may_be_asked_twice_is(run: Run, project: FakePostHogApi) -> None:
    project.faults = [(502, {}), None]
    assert run("status", "--json").document["findings"]
    project.faults = [(502, {})] * 3
    assert "status 502" in run("status").err
    project.faults = [None] * 3
    assert "cannot be reached" in run("status").err


def test_nothing_is_made_twice(
    run: Run, project: FakePostHogApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The dashboard is made, and the answer is lost.
    fault: list[Any] = []
    answer = project.answer

    def lost(*args: Any) -> Any:
        given = answer(*args)
        if args[0] == "POST" and not fault:
            fault.append(given)
            raise ConnectionResetError
        return given

    monkeypatch.setattr(project, "answer", lost)
    outcome = run("provision")
    assert outcome.status == 1
    assert len(project.dashboards) == 1
    run("provision")
    assert len(project.dashboards) == 1


@pytest.mark.parametrize(
    ("number", "words"), [(PROJECT + 1, "no project 124"), (0, "number of a project")]
)
def test_another_project_is_said(
    telemetry: CommandLine, project: FakePostHogApi, number: int, words: str
) -> None:
    outcome = telemetry("posthog", "status", "--project", str(number), "--host", project.host)
    assert outcome.status != 0
    assert words in outcome.err


def test_a_key_that_posthog_does_not_know_is_said(
    run: Run, project: FakePostHogApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "phx_of-somebody-else")
    outcome = run("status")
    assert "does not know this personal key" in outcome.err
    assert "phx_of-somebody-else" not in outcome.out + outcome.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("phc_project", "the key that events are sent with"),
        ("  ", "there is no personal key"),
        ("phx_with\r\nHost: elsewhere", "only letters, digits"),
        ("phx_" + "x" * 300, "only letters, digits"),
    ],
)
def test_what_is_no_personal_key_goes_nowhere(
    run: Run, project: FakePostHogApi, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    monkeypatch.setenv(VARIABLE, text)
    outcome = run("status")
    assert words in outcome.err
    assert text.strip() == "" or text.strip() not in outcome.err
    assert project.requests == []


def test_the_key_is_asked_for_on_a_terminal(
    run: Run, project: FakePostHogApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    assert "set POSTHOG_PERSONAL_API_KEY" in run("status").err
    assert project.requests == []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("ipynb_telemetry.cli.commands.posthog.getpass", lambda prompt: f" {KEY}\n")
    assert run("status", "--json").document["findings"]


def test_no_answer_to_the_question_is_no_key(
    run: Run, project: FakePostHogApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(prompt: str) -> str:
        raise EOFError

    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("ipynb_telemetry.cli.commands.posthog.getpass", end)
    assert "there is no personal key" in run("status").err
    assert project.requests == []


def test_the_key_goes_to_no_other_server(project: FakePostHogApi) -> None:
    project.faults = [(302, {"Location": "http://127.0.0.1:1/"})]
    api = PostHogApi(project.host, PROJECT, KEY)
    with pytest.raises(PostHogError, match="sends elsewhere"):
        api.request("GET", "dashboards/")
    api.close()


def test_what_posthog_says_is_told_without_the_key(project: FakePostHogApi) -> None:
    api = PostHogApi(project.host, PROJECT, KEY)
    with pytest.raises(PostHogError) as raised:
        api.request("POST", "dashboards/", {"name": "x" * 401})
    assert "no more than 400 characters. (name)" in str(raised.value)
    api.close()
    assert KEY not in repr(vars(raised.value))


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("https://us.i.posthog.com", "https://us.posthog.com"),
        ("https://eu.posthog.com/project/1/settings", "https://eu.posthog.com"),
        ("https://app.posthog.com", "https://us.posthog.com"),
        ("https://posthog.school.example/project/2/insights", "https://posthog.school.example"),
    ],
)
def test_the_address_of_any_page_will_do(given: str, host: str) -> None:
    assert api_host(given) == host


@pytest.mark.parametrize("given", ["http://posthog.school.example", "https://u:p@x.example", "us"])
def test_addresses_that_anybody_could_read_are_refused(given: str) -> None:
    with pytest.raises(PostHogError):
        api_host(given)


def test_a_missing_httpx_is_said(
    run: Run, project: FakePostHogApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    outcome = run("status")
    assert outcome.status == 1
    assert 'pip install "ipynb-telemetry[posthog]"' in outcome.err


def test_a_personal_key_loses_its_spaces() -> None:
    assert read_personal_key(f"  {KEY}\n") == KEY
