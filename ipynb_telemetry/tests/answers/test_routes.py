"""The answers over HTTP."""

import json
import sqlite3
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.answers.catalog import CLASS
from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.settings.inforce import InForce
from ipynb_telemetry.store import loggedhandler
from ipynb_telemetry.store.accesslog import read_accesses

EXERCISES = [{"id": "one", "title": "Exercise 1", "cells": ["a"], "tests": ["one"]}]


def event(seq: int, name: str, student: str = "JOHN_DOE", **properties: Any) -> dict[str, Any]:
    common = {
        "notebook": "D1",
        "session_id": "7e1c2a52-6e1b-4f0e-9b67-0d4b9f6d8f11",
        "seq": seq,
    }
    return {
        "event": name,
        "distinct_id": student,
        "timestamp": f"2026-03-01T10:00:{seq:02}Z",
        "properties": {**common, **properties},
    }


async def test_every_answer_is_there_before_any_event(ask: Any) -> None:
    for name in CLASS:
        status, document = await ask(name)
        assert (status, document["answer"], document["is_building"]) == (200, name, False)
    status, document = await ask("nothing")
    assert status == 404
    assert "progress" in document["message"]


async def test_what_was_posted_is_answered(ask: Any, post: Any) -> None:
    assert (await ask("outline", method="PUT", body={"notebook": "D1", "exercises": EXERCISES}))[
        0
    ] == 200
    members = [
        {"id": "JOHN_DOE", "name": "John Doe", "group": "A"},
        {"id": "ANN_LEE", "group": "B"},
        {"id": "TEACHER", "is_staff": True},
    ]
    assert (await ask("roster", method="PUT", body={"members": members}))[0] == 200
    await post(
        [event(1, "test_passed", test="one"), event(1, "test_passed", "TEACHER", test="one")]
    )
    _, document = await ask("progress")
    rows = document["result"]["students"]
    assert [(row["student"], row["solved"]) for row in rows] == [("JOHN_DOE", 1), ("ANN_LEE", 0)]
    _, document = await ask("progress", group="B")
    assert [row["student"] for row in document["result"]["students"]] == ["ANN_LEE"]
    _, document = await ask("progress", notebook="D2")
    assert document["result"]["exercises"] == []
    _, document = await ask("progress", until="2026-03-01T09:00:00Z")
    assert [row["solved"] for row in document["result"]["students"]] == [0, 0]
    _, document = await ask("overview")
    assert document["result"]["groups"] == ["A", "B"]
    assert document["result"]["students"][0]["name"] == "John Doe"
    (notebook,) = document["result"]["notebooks"]
    assert (notebook["outline"], notebook["students"]) == ("saved", 1)


async def test_the_overview_says_until_when_events_are_kept(
    ask: Any, post: Any, collector: IpynbTelemetryApp
) -> None:
    _, document = await ask("overview")
    assert (document["result"]["first_ms"], document["result"]["retention_days"]) == (None, 0)
    collector.retention_days = 30
    await post([event(1, "cell_executed", cell_id="a", status="ok")])
    _, document = await ask("overview")
    assert document["result"]["retention_days"] == 30
    assert document["result"]["first_ms"] > 1_700_000_000_000


async def test_the_overview_says_whether_events_go_elsewhere(
    ask: Any, collector: IpynbTelemetryApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, document = await ask("overview")
    assert document["result"]["posthog"] == ""
    elsewhere = InForce(Destination("https://eu.i.posthog.com", "phc_key"))
    monkeypatch.setattr(collector.server_settings, "read", lambda: elsewhere)
    _, document = await ask("overview")
    assert document["result"]["posthog"] == "https://eu.posthog.com"
    assert "phc_key" not in json.dumps(document)
    assert document["result"]["class_collector"] == ""
    joined = InForce(Destination("https://192.168.1.20:8443", "tcw_key", "0" * 64))
    monkeypatch.setattr(collector.server_settings, "read", lambda: joined)
    _, document = await ask("overview")
    assert document["result"]["posthog"] == ""
    assert document["result"]["class_collector"] == "https://192.168.1.20:8443"


async def test_an_outline_is_read_from_cells(ask: Any) -> None:
    test = "@tracked_test('adds')\ndef t(): pass"
    cells = [
        {"cell_type": "markdown", "id": "head", "source": "## Exercise 1", "metadata": {}},
        {"cell_type": "code", "id": "code", "source": ["x = 1\n", "y = 2"], "metadata": {}},
        {"cell_type": "code", "id": "test", "source": test, "metadata": None},
        {"cell_type": 5, "id": ["x"], "source": {"a": 1}},
    ]
    status, document = await ask("outline", method="PUT", body={"notebook": "D1", "cells": cells})
    assert (status, document["exercises"]) == (200, 1)
    _, document = await ask("progress")
    (exercise,) = document["result"]["exercises"]
    assert (exercise["title"], exercise["cell_id"]) == ("Exercise 1", "code")
    for wrong in ("x", [5], [], cells[:1]):
        body = {"notebook": "D1", "cells": wrong}
        assert (await ask("outline", method="PUT", body=body))[0] == 400, wrong


async def test_changes_say_whether_there_is_anything_new(ask: Any, post: Any) -> None:
    status, document = await ask("changes", since="-1")
    assert status == 200
    rev = document["rev"]
    assert (await ask("changes", since=str(rev)))[0] == 204
    await post([event(1, "cell_executed", cell_id="a", status="ok")])
    status, document = await ask("changes", since=str(rev))
    assert (status, document["rev"] > rev) == (200, True)
    rev = document["rev"]
    mark = {"student": "JOHN_DOE", "notebook": "D1", "exercise": None, "signal": "S5"}
    assert (await ask("seen", method="POST", body=mark))[0] == 200
    assert (await ask("changes", since=str(rev)))[0] == 200, "the others are to see the mark"


async def test_who_looks_at_what_students_wrote_is_written_down(
    ask: Any, post: Any, collector: IpynbTelemetryApp
) -> None:
    await post([event(1, "cell_executed", cell_id="a", status="ok", code="x")])
    assert (await ask("student"))[0] == 400
    status, document = await ask("student", student="JOHN_DOE", only="secrets")
    assert (status, "only" in document["message"]) == (400, True)
    status, document = await ask("student", student="JOHN_DOE", notebook="D1")
    assert status == 200
    assert document["result"]["events"][0]["properties"]["code"] == "x"
    for params in ({"cell": "a"}, {"exercise": "one"}):
        assert (await ask("cell", notebook="D1", **params))[0] == 200
    visits = await collector.off_loop(lambda: collector.store.database.use(read_accesses))
    assert [visit.page[1:] for visit in visits] == [
        ("JOHN_DOE", "D1", ""),
        ("", "D1", "a"),
        ("", "D1", "one"),
    ]
    assert visits[0].page.reader
    assert visits[0].first_ms > 1_700_000_000_000


async def test_who_looks_at_the_class_is_written_down_once_a_visit(
    ask: Any, get: Any, post: Any, collector: IpynbTelemetryApp
) -> None:
    async def visits() -> list[tuple[str, ...]]:
        found = await collector.off_loop(lambda: collector.store.database.use(read_accesses))
        return [visit.page[1:] for visit in found]

    assert (await ask("needs"))[0] == 200
    assert collector.store.database.is_new, "a look makes no file"
    await post([event(1, "cell_executed", cell_id="a", status="ok", code="x")])
    assert (await ask("changes", since="-1"))[0] == 200
    assert await visits() == []
    for name in ("needs", "overview", "needs", "progress"):
        assert (await ask(name, notebook="D1"))[0] == 200
    assert (await get())[0] == 200
    assert await visits() == [("", "", "")]
    assert (await get(student="JOHN_DOE"))[0] == 200
    assert await visits() == [("", "", ""), ("JOHN_DOE", "", "")]


async def test_a_student_is_not_shown_where_that_cannot_be_written_down(
    ask: Any, get: Any, post: Any, collector: IpynbTelemetryApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post([event(1, "cell_executed", cell_id="a", status="ok", code="x")])

    def refuse(*_: Any) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(loggedhandler, "log_access", refuse)
    for _ in range(2):
        assert (await ask("student", student="JOHN_DOE"))[0] == 503
        assert (await get(student="JOHN_DOE"))[0] == 503
        assert (await ask("cell", notebook="D1", cell="a"))[0] == 503
        assert (await ask("needs"))[0] == 200


async def test_a_cell_of_all_students(ask: Any, post: Any) -> None:
    await post([event(1, "cell_executed", cell_id="a", status="ok", output="42")])
    status, document = await ask("cell", notebook="D1", cell="a")
    assert status == 200
    assert [group["text"] for group in document["result"]["groups"]] == ["42"]
    for params in ({}, {"notebook": "D1"}, {"notebook": "D1", "cell": "a", "exercise": "b"}):
        assert (await ask("cell", **params))[0] == 400


@pytest.fixture
def put_roster(jp_fetch: Any) -> Any:
    """Send a roster as a file, and give the status and the answer."""

    async def send(content: bytes, media_type: str = "text/csv") -> tuple[int, Any]:
        try:
            response = await jp_fetch(
                *("ipynb-telemetry", "class", "roster"),
                method="PUT",
                body=content,
                headers={"Content-Type": media_type},
            )
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)
        return response.code, json.loads(response.body)

    return send


@pytest.mark.parametrize("media_type", ["text/csv", "text/csv; charset=utf-8"])
async def test_a_roster_comes_as_a_file(ask: Any, put_roster: Any, media_type: str) -> None:
    content = "\ufeffID;Name;Group;Staff\r\nANN_LEE;Zoë;B;no\r\nTEACHER;;;yes\r\n"
    assert await put_roster(content.encode(), media_type) == (200, {"status": 1, "members": 2})
    _, document = await ask("overview")
    known = [
        (each["student"], each["name"], each["is_staff"]) for each in document["result"]["students"]
    ]
    assert known == [("ANN_LEE", "Zoë", False), ("TEACHER", "", True)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The roster has no column id"),
        (b"name\nAnn\n", "The roster has no column id"),
        (b"id\nA\nA\n", "The roster has A in line 2 and in line 3."),
        ("id,name\nA,Zoë\n".encode("latin-1"), "The roster is not UTF-8 text"),
        (b"id\n" + b"".join(b"A%d\n" % n for n in range(10_001)), "has more than 10000 members"),
    ],
)
async def test_a_file_that_is_no_roster_changes_nothing(
    ask: Any, put_roster: Any, content: bytes, words: str
) -> None:
    await put_roster(b"id\nANN_LEE\n")
    status, document = await put_roster(content)
    assert (status, words in document["message"]) == (400, True), document
    _, document = await ask("overview")
    assert [each["student"] for each in document["result"]["students"]] == ["ANN_LEE"]


@pytest.mark.parametrize(
    ("path", "method", "body", "words"),
    [
        ("outline", "PUT", {"exercises": EXERCISES}, "names no notebook"),
        ("outline", "PUT", {"notebook": "D1", "exercises": []}, "no exercises"),
        ("roster", "PUT", {"members": [{"id": ""}]}, "member 1 has no id"),
        ("roster", "PUT", {"members": [{"id": "A"}, {"id": "A"}]}, "A twice"),
        ("roster", "PUT", {"members": "A"}, "must be a list"),
        ("seen", "POST", {"student": "A"}, "A mark has"),
        ("seen", "POST", [], "no JSON object"),
        ("person", "POST", {"student": "A"}, "A student and a person"),
        ("person", "POST", {"student": "A", "person": "A\u202e"}, "A student and a person"),
        ("person", "POST", {"student": "A~7", "person": "A"}, "A simulated student"),
        ("person", "POST", {"student": "A", "person": "B", "sessions": "s"}, "Sessions are a list"),
        ("person", "POST", {"student": "A", "person": "B", "sessions": [1]}, "A session is named"),
        ("person", "POST", {"student": "A", "person": "B"}, "Nobody is known as A"),
        ("person", "POST", {"undo": True}, "A statement is named"),
        ("person", "POST", {"undo": 7}, "No such statement"),
    ],
)
async def test_a_bad_body_is_refused_in_words(
    ask: Any, path: str, method: str, body: Any, words: str
) -> None:
    status, document = await ask(path, method=method, body=body)
    assert status == 400
    assert words in document["message"]


@pytest.mark.parametrize("params", [{"since": "yesterday"}, {"until": "25:00"}])
async def test_a_bad_argument_is_named(ask: Any, params: dict[str, str]) -> None:
    status, document = await ask("progress", **params)
    assert status == 400
    assert next(iter(params)) in document["message"]


async def test_people_are_merged_and_that_is_taken_back(ask: Any, post: Any) -> None:
    session = "0c1d2e3f-6e1b-4f0e-9b67-0d4b9f6d8f11"
    await post(
        [
            event(1, "test_passed", test="one"),
            event(1, "cell_executed", "J_DOE", session_id=session, cell_id="a", status="ok"),
        ]
    )

    async def students() -> list[tuple[str, int]]:
        _, document = await ask("students")
        return [(row["student"], row["runs"]) for row in document["result"]["rows"]]

    assert await students() == [("JOHN_DOE", 0), ("J_DOE", 1)]
    status, said = await ask(
        "person", method="POST", body={"student": "J_DOE", "person": "JOHN_DOE"}
    )
    assert (status, said) == (200, {"status": 1, "change": 1})
    assert await students() == [("JOHN_DOE", 1)]
    _, document = await ask("overview")
    assert [each["student"] for each in document["result"]["students"]] == ["JOHN_DOE"]
    _, document = await ask("student", student="JOHN_DOE")
    assert len(document["result"]["events"]) == 2
    _, document = await ask("audit")
    claimed = {(each["student"], each["claimed"]) for each in document["result"]["sessions"]}
    assert claimed == {("JOHN_DOE", "JOHN_DOE"), ("JOHN_DOE", "J_DOE")}
    assert (await ask("person", method="POST", body={"undo": 1}))[0] == 200
    assert await students() == [("JOHN_DOE", 0), ("J_DOE", 1)]
    _, document = await ask("people")
    (row,) = document["result"]["rows"]
    assert (row["student"], row["sessions"], row["person"]) == ("J_DOE", 0, "JOHN_DOE")
    assert row["said_by"]
    assert row["undone_by"]
