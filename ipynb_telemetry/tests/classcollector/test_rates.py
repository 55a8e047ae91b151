"""Caps: what is too much is refused in words, with the time to come again, and nothing is lost."""

import asyncio
import gzip
from typing import Any

import pytest

from ipynb_telemetry.classcollector import capture
from ipynb_telemetry.classcollector.rates import Buckets, Rates, TooManyError
from ipynb_telemetry.kernel.answer import _Answer as Answer
from ipynb_telemetry.kernel.answer import _judge as judge
from ipynb_telemetry.store.database import StoreUnavailableError
from ipynb_telemetry.tests.support.classserver import ClassServer, Clock, message_of
from ipynb_telemetry.tests.support.storedevents import raw_event

from .conftest import OpenClass


def batch(count: int, student: str = "JOHN_DOE") -> list[dict[str, Any]]:
    return [raw_event(seq % 60, distinct_id=student) for seq in range(count)]


async def test_a_student_who_sends_too_much_waits_and_loses_nothing(open_class: OpenClass) -> None:
    server = await open_class(student_rate=60)
    assert (await server.post(batch(90))).code == 200, "a large batch is taken whole"
    answer = await server.post(batch(1))
    assert answer.code == 429
    assert answer.headers["Retry-After"] == "31"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert message_of(answer).startswith("Too many events of one student in a minute")
    told = Answer(answer.code, "", answer.headers["Retry-After"], answer.body)
    meaning = judge(told, 0)
    assert (meaning.kind, meaning.after_s) == ("retry", 31), "our clients keep, and come again"
    assert (await server.post(batch(20, "MARY_ANN-LEE"))).code == 200, "others are not concerned"
    mixed = [*batch(1, "MARY_ANN-LEE"), *batch(1)]
    assert (await server.post(mixed)).code == 429
    assert len(await server.stored()) == 110, "of a refused request nothing is stored"
    server.clock.seconds += 31
    assert (await server.post(batch(1))).code == 200
    assert len(await server.stored()) == 111


async def test_who_sends_under_the_name_of_somebody_else_costs_that_one_nothing(
    open_class: OpenClass,
) -> None:
    server = await open_class(student_rate=60, is_behind_proxy=True)
    own, other = ({"X-Forwarded-For": address} for address in ("203.0.113.1", "203.0.113.2"))
    assert (await server.post(batch(90), headers=other)).code == 200
    assert (await server.post(batch(1), headers=other)).code == 429
    assert (await server.post(batch(1), headers=own)).code == 200


async def test_a_large_event_counts_as_several(open_class: OpenClass) -> None:
    server = await open_class(student_rate=60)
    large = raw_event(properties={"code": "x" * 4096 * 60})
    assert (await server.post([large])).code == 200
    assert (await server.post([large])).code == 429


async def test_an_address_that_sends_too_much_is_refused_before_its_body_is_read(
    open_class: OpenClass,
) -> None:
    server = await open_class(address_rate=60)
    for student in ("A", "B"):
        assert (await server.post(batch(40, student))).code == 200
    answer = await server.fetch("batch/", "POST", body=b"\xff" * 100_000)
    assert answer.code == 429, "not 400"
    assert "one network address" in message_of(answer)
    assert int(answer.headers["Retry-After"]) == 21
    server.clock.seconds += 21
    assert (await server.post(batch(1))).code == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"api_key":"tcw_wrong","batch":[]}', 401),
        (b'{"api_key":"tcw_wrong","batch":["' + b"x" * 50_000 + b'"]}', 401),
        (b"no JSON", 400),
        (gzip.compress(b'{"api_key":"tcw_wrong","batch":["' + b"x" * 50_000 + b'"]}'), 401),
        (gzip.compress(b"[" * 50_000), 400),
    ],
    ids=["wrong", "large", "malformed", "packed", "packed and malformed"],
)
async def test_who_has_no_key_cannot_have_bodies_read_all_the_time(
    open_class: OpenClass, body: bytes, code: int
) -> None:
    server = await open_class(address_rate=20)
    codes = [(await server.fetch("batch/", "POST", body=body)).code for _ in range(30)]
    is_large = len(body) > 20 * 1024 or body.startswith(b"\x1f")
    read = 1 if is_large else 20
    assert codes == [code] * read + [429] * (30 - read)
    server.clock.seconds += 300
    assert (await server.post([raw_event()])).code == 200


async def test_a_full_disk_costs_no_student_anything(
    open_class: OpenClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await open_class(address_rate=20)

    def full(events: Any) -> int:
        raise StoreUnavailableError("The event store cannot be used at the moment.")

    # Tokens of events that were not stored are spent all the same: only few are sent.
    with monkeypatch.context() as patch:
        patch.setattr(server.collector.store, "append", full)
        assert [(await server.post([raw_event()])).code for _ in range(10)] == [503] * 10
    assert [(await server.post([raw_event()])).code for _ in range(10)] == [200] * 10


async def test_behind_a_proxy_each_student_is_an_address(open_class: OpenClass) -> None:
    server = await open_class(address_rate=60, is_behind_proxy=True)

    async def send(forwarded: str) -> int:
        answer = await server.post(batch(60, forwarded), headers={"X-Forwarded-For": forwarded})
        return int(answer.code)

    assert [await send("203.0.113.1"), await send("203.0.113.1")] == [200, 429]
    assert await send("203.0.113.2") == 200
    assert await send("203.0.113.9, 203.0.113.1") == 429, "the proxy's word is the last one"


async def test_without_a_proxy_nobody_says_which_address_is_theirs(open_class: OpenClass) -> None:
    server = await open_class(address_rate=60)
    assert (await server.post(batch(60))).code == 200
    for name in ("X-Forwarded-For", "X-Real-Ip"):
        assert (await server.post(batch(1), headers={name: "203.0.113.2"})).code == 429


async def test_a_body_is_capped_in_size(cs1: ClassServer) -> None:
    cs1.collector.max_body_size = 10_000
    event = raw_event(properties={"code": "x" * 10_000})
    answer = await cs1.post([event])
    assert (answer.code, message_of(answer)) == (413, "The body is larger than 10000 bytes.")
    assert judge(Answer(413, ""), 0).kind == "too_large", "our clients send less at once"
    assert (await cs1.post([raw_event()])).code == 200


async def test_so_many_bodies_at_once_are_kept_and_no_more(
    cs1: ClassServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "MAX_WAITING_BYTES", 200_000)
    reader, writer = await asyncio.open_connection("127.0.0.1", cs1.port)
    head = "POST /batch/ HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"
    writer.write(head.encode() + b"x" * 90_000)  # of somebody slow
    await writer.drain()
    while cs1.collector.waiting_bytes < 90_000:
        await asyncio.sleep(0)
    answer = await cs1.post([raw_event(properties={"code": "x" * 20_000})])
    assert (answer.code, answer.headers["Retry-After"]) == (429, "3")
    assert "busy" in message_of(answer)
    assert (await cs1.post([raw_event()])).code == 200, "there is room for a small one"
    writer.close()
    while cs1.collector.waiting_bytes:
        await asyncio.sleep(0)
    assert (await cs1.post([raw_event(properties={"code": "x" * 20_000})])).code == 200
    assert cs1.collector.requests == set()
    del reader


async def test_whoever_sends_slowly_leaves_room_for_others(
    open_class: OpenClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "MAX_WAITING_BYTES", 200_000)
    server = await open_class(is_behind_proxy=True)
    head = (
        "POST /batch/ HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: {}\r\nContent-Length: 200000\r\n\r\n"
    )
    writers = []
    for _ in range(4):
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(head.format("203.0.113.1").encode() + b"x" * 90_000)
        await writer.drain()
        writers.append(writer)
    while server.collector.waiting_bytes < 90_000:
        await asyncio.sleep(0)
    large = [raw_event(properties={"code": "x" * 80_000})]
    own = {"X-Forwarded-For": "203.0.113.2"}
    assert (await server.post(large, headers=own)).code == 200
    for writer in writers:
        writer.close()
    while server.collector.waiting_bytes:
        await asyncio.sleep(0)
    assert not server.collector.waiting_of


def known_by_header(server: ClassServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a door that knows who sends, as that of a hub, where all come from one address."""
    door = server.collector.door

    def student_of(handler: Any) -> str:
        assert handler.current_user is not None, "nobody is asked for who was refused"
        return str(handler.request.headers["X-Student"])

    monkeypatch.setattr(door, "student_of", student_of)


async def test_whoever_is_known_uses_up_what_is_theirs_alone(
    open_class: OpenClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await open_class(student_rate=20)
    known_by_header(server, monkeypatch)
    bob, ann = {"X-Student": "bob"}, {"X-Student": "ann.lee"}
    worthless = gzip.compress(b"[" * 50_000)
    answers = [await server.fetch("batch/", "POST", body=worthless, headers=bob) for _ in "123"]
    assert [answer.code for answer in answers] == [400, 429, 429]
    assert (await server.post(batch(1), headers=ann)).code == 200
    assert (await server.post(batch(1), headers=bob)).code == 429


async def test_whoever_is_known_and_sends_slowly_leaves_room_for_others(
    open_class: OpenClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "MAX_WAITING_BYTES", 200_000)
    server = await open_class()
    known_by_header(server, monkeypatch)
    head = "POST /batch/ HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\nX-Student: bob\r\n\r\n"
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(head.encode() + b"x" * 90_000)
    await writer.drain()
    while server.collector.waiting_bytes < 90_000:
        await asyncio.sleep(0)
    large = [raw_event(properties={"code": "x" * 80_000})]
    assert (await server.post(large, headers={"X-Student": "bob"})).code == 429
    assert (await server.post(large, headers={"X-Student": "ann.lee"})).code == 200
    writer.close()
    while server.collector.waiting_bytes:
        await asyncio.sleep(0)
    assert not server.collector.waiting_of


def test_names_that_came_once_are_forgotten() -> None:
    clock = Clock()
    buckets = Buckets(60, clock)
    rates = Rates(buckets, Buckets(10**9, clock))
    for number in range(1000):
        rates.take("address", {f"name {number}": 1})
    clock.seconds += 3600
    rates.take("address", {"JOHN_DOE": 1})
    assert len(buckets._buckets) == 1


def test_nobody_waits_longer_than_clients_do() -> None:
    clock = Clock()
    rates = Rates(Buckets(60, clock), Buckets(60, clock))
    rates.take("address", {"JOHN_DOE": 10**9})
    with pytest.raises(TooManyError) as refused:
        rates.take("address", {"JOHN_DOE": 1})
    assert refused.value.wait_s == 3600
