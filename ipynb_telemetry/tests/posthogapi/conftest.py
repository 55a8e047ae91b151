"""A project of a PostHog, for those who have its personal key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ipynb_telemetry.posthogapi import api
from ipynb_telemetry.posthogapi.personalkey import VARIABLE
from ipynb_telemetry.tests.support.commandline import CommandLine, Outcome
from ipynb_telemetry.tests.support.fakeposthogapi import (
    KEY,
    PROJECT,
    FakePostHogApi,
    fake_posthog_api,
)

Run = Callable[..., Outcome]


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that requests made, in seconds; none takes any time."""
    pauses: list[float] = []
    monkeypatch.setattr(api.PostHogApi.__init__, "__defaults__", (pauses.append,))
    return pauses


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> Iterator[FakePostHogApi]:
    """The project, whose personal key is in the environment."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv(VARIABLE, KEY)
    with fake_posthog_api() as posthog:
        yield posthog


@pytest.fixture
def run(telemetry: CommandLine, project: FakePostHogApi) -> Run:
    """`jupyter telemetry posthog`, of which no word may have the personal key."""

    def run(action: str, *args: str | Path) -> Outcome:
        where = ("--project", str(PROJECT), "--host", project.host)
        outcome = telemetry("posthog", action, *args, *where)
        assert KEY not in outcome.out + outcome.err
        return outcome

    return run
