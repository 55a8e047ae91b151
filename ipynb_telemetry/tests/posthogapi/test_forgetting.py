"""A student is deleted once somebody has said so."""

from __future__ import annotations

import io
import sys

import pytest

from ipynb_telemetry.tests.posthogapi.conftest import Run
from ipynb_telemetry.tests.support.fakeposthogapi import FakePostHogApi

DELETED = {"distinct_ids": ["JOHN_DOE"], "delete_events": True, "delete_recordings": True}


@pytest.fixture
def students(project: FakePostHogApi) -> FakePostHogApi:
    project.people = [
        {"uuid": "u1", "distinct_ids": ["JOHN_DOE"]},
        {"uuid": "u2", "distinct_ids": ["ANN_LEE", "ANN LEE"]},
    ]
    return project


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    stdin = io.StringIO(text)
    stdin.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", stdin)


def test_a_student_is_deleted_when_that_is_typed(
    run: Run, students: FakePostHogApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "JOHN_DOE\n")
    outcome = run("forget", "JOHN_DOE")
    assert outcome.status == 0
    assert students.deleted == [DELETED]
    assert "must not be used again" in outcome.err


@pytest.mark.parametrize("text", ["", "yes\n", "JOHN\n"])
def test_nobody_is_deleted_by_mistake(
    run: Run, students: FakePostHogApi, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    typed(monkeypatch, text)
    assert run("forget", "JOHN_DOE").status == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO("JOHN_DOE\n"))
    assert run("forget", "JOHN_DOE").status == 2, "nobody is there to ask"
    assert students.deleted == []


def test_scripts_say_yes(run: Run, students: FakePostHogApi) -> None:
    assert run("forget", "JOHN_DOE", "--yes", "--dry-run", "--json").document["forgotten"] is False
    assert students.deleted == []
    assert run("forget", "JOHN_DOE", "--yes", "--json").document["forgotten"] is True
    assert students.deleted == [DELETED]


def test_who_is_the_same_person_is_told(run: Run, students: FakePostHogApi) -> None:
    outcome = run("forget", "ANN_LEE", "--dry-run")
    assert "takes ANN LEE for the same person" in outcome.err


def test_a_stranger_is_said(run: Run, students: FakePostHogApi) -> None:
    outcome = run("forget", "NOBODY", "--yes")
    assert "knows nobody with the id NOBODY" in outcome.err
    assert students.deleted == []


def test_the_scope_is_named(run: Run, students: FakePostHogApi) -> None:
    students.scopes = {"dashboard:write", "person:read"}
    outcome = run("forget", "JOHN_DOE", "--yes")
    assert "the scope person:write" in outcome.err
    assert students.deleted == []


@pytest.mark.parametrize(
    "words", [("forget",), ("status", "JOHN_DOE"), ("make",), ("remove", "--roster", "x.csv")]
)
def test_wrong_words_are_refused(
    run: Run, students: FakePostHogApi, words: tuple[str, ...]
) -> None:
    assert run(*words).status == 2
    assert students.requests == []
