"""A person erases what was recorded of their sessions, and of nobody else's."""

import json
import time
from pathlib import Path
from typing import Any

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.store.scrubbing import holds
from ipynb_telemetry.store.shownnames import read_names
from ipynb_telemetry.tests.support.ownsessions import ANN, JOHN, event_of, hashed, seqs, session_id


async def test_a_person_is_erased(
    me: Any,
    claim: Any,
    post: Any,
    get: Any,
    collector: IpynbTelemetryApp,
    monkeypatch: Any,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    kernels = tmp_path / "data" / "ipynb-telemetry"
    kernels.mkdir(parents=True)
    mine, late, other = map(session_id, range(3))
    kept = [{"distinct_id": "X", "properties": {"session_id": each}} for each in (mine, other)]
    (kernels / "events.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in kept))
    secret = "the_answer_of_ann = 6 * 7"
    await post([event_of(mine, seq, code=secret) for seq in (1, 2, 3)])
    await post([event_of(other, 1, "JOHN_DOE")])
    await get(student="ANN_LEE")
    await claim(ANN, mine, late)
    path = Path(collector.database_path)
    copy = path.with_name("events.damaged-1.sqlite3")
    copy.write_text(f"rest of {mine}")
    foreign = path.with_name("events.damaged-2.sqlite3")
    foreign.write_text(f"rest of {other}")
    status, receipt = await me("forget", ANN)
    assert (status, receipt) == (
        200,
        {
            "events": 3,
            "sessions": 2,
            "forwarded": 0,
            "damaged_copies": 1,
            "kernel_events": 1,
            "unreached": 0,
            "is_scrubbed": True,
        },
    )
    assert not copy.exists()
    assert foreign.exists()
    for file in (path, path.with_name(f"{path.name}-wal"), kernels / "events.jsonl"):
        for text in ("ANN_LEE", secret, mine, hashed(ANN)):
            assert not holds(file, text), (file.name, text)
    assert holds(path, "JOHN_DOE")
    assert holds(kernels / "events.jsonl", other)
    # Events that a browser or relay had kept come late, and so does a session only claimed.
    code = f'{{"session_id": "{mine}"}}'
    assert (await post([event_of(mine, 4), event_of(late, 1)]))[0] == 200
    assert (await post([event_of(other, 2, "JOHN_DOE", code=code)]))[0] == 200
    _, page = await get()
    assert {event["distinct_id"] for event in page["events"]} == {"JOHN_DOE"}
    assert len(page["events"]) == 2, "an event with such an id in its code is another's"
    # Who goes on, having consented again, is recorded anew.
    again = session_id(7)
    await claim(JOHN, again)
    await post([event_of(again, 1)])
    assert await seqs(me, JOHN) == [1]


async def test_what_others_have_under_the_name_stays(
    me: Any, claim: Any, post: Any, get: Any
) -> None:
    anns, forged = session_id(0), session_id(1)
    await post([event_of(anns, 1), event_of(anns, 2)])
    await claim(ANN, anns)
    await get(student="ANN_LEE")
    await post([event_of(forged, 1)])
    await claim(JOHN, forged)
    await me("forget", JOHN)
    assert await seqs(me, ANN) == [2, 1]
    assert [each["what"] for each in (await me("access", ANN))[1]["visits"]] == ["student"]


async def test_an_event_under_a_readers_name_takes_nothing_out_of_the_log(
    me: Any, claim: Any, post: Any, get: Any, collector: IpynbTelemetryApp
) -> None:
    """Whoever may send may take any name: the instructor's, or one that others were merged with."""
    await post([event_of(session_id(0), 1)])
    await get(student="ANN_LEE")

    def merge(connection: Any) -> str:
        alias = "INSERT INTO person_alias VALUES (?, 1, 'staff', ?, '', ?, NULL, NULL)"
        connection.execute(alias, (1, "ANN_LEE", "ANNE_LEE"))
        connection.execute("INSERT INTO roster VALUES ('A_LEE', 1, 'A Lee', '', 0)")
        connection.execute(alias, (2, "A_LEE", "ANNE_LEE"))
        return str(connection.execute("SELECT reader FROM access_log").fetchone()[0])

    use = collector.store.database.use
    reader = await collector.off_loop(use, merge)
    for number, name in enumerate((reader, "staff", "ANNE_LEE", "A_LEE"), 1):
        await post([event_of(session_id(number), 1, name)])
        await claim(JOHN, session_id(number))
    assert (await me("forget", JOHN))[1]["events"] == 4

    def said(connection: Any) -> list[Any]:
        rows = [*connection.execute("SELECT reader, student FROM access_log")]
        return [*rows, *connection.execute("SELECT student, person, said_by FROM person_alias")]

    assert await collector.off_loop(use, said) == [
        (reader, "ANN_LEE"),
        ("ANN_LEE", "ANNE_LEE", "staff"),
        ("A_LEE", "ANNE_LEE", "staff"),
    ]


async def test_many_invented_names_do_not_make_an_answer_slow(
    me: Any, claim: Any, post: Any, collector: IpynbTelemetryApp
) -> None:
    """Each line of the access log is looked up, not compared with each name of the person."""
    session = session_id(0)
    await claim(ANN, session)
    for first in range(0, 4000, 1000):
        names = [f"N{number}" for number in range(first, first + 1000)]
        assert (await post([event_of(session, 1, name) for name in names]))[0] == 200

    def visit(connection: Any) -> None:
        connection.executemany(
            "INSERT INTO access_log (first_ms, last_ms, reader, student, notebook, cell)"
            " VALUES (1, ?, 'staff', ?, ?, '')",
            [(4 * 10**12, f"X{number}", "D1") for number in range(4000)]
            + [(4 * 10**12, *seen) for seen in (("N7", "D1"), ("N8", ""), ("", "D1"), ("", ""))]
            + [(4 * 10**12, "N9", "D2"), (4 * 10**12, "", "D2"), (1, "N7", "D1")],
        )

    await collector.off_loop(collector.store.database.use, visit)
    begun = time.process_time()
    _, answer = await me("access", ANN)
    assert time.process_time() - begun < 3
    assert [(each["what"], each["notebook"]) for each in answer["visits"]] == [
        ("student", "D1"),
        ("student", ""),
        ("class", "D1"),
        ("class", ""),
    ]


async def test_a_forged_name_goes_with_the_event_that_told_it(
    me: Any, claim: Any, post: Any, collector: IpynbTelemetryApp
) -> None:
    for number, name in enumerate(("Ann Lee", "Somebody Else")):
        told = event_of(session_id(number), number, "ANN_LEE-7F3K2A", student_name=name)
        await post([{**told, "event": "session_started"}])
    await claim(JOHN, session_id(1))
    await me("forget", JOHN)
    names = await collector.off_loop(collector.store.database.use, read_names)
    assert names == {"ANN_LEE-7F3K2A": "Ann Lee"}
