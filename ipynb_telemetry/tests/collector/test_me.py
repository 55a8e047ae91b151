"""A person sees what was recorded of their sessions, and of nobody else's."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pytest

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.collector.me import MAX_SESSIONS
from ipynb_telemetry.store.aliases import save_alias, undo_alias
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.sessionclaims import verifier_of
from ipynb_telemetry.tests.support.ownsessions import ANN, JOHN, event_of, hashed, seqs, session_id


def test_the_verifier_is_the_one_that_pages_compute() -> None:
    # As in src/__tests__/identity/personcode.spec.ts.
    spec = Path(__file__).parents[3] / "src/__tests__/identity/personcode.spec.ts"
    assert f"'{verifier_of(ANN)}'" in spec.read_text("utf-8")
    assert re.search(f"CODE = '{ANN}'", spec.read_text("utf-8"))
    for text in ("", ANN.lower(), f"{ANN}0", f"{ANN[:-1]}U", "Ann Lee"):
        assert verifier_of(text) is None


async def test_a_person_sees_the_sessions_of_all_devices_page_by_page(
    me: Any, claim: Any, post: Any
) -> None:
    here, there, other = map(session_id, range(3))
    await post([event_of(here, 1), event_of(there, 2), event_of(other, 3, "JOHN_DOE")])
    await post([event_of(here, 4)])
    assert await claim(ANN, here) == 200
    assert await claim(ANN, there) == 200
    assert await claim(JOHN, other) == 200
    status, page = await me("events", ANN, limit="2")
    assert (status, [event["properties"]["seq"] for event in page["events"]]) == (200, [4, 2])
    _, rest = await me("events", ANN, limit="2", cursor=page["next"])
    assert [event["properties"]["seq"] for event in rest["events"]] == [1]
    assert rest["next"] is None
    assert await seqs(me, JOHN) == [3]
    status, summary = await me("summary", ANN)
    assert (status, summary) == (
        200,
        {"events": 3, "sessions": 2, "forwarded": 0, "waiting": 0, "retention_days": 0},
    )


async def test_events_are_seen_before_their_facts_are_made(
    me: Any, claim: Any, post: Any, collector: IpynbTelemetryApp
) -> None:
    session = session_id(0)
    await post([event_of(session, seq) for seq in (1, 2)])
    await claim(ANN, session)

    def begin_again(connection: Any) -> None:
        for table in ("facts", "session_audit"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("INSERT INTO facts_due VALUES (1, 2)")

    await collector.off_loop(collector.store.database.use, begin_again)
    assert await seqs(me, ANN) == [2, 1]
    status, receipt = await me("forget", ANN)
    assert (status, receipt["events"]) == (200, 2)


async def test_a_name_is_no_way_to_anybodys_records(me: Any, claim: Any, post: Any) -> None:
    """An event under the name of somebody else lets nobody read, or erase, more than that event."""
    anns, forged = session_id(0), session_id(1)
    await post([event_of(anns, 1, code="secret of Ann")])
    await claim(ANN, anns)
    await post([event_of(forged, 2)])
    await claim(JOHN, forged)
    assert await seqs(me, JOHN) == [2]
    for params in ({"student": "ANN_LEE"}, {"session": anns}, {"verifier": hashed(ANN)}):
        _, page = await me("events", JOHN, **params)
        assert "secret" not in json.dumps(page)
    _, receipt = await me("forget", JOHN)
    assert receipt["events"] == 1
    assert "ANN" not in json.dumps(receipt)
    assert await seqs(me, ANN) == [1]


async def test_the_first_claim_of_a_session_counts(me: Any, claim: Any, post: Any) -> None:
    session = session_id(0)
    await claim(ANN, session)
    await post([event_of(session, 1)])
    assert await claim(JOHN, session) == 200, "whether a session is somebody's is not told"
    assert await seqs(me, ANN) == [1]
    assert (await me("events", JOHN))[0] == 403
    # Nor may its own events be had by a claim that names the person in another way.
    await claim(JOHN, session_id(1))
    assert await seqs(me, JOHN) == []


async def test_a_verifier_is_no_code(me: Any, claim: Any) -> None:
    """Whoever reads the store, or a request of claims, cannot ask in the person's place."""
    await claim(ANN, session_id(0))
    assert (await me("events"))[0] == 403
    for code in (hashed(ANN), hashed(ANN)[:16].upper(), "x" * 4000):
        assert (await me("events", code))[0] == 403


async def test_an_attacker_may_add_to_a_person_and_take_nothing(
    me: Any, claim: Any, post: Any
) -> None:
    """A forged verifier gives somebody a session more, of which that one alone is told."""
    await claim(ANN, session_id(0))
    await post([event_of(session_id(1), 5, "JOHN_DOE")])
    await claim(ANN, session_id(1))
    assert await seqs(me, ANN) == [5]


async def test_who_guesses_codes_has_to_wait(
    me: Any, claim: Any, collector: IpynbTelemetryApp
) -> None:
    now = [100.0]
    collector.code_guesses._clock = lambda: now[0]
    await claim(ANN, session_id(0))
    answers = [await me("events", f"{guess:016}") for guess in range(6)]
    assert [status for status, _ in answers] == [403, 403, 403, 403, 429, 429]
    assert "under this code" in answers[0][1]["message"]
    assert "Wait 2 seconds" in answers[-1][1]["message"]
    # Neighbours are at the same address, and are not kept from their rights by who guesses.
    for what in ("events", "access", "summary"):
        assert (await me(what, ANN))[0] == 200
    answers = [await me("events", f"{guess:016}") for guess in range(6)]
    assert [status for status, _ in answers] == [403, 403, 403, 403, 429, 429]
    for guess in range(10):
        now[0] += 8
        assert (await me("events", f"{guess:016}"))[0] == 403
        assert (await me("events", f"{guess:016}"))[0] == 429
    now[0] += 8
    assert (await me("summary", ANN))[0] == 200
    assert (await me("summary", "0" * 16))[0] == 403, "after the right code it begins anew"


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "x",
        {"sessions": []},
        {"verifier": hashed(ANN)},
        {"verifier": hashed(ANN)[:-1], "sessions": []},
        {"verifier": hashed(ANN).upper(), "sessions": []},
        {"verifier": [hashed(ANN)], "sessions": []},
        {"verifier": hashed(ANN), "sessions": "x"},
        {"verifier": hashed(ANN), "sessions": ["JOHN_DOE"]},
        {"verifier": hashed(ANN), "sessions": [None]},
        {"verifier": hashed(ANN), "sessions": [f"{session_id(0)}\n"]},
        {"verifier": hashed(ANN), "sessions": [session_id(n) for n in range(MAX_SESSIONS + 1)]},
    ],
)
async def test_what_is_no_claim_is_refused(me: Any, body: Any, collector: Any) -> None:
    status, answer = await me("sessions", None, body)
    assert status == 400
    assert "verifier" in answer["message"]
    assert collector.store.database.is_new


async def test_a_huge_list_is_never_kept(me: Any, collector: Any) -> None:
    body = {"verifier": hashed(ANN), "sessions": [session_id(n) for n in range(5000)]}
    assert (await me("sessions", None, body))[0] == 413
    assert (await me("sessions", None, b"[" * 60_000))[0] == 400
    assert collector.store.database.is_new


async def test_a_person_has_so_many_sessions(
    me: Any, claim: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipynb_telemetry.store.sessionclaims.MAX_CLAIMS", 2)
    assert await claim(ANN, session_id(0), session_id(1)) == 200
    assert await claim(ANN, session_id(2)) == 400
    assert (await me("summary", ANN))[0] == 200


async def test_a_replay_changes_nothing(me: Any, claim: Any, post: Any) -> None:
    session = session_id(0)
    await post([event_of(session, 1)])
    for _ in range(3):
        assert await claim(ANN, session) == 200
    assert await seqs(me, ANN) == [1]
    assert (await me("forget", ANN))[0] == 200
    assert await claim(ANN, session) == 200, "who recorded a request sends it again"
    assert await claim(JOHN, session) == 200
    for what in ("events", "forget"):
        assert (await me(what, ANN))[0] == 403
        assert (await me(what, JOHN))[0] == 403


async def test_a_browser_joins_another_code_by_its_own(me: Any, claim: Any, post: Any) -> None:
    here, there = session_id(0), session_id(1)
    await claim(ANN, here)
    await claim(JOHN, there)
    await post([event_of(here, 1), event_of(there, 2)])
    assert await claim(ANN, old="F" * 16) == 403, "nobody takes sessions without their code"
    assert await claim(ANN, old=JOHN) == 200
    assert await seqs(me, ANN) == [2, 1]
    assert (await me("events", JOHN))[0] == 403


async def test_a_person_is_told_who_read(me: Any, claim: Any, post: Any, get: Any) -> None:
    await post([event_of(session_id(0), 1), event_of(session_id(1), 2, "JOHN_DOE")])
    await claim(ANN, session_id(0))
    await me("events", ANN)
    await me("summary", ANN)
    assert (await me("access", ANN))[1] == {"visits": []}, "who reads of themselves is no reader"
    await get(student="ANN_LEE")
    await get(student="JOHN_DOE")
    await get()
    _, answer = await me("access", ANN)
    assert [visit["what"] for visit in answer["visits"]] == ["student", "class"]
    assert answer["visits"][0]["reader"]
    assert "JOHN" not in json.dumps(answer)


async def test_nothing_is_made_of_nothing(me: Any, collector: IpynbTelemetryApp) -> None:
    for what in ("events", "access", "summary", "forget"):
        assert (await me(what, ANN))[0] == 403
    assert not Path(collector.database_path).exists()


async def test_no_class_collector_is_asked_where_there_is_none(me: Any) -> None:
    status, answer = await me("events", ANN, at="class")
    assert (status, answer["message"]) == (404, "This server sends to no class collector.")


async def test_a_visit_before_there_was_anything_is_nobodys_to_know(
    me: Any, claim: Any, post: Any, collector: IpynbTelemetryApp
) -> None:
    """An event under the name of somebody else does not tell who reads of them."""
    await post([event_of(session_id(0), 1)])
    long_ago = "INSERT INTO access_log VALUES (1, 1000, 2000, 'staff', 'ANN_LEE', '', '')"
    await collector.off_loop(
        collector.store.database.use, lambda connection: connection.execute(long_ago).close()
    )
    await claim(JOHN, session_id(0))
    assert (await me("access", JOHN))[1] == {"visits": []}


async def test_a_person_of_merged_names_is_told_who_read_under_the_other(
    me: Any, claim: Any, post: Any, get: Any, collector: IpynbTelemetryApp
) -> None:
    await post([event_of(session_id(0), 1, "ANN"), event_of(session_id(1), 2)])
    await claim(ANN, session_id(0))
    await get(student="ANN_LEE")

    async def told() -> list[str]:
        return [visit["what"] for visit in (await me("access", ANN))[1]["visits"]]

    assert await told() == [], "the page of another name has nothing of hers"

    async def store(change: Callable[[Connection], Any]) -> None:
        def write(connection: Connection) -> None:
            with transaction(connection):
                change(connection)

        await collector.off_loop(collector.store.database.use, write)

    now_ms = round(time.time() * 1000)
    before, later = now_ms - 3_600_000, now_ms + 3_600_000
    said: list[tuple[int, int | None, list[str]]] = [
        (now_ms, None, ["student"]),
        (later, None, []),
        (before, before + 1, []),
    ]
    for said_ms, undone_ms, visits in said:

        def merge(stored: Connection, at_ms: int = said_ms, until: int | None = undone_ms) -> None:
            # By way of a second name, as where an instructor merges twice.
            save_alias(stored, "ANN", [], "ANNE", "tess", at_ms)
            last = save_alias(stored, "ANNE", [], "ANN_LEE", "tess", at_ms)
            if until is not None:
                undo_alias(stored, last, "tess", until)

        await store(merge)
        assert await told() == visits
        await store(lambda stored: stored.execute("DELETE FROM person_alias").close())
