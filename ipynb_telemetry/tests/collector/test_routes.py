import asyncio
import base64
import gzip
import http.client
import json
import sqlite3
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.tests.support.storedevents import raw_event

PATHS = ["batch/", "e/", "i/v0/e/", "batch", "e", "i/v0/e"]
# What posthog-js 1.449.2 posted to /e/, as text/plain, for a session of ours.
POSTHOG_JS_GZIP = base64.b64decode(
    "H4sIAAAAAAAC/9VSwW7cIBD9F5TjsjIsttc+p1KUQxMpOSWqLDBDgozBNeO00Sr/3mHTQ6Pm2kNPxvPeY2be48T0"
    "4ocJXlnPYDZgLVi2Y0bj+Mz6xxPbNm8Jq4SWVVO13NWu5m1tHddCKe66epRddwAxjqSDF4hI9JzChj7FYQGYqL6s"
    "aYEVPWTWn9hF8IZIP8AQVH6GF1gz0ako9kp1e0mA9Rl9HHE4D3B9c/V1uLz5QkDGzVKbv+oxIZiUJqpeiuH2FZ9p"
    "gPuUgo9PRQa59HiXtTSw1LXkDQjDlauAd6ZpeWWV6Vxjj06Is+Y76wV9t3nWazHp7vdmBI4QwvttY+GeVy1kTBPE"
    "j35ekAEj9Sc/1lxsWZPzAVjvdMjwRho/Q0Y9L6STlWy4EFwe7ivRH0Rfq32rxAN7232SRyM0b4Vx/KhqzRvTHY1s"
    "bFvBn3ksOiP87znIHQsQn5Ae5oGOPpYtyO/Jx3IVwk8kqo8Ia9SB9bhu8CGlss0/Cac9Ujjfyphkh8ZPaS1lKIn2"
    "C6Oq1CByAwAA"
)
POSTHOG_JS_BATCH = json.loads(gzip.decompress(POSTHOG_JS_GZIP))


async def test_what_every_path_takes_comes_back(post: Any, get: Any) -> None:
    for seq, path in enumerate(PATHS):
        assert await post({"api_key": "embedded", "batch": [raw_event(seq)]}, path) == (
            200,
            {"status": 1},
        )
    status, answer = await get()
    assert status == 200
    assert answer["next"] is None
    assert [stored["properties"]["seq"] for stored in answer["events"]] == [5, 4, 3, 2, 1, 0]
    newest = answer["events"][0]
    assert newest.pop("uuid")
    assert newest.pop("received_at")
    assert newest == raw_event(5, timestamp="2026-03-01T10:00:05.000Z")


@pytest.mark.parametrize(
    ("path", "params", "headers", "body"),
    [
        ("e/", {}, {"Content-Type": "text/plain"}, POSTHOG_JS_GZIP),
        ("e/", {"compression": "gzip-js"}, {"Content-Type": "text/plain"}, POSTHOG_JS_GZIP),
        ("batch/", {}, {"Content-Encoding": "gzip"}, POSTHOG_JS_GZIP),
        ("batch/", {}, {"Content-Type": "application/json"}, gzip.decompress(POSTHOG_JS_GZIP)),
        ("batch/", {}, {"Content-Type": "text/plain"}, gzip.decompress(POSTHOG_JS_GZIP)),
        # Tornado would parse the form, and find no form in it.
        ("batch/", {}, {}, gzip.decompress(POSTHOG_JS_GZIP)),
        ("e/", {}, {}, json.dumps(POSTHOG_JS_BATCH["batch"]).encode()),
        (
            "e/",
            {"compression": "base64"},
            {"Content-Type": "application/x-www-form-urlencoded"},
            b"data=" + quote(base64.b64encode(gzip.decompress(POSTHOG_JS_GZIP))).encode(),
        ),
        (
            "e/",
            {},
            {"Content-Type": "application/x-www-form-urlencoded"},
            b"compression=gzip-js&data=" + quote(base64.b64encode(POSTHOG_JS_GZIP)).encode(),
        ),
    ],
    ids=["recorded", "query", "header", "json", "text", "form-type", "list", "base64", "fields"],
)
async def test_a_recorded_posthog_js_body_is_stored(
    post: Any, get: Any, path: str, params: Any, headers: Any, body: bytes
) -> None:
    answer = await post(body, path, params=params, headers=headers)
    assert answer == (200, {"status": 1})
    # The student is in the properties only; posthog-js writes no other distinct_id.
    _, stored = await get(student="JOHN_DOE", notebook="D1_Python_Tooling")
    for found in stored["events"]:
        assert found.pop("received_at")
    assert stored["events"] == [
        {**sent, "distinct_id": "JOHN_DOE"} for sent in reversed(POSTHOG_JS_BATCH["batch"])
    ]


async def test_a_retry_is_stored_once(post: Any, get: Any) -> None:
    for _ in range(2):
        assert (await post(POSTHOG_JS_GZIP, "e/"))[0] == 200
    assert len((await get())[1]["events"]) == 2


async def test_what_cannot_be_taken_is_refused_whole_and_in_words(post: Any, get: Any) -> None:
    for body, sentence in (
        (b"", "The body is empty."),
        (b"{'a'}", "The body is not valid JSON."),
        (b'[{"event":"tried","distinct_id":"A","properties":{"n":NaN}}]', "not valid JSON"),
        (b'[{"event":"tried","distinct_id":"A","properties":{"n":1e999}}]', "out of range"),
        (b"[" * 100_000, "The JSON is nested too deeply."),
        ({"batch": []}, "The batch is empty."),
        ([raw_event(), raw_event(event=None)], "batch[1] has no event name."),
        ([raw_event(), raw_event(distinct_id=" ")], "batch[1] has no distinct_id."),
        ([raw_event(), raw_event(uuid="100%s")], "batch[1] has an invalid uuid."),
        ([raw_event(), raw_event(timestamp="soon")], "batch[1] has a timestamp"),
    ):
        status, answer = await post(body)
        assert status == 400
        assert list(answer) == ["message"]
        assert sentence in answer["message"]
    assert (await get())[1]["events"] == []


async def test_hostile_text_is_stored_and_comes_back(post: Any, get: Any) -> None:
    hostile = raw_event(
        event="p\x00q",
        distinct_id="\ud800JOHN",
        properties={"notebook": "\udfff", "output": "a\x00\ud83d", "\ud800": 1},
        unknown={"extension": [None]},
    )
    assert (await post([hostile]))[0] == 200
    _, answer = await get(student="\ufffdJOHN", notebook="\ufffd")
    (stored,) = answer["events"]
    assert stored["event"] == "p\ufffdq"
    assert stored["properties"] == hostile["properties"]


async def test_twenty_mebibytes_are_taken_and_not_a_byte_more(post: Any, get: Any) -> None:
    fits = json.dumps([raw_event(properties={"code": ""})]).encode()
    fits = fits.replace(b'""', b'"' + b"x" * (20 * 2**20 - len(fits)) + b'"')
    refusal = (413, {"message": "The body is larger than 20971520 bytes."})
    assert await post(fits + b" ") == refusal
    status, answer = await post(gzip.compress(fits + b" ", 1))
    assert (status, "decompressed" in answer["message"]) == (413, True)
    assert (await get())[1]["events"] == []
    assert (await post(fits))[0] == 200
    assert (await post(gzip.compress(fits, 1)))[0] == 200
    assert len((await get())[1]["events"]) == 2


async def test_a_body_of_unannounced_length_is_refused_too(
    post: Any, get: Any, collector: IpynbTelemetryApp
) -> None:
    collector.max_body_size = 1000
    whole = json.dumps([raw_event(properties={"code": "x" * 900})]).encode()

    def chunked(body: bytes) -> dict[str, Any]:
        async def produce(write: Callable[[bytes], Any]) -> None:
            for start in range(0, len(body), 100):
                await write(body[start : start + 100])

        return {"body_producer": produce}

    async def send(body: bytes) -> int:
        return (await post(None, **chunked(body)))[0]

    assert await send(whole) == 413
    collector.max_body_size = 2000
    assert await send(whole) == 200
    assert len((await get())[1]["events"]) == 1


@pytest.mark.parametrize("servers_own_limit", [1000, 512 * 2**20])
async def test_a_client_that_sends_before_it_listens_is_told_413(
    jp_serverapp: Any,
    http_server: Any,
    http_server_port: Any,
    jp_base_url: str,
    jp_auth_header: Any,
    servers_own_limit: int,
) -> None:
    # As jupyter_server sets it, which pytest-jupyter does not.
    jp_serverapp.max_body_size = http_server.conn_params.max_body_size = servers_own_limit
    client = http.client.HTTPConnection("127.0.0.1", http_server_port[-1], timeout=20)

    body = b" " * (60 * 2**20)

    def send() -> tuple[int, bytes]:
        client.request("POST", f"{jp_base_url}ipynb-telemetry/batch/", body, jp_auth_header)
        response = client.getresponse()
        return response.status, response.read()

    tracemalloc.start()
    status, answer = await asyncio.to_thread(send)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    client.close()
    limit = min(servers_own_limit, 20 * 2**20)
    assert peak < limit + 20 * 2**20  # the rest was not kept
    assert status == 413
    assert json.loads(answer) == {"message": f"The body is larger than {limit} bytes."}


async def test_a_store_that_fails_is_a_503_and_the_same_batch_is_taken_later(
    post: Any, get: Any, tmp_path: Path
) -> None:
    obstacle = tmp_path / "collector"  # a file where the store's directory should be
    obstacle.touch()
    unavailable = (503, {"message": "The event store cannot be used at the moment."})
    assert await post([raw_event()]) == unavailable
    assert await get() == unavailable
    obstacle.unlink()
    assert (await post([raw_event()]))[0] == 200
    assert len((await get())[1]["events"]) == 1


async def test_other_requests_are_answered_while_a_batch_waits_for_the_disk(
    post: Any,
    get: Any,
    jp_fetch: Any,
    collector: IpynbTelemetryApp,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await post([raw_event()])
    other = sqlite3.connect(collector.database_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    storing, append = threading.Event(), collector.store.append

    def announce(events: Any) -> int:
        storing.set()
        return append(events)

    monkeypatch.setattr(collector.store, "append", announce)
    large = [raw_event(properties={"code": "x" * 1000}) for _ in range(5000)]
    batch = asyncio.ensure_future(post(large))
    while not storing.is_set():
        assert (await jp_fetch("api", "status")).code == 200
    assert (await jp_fetch("api", "status")).code == 200
    assert not batch.done()
    other.execute("ROLLBACK")
    other.close()
    assert await batch == (200, {"status": 1})
    assert len((await get(limit=1000))[1]["events"]) == 1000


async def test_the_event_loop_goes_on_while_a_large_body_is_parsed(
    post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = 0
    during: list[int] = []

    def count(text: Any, *, object_hook: Callable[[Any], Any], **options: Any) -> Any:
        # The turns before the first object and after the last are not within the parser.
        seen: set[int] = set()

        def look(found: Any) -> Any:
            seen.add(turns)
            return object_hook(found)

        document = json.loads(text, object_hook=look, **options)
        during.append(len(seen))
        return document

    # As many values as a body may have, in as many bodies as take a while.
    event = raw_event(properties={"list": [{"n": n} for n in range(40)], "code": "x" * 1000})
    body = gzip.compress(json.dumps([event] * 1000).encode(), 1)
    # In one module alone: the server reads JSON, too.
    reader = SimpleNamespace(**{**vars(json), "loads": count})
    monkeypatch.setattr("ipynb_telemetry.collector.strictjson.json", reader)
    batches = asyncio.gather(*(post(body) for _ in range(8)))
    while not batches.done():
        # A turn of the loop needs the interpreter once. A whole request needs it many times, and
        # would not be over within one body on a busy machine.
        await asyncio.sleep(0)
        turns += 1
    assert await batches == [(200, {"status": 1})] * 8
    assert max(during) > 1
