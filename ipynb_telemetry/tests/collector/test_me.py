"""A student asks what is stored, who read it, and to be erased."""

import json
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.store.scrubbing import holds
from ipynb_telemetry.tests.support.storedevents import raw_event


@pytest.fixture
def me(jp_fetch: Any) -> Any:
    """Ask as a student, and give the status and the answer."""

    async def ask(what: str, student: str = "JOHN_DOE", **params: str) -> tuple[int, Any]:
        method = "POST" if what == "forget" else "GET"
        try:
            response = await jp_fetch(
                *("ipynb-telemetry", "me", what),
                method=method,
                params={"student": student, **params},
                **({"body": b""} if method == "POST" else {}),
            )
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)
        return response.code, json.loads(response.body)

    return ask


async def test_a_student_sees_what_is_stored_page_by_page(me: Any, post: Any) -> None:
    await post([raw_event(seq) for seq in range(3)])
    await post([raw_event(1, distinct_id="ANN_LEE")])
    status, page = await me("events", limit="2")
    assert (status, [event["properties"]["seq"] for event in page["events"]]) == (200, [2, 1])
    _, rest = await me("events", limit="2", cursor=page["next"])
    assert [event["properties"]["seq"] for event in rest["events"]] == [0]
    assert (await me("events", student=""))[0] == 400


async def test_a_student_sees_who_read(me: Any, post: Any, get: Any) -> None:
    await post([raw_event(1), raw_event(1, distinct_id="ANN_LEE")])
    await me("events")
    assert (await me("access"))[1] == {"visits": []}, "who reads about themselves is no reader"
    await get(student="JOHN_DOE")
    await get(student="ANN_LEE")
    await get()
    _, answer = await me("access")
    assert [visit["what"] for visit in answer["visits"]] == ["student", "class"]
    assert answer["visits"][0]["reader"]
    assert "ANN_LEE" not in json.dumps(answer)


async def test_a_student_is_erased(
    me: Any, post: Any, get: Any, collector: IpynbTelemetryApp, monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    kernels = tmp_path / "data" / "ipynb-telemetry"
    kernels.mkdir(parents=True)
    (kernels / "events.jsonl").write_text('{"distinct_id": "JOHN_DOE"}\n{"distinct_id": "A"}\n')
    await post([raw_event(seq) for seq in range(3)])
    await post([raw_event(1, distinct_id="ANN_LEE")])
    path = Path(collector.database_path)
    copy = path.with_name("events.damaged-1.sqlite3")
    copy.write_text("JOHN_DOE")
    status, receipt = await me("forget")
    assert status == 200
    assert (receipt["events"], receipt["damaged_copies"], receipt["kernel_events"]) == (3, 1, 1)
    assert (receipt["unreached"], receipt["is_scrubbed"]) == (0, True)
    assert receipt["refused_until"]
    assert not copy.exists()
    for file in (path, path.with_name(f"{path.name}-wal"), kernels / "events.jsonl"):
        assert not holds(file, "JOHN_DOE")
    assert (await post([raw_event(9)]))[0] == 200
    _, page = await get()
    assert [event["distinct_id"] for event in page["events"]] == ["ANN_LEE"]


async def test_nothing_is_made_of_nothing(
    me: Any, collector: IpynbTelemetryApp, monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    status, receipt = await me("forget")
    assert (status, receipt["events"], receipt["refused_until"]) == (200, 0, None)
    assert not Path(collector.database_path).exists()
