"""Who may do what at a class collector: students write, instructors read, nobody else anything."""

import json
from typing import Any

import pytest

from ipynb_telemetry.answers.catalog import CLASS
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.tests.support.classserver import ClassServer, by_key, message_of
from ipynb_telemetry.tests.support.storedevents import raw_event

from .conftest import OpenClass

READING = [
    "api/events",
    "class",
    *(f"class/{name}" for name in (*CLASS, "changes?since=0")),
    "class/student?student=JOHN_DOE",
    "class/cell?notebook=D1&cell=a",
]
STATEMENTS: dict[str, tuple[str, Any]] = {
    "class/roster": ("PUT", {"members": [{"id": "JOHN_DOE", "is_staff": True}]}),
    "class/outline": (
        "PUT",
        {"notebook": "D1", "exercises": [{"id": "1", "title": "1", "cells": [], "tests": ["t"]}]},
    ),
    "class/seen": ("POST", {"student": "JOHN_DOE", "notebook": "D1", "signal": "S1"}),
    "class/person": ("POST", {"student": "JOHN_DOE", "person": "ANN_LEE"}),
}


async def test_what_is_sent_with_the_class_key_is_read_by_the_instructor(cs1: ClassServer) -> None:
    for path in ("batch/", "e/", "i/v0/e/", "capture/", "ipynb-telemetry/batch/"):
        answer = await cs1.post([raw_event(distinct_id=path)], path)
        assert (answer.code, json.loads(answer.body)) == (200, {"status": 1})
    assert [event["distinct_id"] for event in await cs1.stored()] == [
        "batch/",
        "e/",
        "i/v0/e/",
        "capture/",
        "ipynb-telemetry/batch/",
    ]


async def test_the_class_key_reads_nothing_and_says_nothing(cs1: ClassServer) -> None:
    assert (await cs1.post([raw_event()])).code == 200
    headers = by_key(cs1.class_key)
    for path in READING:
        answer = await cs1.fetch(f"ipynb-telemetry/{path}", headers=headers)
        assert answer.code == 403, path
        assert b"JOHN_DOE" not in answer.body
    for path, (method, body) in STATEMENTS.items():
        answer = await cs1.fetch(f"ipynb-telemetry/{path}", method, body=body, headers=headers)
        assert answer.code == 403, path
    # Nor is the key a login.
    browser = cs1.browser()
    answer = await browser.log_in(cs1.class_key)
    assert answer.code == 401
    assert b"the key of the students" in answer.body


async def test_a_stranger_is_refused(cs1: ClassServer) -> None:
    for headers in ({}, by_key("tcw_0123456789abcdef0123456789abcdef"), by_key("x" * 5000)):
        for path in READING:
            answer = await cs1.fetch(f"ipynb-telemetry/{path}", headers=headers)
            assert answer.code == (302 if path == "class" else 403), path
        for path, (method, body) in STATEMENTS.items():
            answer = await cs1.fetch(f"ipynb-telemetry/{path}", method, body=body, headers=headers)
            assert answer.code == 403, path


async def test_an_instructor_reads_and_says(cs1: ClassServer) -> None:
    browser = await cs1.instructor()
    for path in READING:
        answer = await browser.fetch(f"ipynb-telemetry/{path}")
        assert answer.code == (204 if "changes" in path else 200), path
    for path, (method, body) in STATEMENTS.items():
        for headers, code in (({}, 403), ({"X-XSRFToken": "forged"}, 403), (browser.xsrf, 200)):
            answer = await browser.fetch(
                f"ipynb-telemetry/{path}", method, body=body, headers=headers
            )
            assert answer.code == code, (path, headers)


async def test_an_instructors_cookie_sends_no_events(cs1: ClassServer) -> None:
    browser = await cs1.instructor()
    body = {"batch": [raw_event()]}
    answer = await browser.fetch("batch/", "POST", body=body, headers=browser.xsrf)
    assert answer.code == 401
    assert await cs1.stored() == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"batch": [raw_event()]}, "without the key of the class"),
        ([raw_event()], "without the key of the class"),
        ({"api_key": "tcw_00", "batch": [raw_event()]}, "not the key of this class"),
        ({"api_key": ["tcw_00"], "batch": []}, "without the key of the class"),
        ({"api_key": "\ud800", "batch": []}, "not the key of this class"),
        ([{**raw_event(), "token": "phc_other"}], "not the key of this class"),
    ],
    ids=["none", "list", "wrong", "kind", "surrogate", "other"],
)
async def test_events_without_the_class_key_are_refused_in_words(
    cs1: ClassServer, body: Any, words: str
) -> None:
    answer = await cs1.fetch("batch/", "POST", body=body)
    assert answer.code == 401
    assert words in message_of(answer)
    assert "jupyter telemetry join" in message_of(answer)
    assert await cs1.stored() == []


async def test_every_event_of_a_list_needs_the_key(cs1: ClassServer) -> None:
    own = {**raw_event(), "properties": {"token": cs1.class_key, "notebook": "D1"}}
    assert (await cs1.fetch("e/", "POST", body=[own, raw_event()])).code == 401
    assert (await cs1.fetch("e/", "POST", body=[own, {**own, "token": "phc_x"}])).code == 401
    assert await cs1.stored() == []
    assert (await cs1.fetch("e/", "POST", body=[own, own])).code == 200
    stored = await cs1.stored()
    assert [event["properties"] for event in stored] == [{"notebook": "D1"}] * 2, "no key is kept"


async def test_an_empty_batch_asks_whether_the_key_is_good(cs1: ClassServer) -> None:
    assert (await cs1.post([])).code == 200
    assert (await cs1.fetch("batch/", "POST", body={"api_key": "tcw_1", "batch": []})).code == 401


async def test_a_key_in_the_header_counts_before_one_in_the_body(cs1: ClassServer) -> None:
    body = {"api_key": cs1.class_key, "batch": [raw_event()]}
    assert (await cs1.fetch("batch/", "POST", body=body, headers=by_key("tcw_0"))).code == 401
    body["api_key"] = "anything"
    headers = by_key(cs1.class_key)
    assert (await cs1.fetch("batch/", "POST", body=body, headers=headers)).code == 200


@pytest.mark.parametrize("forwards_to", [None, Destination("https://eu.i.posthog.com", "phc_key")])
async def test_the_class_view_is_told_that_events_come_here(
    open_class: OpenClass, forwards_to: Destination | None
) -> None:
    server = await open_class(forwards_to=forwards_to)
    answer = await (await server.instructor()).fetch("ipynb-telemetry/class/overview")
    overview = json.loads(answer.body)["result"]
    assert (overview["posthog"], overview["class_collector"]) == ("", "")
