"""At a class collector the class key finds a student in the roster, from a page of any origin."""

import json
from pathlib import Path
from typing import Any

from tornado.httpclient import HTTPResponse

from ipynb_telemetry.answers.codesecret import secret_file
from ipynb_telemetry.answers.studentcodes import code_of
from ipynb_telemetry.relay.askingclass import ask_class_collector
from ipynb_telemetry.relay.thread import in_thread
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.tests.support.classserver import ClassServer, by_key, message_of

WRONG = "tcw_0123456789abcdef0123456789abcdef"
MEMBERS = [{"id": "s-1", "name": "Ann Lee"}, {"id": "t-1", "name": "Anna", "is_staff": True}]


async def keep(server: ClassServer, offer: str = "names") -> None:
    instructor = await server.instructor()
    body = {"members": MEMBERS, "offer": offer}
    path = "ipynb-telemetry/class/roster"
    assert (await instructor.fetch(path, "PUT", body=body, headers=instructor.xsrf)).code == 200


async def find(server: ClassServer, body: Any, **headers: str) -> HTTPResponse:
    given = headers or by_key(server.class_key)
    return await server.fetch("ipynb-telemetry/roster/find", "POST", body=body, headers=given)


async def test_the_class_key_finds_and_is_told_no_more_than_is_offered(cs1: ClassServer) -> None:
    await keep(cs1)
    headers = by_key(cs1.class_key)
    offer = await cs1.fetch("ipynb-telemetry/roster/offer", headers=headers)
    assert (offer.code, json.loads(offer.body)) == (200, {"offer": "names"})
    assert offer.headers["Access-Control-Allow-Origin"] == "*"
    answer = await find(cs1, {"typed": "ann", "identity": "pseudonym"})
    secret = secret_file(Path(cs1.collector.database_path)).read_text().strip()
    code = code_of(bytes.fromhex(secret), "s-1")
    found = {"found": [{"id": code, "name": "Ann Lee", "group": None}]}
    assert json.loads(answer.body) == found
    assert answer.headers["Cache-Control"] == "no-store"
    await keep(cs1, "codes")
    assert json.loads((await find(cs1, {"typed": "ann", "identity": "name"})).body)["found"] == []
    assert json.loads((await find(cs1, {"code": code, "identity": "pseudonym"})).body) == found


async def test_a_page_of_any_origin_may_ask(cs1: ClassServer) -> None:
    asked = {
        "Origin": "http://lab.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    for what in ("offer", "find"):
        answer = await cs1.fetch(f"ipynb-telemetry/roster/{what}", "OPTIONS", headers=asked)
        assert answer.code == 204
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"]


async def test_without_the_key_nobody_is_told_whether_there_is_a_roster(cs1: ClassServer) -> None:
    await keep(cs1)
    instructor = await cs1.instructor()
    for headers in ({"X": "none"}, by_key(WRONG), {"Cookie": instructor._cookie_header()}):
        answer = await find(cs1, {"typed": "ann", "identity": "name"}, **headers)
        assert answer.code == 401
        assert b"Ann" not in answer.body
        offer = await cs1.fetch("ipynb-telemetry/roster/offer", headers=headers)
        assert offer.code == 401
        assert b"names" not in offer.body


async def test_who_tries_class_keys_waits_here_too(cs1: ClassServer) -> None:
    keys = [f"tcw_{number:032x}" for number in range(12)]
    answers = [await find(cs1, {"typed": "ann", "identity": "name"}, **by_key(k)) for k in keys]
    assert [answer.code for answer in answers] == [401] * 11 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "Too many wrong class keys" in message_of(answers[-1])


async def test_searches_count_as_what_is_sent(tmp_path: Path) -> None:
    server = ClassServer(tmp_path / "few.sqlite3", address_rate=100)
    await server.open()
    try:
        codes = [(await find(server, {"typed": "ann", "identity": "name"})).code for _ in range(12)]
        assert codes == [200] * 10 + [429] * 2
    finally:
        await server.close()


async def test_a_server_that_sends_there_passes_the_question_on(cs1: ClassServer) -> None:
    await keep(cs1)
    destination = Destination(cs1.url, cs1.class_key)

    async def passed(method: str, what: str, body: Any = None) -> Any:
        told = json.dumps(body).encode()
        answer = await in_thread(
            lambda: ask_class_collector(destination, method, what, [], told, "")
        )
        return answer.status, json.loads(answer.body) if answer.body else answer.message

    assert await passed("GET", "roster/offer") == (200, {"offer": "names"})
    search = {"typed": "ann", "identity": "name"}
    found = {"found": [{"id": "s-1", "name": "Ann Lee", "group": None}]}
    assert await passed("POST", "roster/find", search) == (200, found)
    status, words = await passed("POST", "roster/find", {})
    assert (status, "must have either" in words) == (400, True)
