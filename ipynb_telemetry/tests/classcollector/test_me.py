"""At a class collector the class key admits to a person's routes, and the person's code decides."""

import asyncio
import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from ipynb_telemetry.relay.askingclass import Passed, ask_class_collector
from ipynb_telemetry.relay.thread import in_thread
from ipynb_telemetry.settings.destination import HUB_KEY, Destination
from ipynb_telemetry.tests.support.classserver import ClassServer, by_key, message_of
from ipynb_telemetry.tests.support.ownsessions import ANN, JOHN, event_of, hashed, session_id

QUESTIONS = (("events", "GET"), ("access", "GET"), ("summary", "GET"), ("forget", "POST"))


async def claim(server: ClassServer, code: str, *sessions: str) -> HTTPResponse:
    body = json.dumps({"verifier": hashed(code), "sessions": sessions})
    headers = by_key(server.class_key)
    return await server.fetch("ipynb-telemetry/me/sessions", "POST", body=body, headers=headers)


async def ask(
    server: ClassServer, what: str, code: str, method: str = "GET", **headers: str
) -> HTTPResponse:
    given = {"X-Telemetry-Code": code, **(headers or by_key(server.class_key))}
    return await server.fetch(f"ipynb-telemetry/me/{what}", method, headers=given)


async def test_the_class_key_names_nobody(cs1: ClassServer) -> None:
    await cs1.post([event_of(session_id(0), 1, code="secret of Ann")])
    await claim(cs1, ANN, session_id(0))
    instructor = await cs1.instructor()
    for what, method in QUESTIONS:
        for query in ("", "?student=ANN_LEE", f"?session={session_id(0)}", "?at=class"):
            headers = by_key(cs1.class_key)
            answer = await cs1.fetch(f"ipynb-telemetry/me/{what}{query}", method, headers=headers)
            assert (answer.code, message_of(answer)) == (
                403,
                "Your code is missing: it says which records are yours.",
            )
        assert (await instructor.fetch(f"ipynb-telemetry/me/{what}", method)).code == 401
    assert len(await cs1.stored()) == 1


async def test_a_code_without_the_class_key_opens_nothing(cs1: ClassServer) -> None:
    await cs1.post([event_of(session_id(0), 1)])
    await claim(cs1, ANN, session_id(0))
    instructor = await cs1.instructor()
    for what, method in QUESTIONS:
        for headers in ({"X": "none"}, by_key("tcw_0123456789abcdef0123456789abcdef")):
            assert (await ask(cs1, what, ANN, method, **headers)).code == 401
        cookie = {"Cookie": instructor._cookie_header()}
        assert (await ask(cs1, what, ANN, method, **cookie)).code == 401
    assert len(await cs1.stored()) == 1


async def test_a_person_reads_and_erases_from_a_page_of_any_origin(cs1: ClassServer) -> None:
    await cs1.post([event_of(session_id(0), 1), event_of(session_id(1), 2, "JOHN_DOE")])
    assert (await claim(cs1, ANN, session_id(0))).code == 200
    answer = await ask(cs1, "events", ANN)
    assert [each["properties"]["seq"] for each in json.loads(answer.body)["events"]] == [1]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    asked = {"Origin": "http://lab.example", "Access-Control-Request-Method": "GET"}
    preflight = await cs1.fetch("ipynb-telemetry/me/events", "OPTIONS", headers=asked)
    assert "x-telemetry-code" in preflight.headers["Access-Control-Allow-Headers"]
    assert "GET" in preflight.headers["Access-Control-Allow-Methods"]
    receipt = json.loads((await ask(cs1, "forget", ANN, "POST")).body)
    assert (receipt["events"], receipt["is_scrubbed"]) == (1, True)
    assert [each["distinct_id"] for each in await cs1.stored()] == ["JOHN_DOE"]
    assert (await ask(cs1, "events", ANN)).code == 403


async def test_a_class_that_collects_codes_is_slowed_down(cs1: ClassServer) -> None:
    cs1.collector.code_guesses._clock = cs1.clock
    await claim(cs1, ANN, session_id(0))
    codes = [await ask(cs1, "events", f"{guess:016}") for guess in range(8)]
    assert [answer.code for answer in codes] == [403] * 4 + [429] * 4
    assert codes[-1].headers["Retry-After"] == "2"
    cs1.clock.seconds += 2
    assert (await ask(cs1, "events", ANN)).code == 200


async def test_a_student_deletes_no_copy_that_others_are_in(cs1: ClassServer) -> None:
    await cs1.post([event_of(session_id(0), 1)])
    await claim(cs1, ANN, session_id(0))
    path = Path(cs1.collector.database_path)
    copy = path.with_name(f"{path.stem}.damaged-1{path.suffix}")
    copy.write_text(f"all of the class, and {session_id(0)}")
    receipt = json.loads((await ask(cs1, "forget", ANN, "POST")).body)
    assert (receipt["events"], receipt["damaged_copies"], receipt["unreached"]) == (1, 0, 1)
    assert copy.exists()


async def test_who_asks_again_and_again_holds_up_nobody(
    cs1: ClassServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the file is written anew nothing is stored."""
    turns: list[float] = []

    def written_anew(_: Any) -> bool:
        turns.append(time.monotonic())
        time.sleep(0.2)
        return True

    monkeypatch.setattr("ipynb_telemetry.store.scrubbingturns.scrub", written_anew)
    codes = [f"{number:016}" for number in range(12)]
    for number, code in enumerate(codes):
        await cs1.post([event_of(session_id(number), 1)])
        await claim(cs1, code, session_id(number))
    answers = await asyncio.gather(*[ask(cs1, "forget", code, "POST") for code in codes])
    assert [json.loads(answer.body)["is_scrubbed"] for answer in answers] == [True] * 12
    assert 1 <= len(turns) <= 3, "those who ask at the same time share a turn"
    assert all(later - earlier > 0.9 for earlier, later in pairwise(turns))
    cs1.collector.scrubbing._rested_at += 100
    await claim(cs1, ANN, session_id(50))
    assert not json.loads((await ask(cs1, "forget", ANN, "POST")).body)["is_scrubbed"]


async def test_claims_count_as_what_is_sent(tmp_path: Path) -> None:
    server = ClassServer(tmp_path / "few.sqlite3", address_rate=100)
    await server.open()
    try:
        sessions = [session_id(number) for number in range(200)]
        assert (await claim(server, ANN, *sessions)).code == 200
        answer = await claim(server, JOHN, session_id(300))
        assert answer.code == 429
        assert int(answer.headers["Retry-After"]) > 0
    finally:
        await server.close()


async def test_a_server_that_sends_there_passes_a_question_on(cs1: ClassServer) -> None:
    await cs1.post([event_of(session_id(0), 1), event_of(session_id(0), 2)])
    destination = Destination(cs1.url, cs1.class_key)

    async def passed(
        what: str, code: str = ANN, *, body: Any = None, to: Destination | None = destination
    ) -> Passed:
        method = "POST" if what in ("sessions", "forget") else "GET"
        told = json.dumps(body).encode()
        return await in_thread(
            lambda: ask_class_collector(to, method, f"me/{what}", [("limit", "1")], told, code)
        )

    claims = {"verifier": hashed(ANN), "sessions": [session_id(0)]}
    assert (await passed("sessions", "", body=claims)).status == 200
    page = json.loads((await passed("events")).body)
    assert [each["properties"]["seq"] for each in page["events"]] == [2]
    assert page["next"]
    refused = await passed("events", JOHN)
    assert (refused.status, refused.body) == (403, b"")
    assert "under this code" in refused.message
    # The key of this server is its own affair.
    wrong = Destination(cs1.url, "tcw_0123456789abcdef0123456789abcdef")
    assert (await passed("events", to=wrong)).status == 502
    for nowhere in (None, Destination(cs1.url, "phc_a_project"), Destination(cs1.url, HUB_KEY)):
        assert (await passed("events", to=nowhere)).status in (404, 502)
    gone = Destination("http://127.0.0.1:9", cs1.class_key)
    answer = await passed("forget", to=gone)
    assert answer.status == 502
    assert "Try again later" in answer.message
    assert json.loads((await passed("forget")).body)["events"] == 2
