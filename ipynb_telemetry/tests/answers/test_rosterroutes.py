"""A student's page finds the student in the roster, and is told no more than is offered."""

from __future__ import annotations

import json
import logging
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.answers import rosterroutes
from ipynb_telemetry.answers.codesecret import read_secret, secret_file
from ipynb_telemetry.answers.members import save_members, save_offer
from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.answers.rosterroutes import Search, find, offered
from ipynb_telemetry.answers.studentcodes import code_of
from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.store.database import migrate
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.asked import Story

MEMBERS = [
    {"id": "s-1", "name": "Ann Lee", "group": "A"},
    {"id": "s-2", "name": "Ann Lee", "group": "B"},
    {"id": "s-3", "name": "Zoë Smith"},
    {"id": "t-1", "name": "Ann Teacher", "is_staff": True},
]
ANNS = [
    {"id": "s-1", "name": "Ann Lee", "group": "A"},
    {"id": "s-2", "name": "Ann Lee", "group": "B"},
]


@pytest.fixture
def ask(jp_fetch: Any) -> Any:
    """Ask for what is offered, or find somebody; gives the status and the answer."""

    async def ask(body: Any = None, **params: str) -> tuple[int, Any]:
        what = "offer" if body is None else "find"
        sent = {} if body is None else {"body": json.dumps(body), "method": "POST"}
        try:
            answer = await jp_fetch("ipynb-telemetry", "roster", what, params=params, **sent)
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)
        return answer.code, json.loads(answer.body)

    return ask


@pytest.fixture
def keep(jp_fetch: Any) -> Any:
    """Keep a roster as the class view does."""

    async def keep(members: Any = MEMBERS, **more: Any) -> None:
        body = json.dumps({"members": members, **more})
        await jp_fetch("ipynb-telemetry", "class", "roster", method="PUT", body=body)

    return keep


def secret_in(collector: IpynbTelemetryApp) -> Path:
    return secret_file(Path(collector.database_path))


async def test_nothing_is_offered_without_a_roster(ask: Any, keep: Any) -> None:
    assert await ask() == (200, {"offer": "nothing"})
    assert await ask({"typed": "ann", "identity": "name"}) == (200, {"found": []})
    await keep([MEMBERS[3]])
    assert await ask() == (200, {"offer": "nothing"}), "of staff alone there is nobody to offer"


async def test_names_are_offered_as_they_are_typed(
    ask: Any, keep: Any, collector: IpynbTelemetryApp
) -> None:
    await keep()
    assert await ask() == (200, {"offer": "names"})
    assert await ask({"typed": "an", "identity": "name"}) == (200, {"found": ANNS})
    zoe = {"id": "s-3", "name": "Zoë Smith", "group": None}
    assert await ask({"typed": "ZOE", "identity": "name"}) == (200, {"found": [zoe]})
    assert await ask({"typed": "a", "identity": "name"}) == (200, {"found": []})
    assert not secret_in(collector).exists(), "no code was asked for"


async def test_a_pseudonym_is_a_code_and_no_id_is_told(
    ask: Any, keep: Any, collector: IpynbTelemetryApp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await keep()
    _, told = await ask({"typed": "ann lee", "identity": "pseudonym"})
    path = secret_in(collector)
    secret = read_secret(path)
    assert secret is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    codes = [code_of(secret, "s-1"), code_of(secret, "s-2")]
    assert [each["id"] for each in told["found"]] == codes
    assert [each["group"] for each in told["found"]] == ["A", "B"]
    own = {"code": codes[1].upper(), "identity": "pseudonym"}
    assert await ask(own) == (200, {"found": [{**ANNS[1], "id": codes[1]}]})
    assert await ask({**own, "identity": "name"}) == (200, {"found": [ANNS[1]]})
    # Staff are in no list, and are whose code they were given.
    staff = {"id": "t-1", "name": "Ann Teacher", "group": None}
    answer = await ask({"code": code_of(secret, "t-1"), "identity": "name"})
    assert answer == (200, {"found": [staff]})
    assert "Teacher" not in json.dumps(told)
    assert "s-1" not in json.dumps(told)
    said = "\n".join(each.getMessage() for each in caplog.records)
    for hidden in (path.read_text().strip(), "Ann", *codes):
        assert hidden not in said
        assert hidden.upper() not in said


async def test_codes_alone_are_offered_and_no_names(
    ask: Any, keep: Any, collector: IpynbTelemetryApp
) -> None:
    await keep(offer="codes")
    assert await ask() == (200, {"offer": "codes"})
    for identity in ("name", "pseudonym"):
        assert await ask({"typed": "ann lee", "identity": identity}) == (200, {"found": []})
    code = code_of(bytes(32), "s-3")
    secret_in(collector).write_text(f"{bytes(32).hex()}\n")
    assert (await ask({"code": code, "identity": "name"}))[1]["found"][0]["id"] == "s-3"
    await keep(offer="nothing")
    assert await ask() == (200, {"offer": "nothing"})
    assert await ask({"code": code, "identity": "name"}) == (200, {"found": []})
    await keep()
    assert await ask() == (200, {"offer": "nothing"}), "a later roster is offered as the one before"


async def test_who_tries_codes_is_slowed_down_and_a_student_beside_is_not(
    ask: Any, keep: Any, collector: IpynbTelemetryApp
) -> None:
    await keep(offer="codes")
    seconds = [0.0]
    collector.student_code_guesses._clock = lambda: seconds[0]
    secret_in(collector).write_text(f"{bytes(32).hex()}\n")
    guesses = [code_of(bytes([1] * 32), str(number)) for number in range(12)]
    statuses = [(await ask({"code": code, "identity": "name"}))[0] for code in guesses]
    assert statuses == [200] * 11 + [429]
    assert (await ask({"code": code_of(bytes(32), "s-1"), "identity": "name"}))[0] == 200
    assert (await ask({"code": guesses[0], "identity": "name"}))[0] == 429
    seconds[0] += 2
    assert (await ask({"code": guesses[0], "identity": "name"})) == (200, {"found": []})


async def test_more_than_are_listed_is_said(ask: Any, keep: Any) -> None:
    await keep([{"id": f"s-{number}", "name": "Kim Lim"} for number in range(9)])
    _, told = await ask({"typed": "kim", "identity": "name"})
    assert (len(told["found"]), told["has_more"]) == (8, True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], "must have either"),
        ({}, "must have either"),
        ({"typed": "ann"}, "must have either"),
        ({"typed": "ann", "identity": "jupyter-user"}, "must have either"),
        ({"typed": "ann", "code": "d14w-r9gp-ax34", "identity": "name"}, "must have either"),
        ({"typed": 3, "identity": "name"}, "must have either"),
        ({"typed": "a" * 201, "identity": "name"}, "must have either"),
        ({"code": None, "identity": "name"}, "must have either"),
        ({"code": "d14w-r9gp-ax35", "identity": "name"}, "A character of the code is wrong."),
        ({"code": "d14w", "identity": "name"}, "A code has 12 characters."),
    ],
)
async def test_what_is_no_search_is_refused_in_words(
    ask: Any, keep: Any, body: Any, words: str
) -> None:
    await keep()
    status, told = await ask(body)
    assert status == 400
    assert words in told["message"]


async def test_a_secret_that_cannot_be_read_is_replaced_by_nothing(
    ask: Any, keep: Any, collector: IpynbTelemetryApp
) -> None:
    await keep()
    secret_in(collector).write_text("0123")
    status, told = await ask({"typed": "ann", "identity": "pseudonym"})
    assert (status, told) == (503, {"message": "Codes cannot be read at the moment."})
    assert secret_in(collector).read_text() == "0123"
    assert (await ask({"typed": "ann", "identity": "name"}))[0] == 200


async def test_a_secret_that_is_gone_is_replaced_by_no_other(
    ask: Any, keep: Any, collector: IpynbTelemetryApp, caplog: pytest.LogCaptureFixture
) -> None:
    await keep()
    search = {"typed": "zoe", "identity": "pseudonym"}
    _, told = await ask(search)
    with closing(EventStore(collector.database_path, logging.getLogger("test"))) as store:
        Story(store, told["found"][0]["id"]).run()
    path = secret_in(collector)
    content = path.read_text()
    path.unlink()
    assert await ask(search) == (503, {"message": "Codes cannot be read at the moment."})
    assert not path.exists()
    assert "is gone, and events have codes: put its copy back" in caplog.text
    path.write_text(content)
    assert await ask(search) == (200, told)


async def test_an_offer_is_one_of_three(jp_fetch: Any, ask: Any) -> None:
    for body, params in (({"members": MEMBERS, "offer": "all"}, {}), ("id\nann\n", {"offer": "x"})):
        is_csv = isinstance(body, str)
        with pytest.raises(HTTPClientError) as refused:
            await jp_fetch(
                *("ipynb-telemetry", "class", "roster"),
                method="PUT",
                body=body if is_csv else json.dumps(body),
                headers={"Content-Type": "text/csv"} if is_csv else {},
                params=params,
            )
        assert refused.value.code == 400
        words = json.loads(refused.value.response.body)["message"]
        assert words == "The roster is offered as names, codes or nothing."
    await jp_fetch(
        *("ipynb-telemetry", "class", "roster"),
        method="PUT",
        body="id\nann\n",
        headers={"Content-Type": "text/csv"},
        params={"offer": "codes"},
    )
    assert await ask() == (200, {"offer": "codes"})


async def test_a_stranger_is_told_nothing(jp_fetch: Any, keep: Any) -> None:
    await keep()
    for what, options in (("offer", {}), ("find", {"method": "POST", "body": "{}"})):
        with pytest.raises(HTTPClientError) as refused:
            await jp_fetch(
                "ipynb-telemetry", "roster", what, headers={"Authorization": "token x"}, **options
            )
        assert refused.value.code == 403
        assert b"offer" not in refused.value.response.body


async def test_a_server_that_sends_to_no_class_collector_says_so(ask: Any) -> None:
    assert (await ask(at="class"))[0] == 404
    assert (await ask({"typed": "ann", "identity": "name"}, at="class"))[0] == 404


async def test_nobody_is_offered_what_needs_codes_that_cannot_last(
    ask: Any, keep: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep()
    assert await ask(identity="pseudonym") == (200, {"offer": "names"})
    monkeypatch.setattr(rosterroutes, "can_have_secret", lambda _: False)
    assert await ask(identity="pseudonym") == (200, {"offer": "nothing"})
    assert await ask(identity="name") == (200, {"offer": "names"})


def test_events_in_memory_have_no_codes() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection)
        save_members(connection, [Member("s-1", "Ann Lee")])
        # Nobody is asked for a name that no search would find.
        assert [offered(connection, is_pseudonym) for is_pseudonym in (False, True)] == [
            "names",
            "nothing",
        ]
        assert find(connection, Search("ann", "", False))["found"][0]["id"] == "s-1"
        assert find(connection, Search("ann", "", True)) == {"found": []}
        assert find(connection, Search("", code_of(bytes(32), "s-1"), False)) == {"found": []}
        save_offer(connection, "codes")
        assert offered(connection, False) == "nothing"
