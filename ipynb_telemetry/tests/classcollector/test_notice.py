"""Whoever may send is told for how long a class collector keeps events, and nothing else."""

from __future__ import annotations

import json

import pytest

from ipynb_telemetry.relay.askingclass import ask_class_collector
from ipynb_telemetry.relay.thread import in_thread
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.tests.support.classserver import ClassServer, by_key

from .conftest import OpenClass

PATH = "ipynb-telemetry/notice/retention"
WRONG = "tcw_0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("days", [0, 30])
async def test_the_class_key_is_told_the_days(open_class: OpenClass, days: int) -> None:
    server = await open_class(retention_days=days)
    answer = await server.fetch(PATH, headers=by_key(server.class_key))
    assert (answer.code, json.loads(answer.body)) == (200, {"retention_days": days})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_page_of_any_origin_may_ask(cs1: ClassServer) -> None:
    asked = {
        "Origin": "http://lab.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = await cs1.fetch(PATH, "OPTIONS", headers=asked)
    assert answer.code == 204
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]


async def test_without_the_key_nobody_is_told(open_class: OpenClass) -> None:
    server = await open_class(retention_days=30)
    instructor = await server.instructor()
    for headers in ({"X": "none"}, by_key(WRONG), {"Cookie": instructor._cookie_header()}):
        answer = await server.fetch(PATH, headers=headers)
        assert answer.code == 401
        assert b"30" not in answer.body


async def test_a_server_that_sends_there_passes_the_question_on(open_class: OpenClass) -> None:
    server = await open_class(retention_days=30)
    destination = Destination(server.url, server.class_key)
    answer = await in_thread(
        lambda: ask_class_collector(destination, "GET", "notice/retention", [], b"", "")
    )
    assert (answer.status, json.loads(answer.body)) == (200, {"retention_days": 30})
