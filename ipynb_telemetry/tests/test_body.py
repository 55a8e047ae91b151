import base64
import gzip
import json
import random
import time
import tracemalloc
from typing import Any
from urllib.parse import quote

import pytest

from ipynb_telemetry.body import FORM, BodyError, read_body
from ipynb_telemetry.event import check_events, to_utc
from ipynb_telemetry.strictjson import MAX_DEPTH

LIMIT = 1_000_000
UUID = "0192F0C4-7A1B-7C3D-8E4F-123456789ABC"


def read(body: bytes, compression: str = "") -> Any:
    return read_body(body, LIMIT, compression)


def check(**event: Any) -> Any:
    (checked,) = check_events({"event": "paste", "distinct_id": "JOHN_DOE", **event})
    return checked


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


PLAIN = json.dumps({"batch": [{"event": "paste", "code": "x = 'é+ &%'"}]}).encode()
BASE64 = base64.b64encode(PLAIN)


@pytest.mark.parametrize(
    ("body", "compression"),
    [
        (PLAIN, ""),
        (PLAIN, "gzip-js"),
        (b"\xef\xbb\xbf" + PLAIN, ""),
        (gzip.compress(PLAIN), ""),
        (gzip.compress(PLAIN[:20]) + gzip.compress(PLAIN[20:]), "gzip-js"),
        (b"data=" + quote(BASE64).encode(), ""),
        (b"data=" + BASE64, "base64"),
        (b"data=" + quote(BASE64.rstrip(b"=")).encode() + b"&ip=1", ""),
        (b"data=" + quote(PLAIN, safe="").encode(), ""),
        (b"compression=base64&data=" + quote(BASE64).encode(), ""),
        (b"ip=1&_=1772359200000&ver=1.2&beacon&data=" + quote(PLAIN, safe="").encode(), ""),
        (b"note=%22%7B&empty=&data=" + BASE64 + b"&data=bad", "base64"),
        (b"data=" + quote(base64.b64encode(gzip.compress(PLAIN))).encode(), ""),
        (BASE64, "base64"),
        (gzip.compress(b"data=" + quote(BASE64).encode()), "gzip"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_every_encoding_gives_the_same_document(body: bytes, compression: str) -> None:
    assert read(body, compression) == json.loads(PLAIN)


def test_unquoted_plus_in_a_form_is_base64() -> None:
    data = base64.b64encode(b'["\xef\xbf\xbe~~>>>"]')
    assert b"+" in data
    assert read(b"data=" + data) == ["\ufffe~~>>>"]


@pytest.mark.parametrize(
    "text",
    ['"a=1&data=W10"', '{"a=1&data=": 1}', '["&data=W10"]', ' \n{"a": "&data="}', '"data="'],
)
def test_json_is_never_taken_for_a_form(text: str) -> None:
    assert read(text.encode()) == json.loads(text)


@pytest.mark.parametrize(
    "body",
    [
        b"a=" + b"1" * 2000 + b"&data=W10",
        b"a=1&" * 20 + b"data=W10",
        b"metadata=W10",
        b"a=1&metadata=W10",
        b"a b=1&data=W10",
    ],
    ids=lambda value: repr(value)[:40],
)
def test_data_is_looked_for_in_fields_at_the_beginning_only(body: bytes) -> None:
    with pytest.raises(BodyError, match="The body is not valid JSON"):
        read(body)


@pytest.mark.parametrize("part", [b"a", b"a&", b"a=&", b"a=" + b"1" * 999 + b"&", b"data", b"%3D+"])
def test_the_search_for_a_form_does_not_depend_on_the_size(part: bytes) -> None:
    started = time.process_time()
    assert not FORM.match(part * (20 * LIMIT // len(part)))
    assert time.process_time() - started < 0.1


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The body is empty."),
        (b" \n", "The body is empty."),
        (gzip.compress(b""), "The body is empty."),
        (b"{", "The body is not valid JSON."),
        (b"\xff\xfe\xff", "The body is not valid JSON."),
        (b"\x80abc", "The body is not valid JSON."),
        (b"[NaN]", "The body is not valid JSON."),
        (b"[-Infinity]", "The body is not valid JSON."),
        (b"1" * 10_000, "The body is not valid JSON."),
        (gzip.compress(PLAIN)[:-9], "The body is damaged gzip."),
        (gzip.compress(PLAIN)[:-8] + b"12345678", "The body is damaged gzip."),
        (b"\x1f\x8b" + PLAIN, "The body is damaged gzip."),
        (b"data=", "The body is empty."),
        (b"data=%%%", "The data is not base64."),
        (b"data=\xff\xfe", "The data is not base64."),
        (nested(MAX_DEPTH + 1), "The JSON is nested too deeply."),
        (nested(200_000), "The JSON is nested too deeply."),
        (b'{"a":' * 200_000, "The JSON is nested too deeply."),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_bad_body_is_refused_in_words(body: bytes, sentence: str) -> None:
    with pytest.raises(BodyError, match=sentence) as refusal:
        read(body)
    assert refusal.value.status == 400


def test_nesting_is_taken_up_to_the_limit() -> None:
    assert read(nested(MAX_DEPTH)) == json.loads(nested(MAX_DEPTH))


def test_a_gzip_bomb_is_refused_and_a_body_of_exactly_the_limit_is_not() -> None:
    fits = b'"' + b"a" * (LIMIT - 2) + b'"'
    assert read(gzip.compress(fits)) == "a" * (LIMIT - 2)
    for bomb in (
        gzip.compress(fits + b" "),
        b"data=" + quote(base64.b64encode(gzip.compress(fits + b" "))).encode(),
    ):
        with pytest.raises(BodyError) as refusal:
            read(bomb)
        assert refusal.value.status == 413


def test_a_gzip_bomb_is_not_blown_up_in_memory() -> None:
    bomb = gzip.compress(b" " * (100 * LIMIT))
    tracemalloc.start()
    with pytest.raises(BodyError):
        read(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * LIMIT


@pytest.mark.parametrize("wrap", [lambda e: e, lambda e: [e], lambda e: {"batch": [e]}])
def test_an_event_comes_alone_in_a_list_or_in_a_batch(wrap: Any) -> None:
    (event,) = check_events(
        wrap(
            {
                "uuid": UUID,
                "event": "paste",
                "distinct_id": "JOHN_DOE",
                "timestamp": "2026-03-01T12:00:00.5+02:00",
                "properties": {"notebook": "D1", "length": 3},
                "unknown": {"extension": 1},
            }
        )
    )
    assert event._asdict() == {
        "uuid": UUID.lower(),
        "event": "paste",
        "distinct_id": "JOHN_DOE",
        "notebook": "D1",
        "timestamp": "2026-03-01T10:00:00.500Z",
        "properties": '{"notebook":"D1","length":3}',
    }


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (None, "Expected an event"),
        ("text", "Expected an event"),
        ({}, "Expected an event"),
        ({"api_key": "embedded"}, "Expected an event"),
        ({"batch": {}}, "Expected an event"),
        ([], "The batch is empty."),
        ({"batch": []}, "The batch is empty."),
    ],
)
def test_a_document_without_events_is_refused(document: Any, sentence: str) -> None:
    with pytest.raises(BodyError, match=sentence):
        check_events(document)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (7, "is not an object"),
        ({"distinct_id": "A"}, "has no event name"),
        ({"event": 1, "distinct_id": "A"}, "has no event name"),
        ({"event": " ", "distinct_id": "A"}, "has no event name"),
        ({"event": "paste"}, "has no distinct_id"),
        ({"event": "paste", "distinct_id": None, "properties": None}, "has no distinct_id"),
        ({"event": "paste", "distinct_id": " \t"}, "has no distinct_id"),
        ({"event": "paste", "distinct_id": " " * 200 + "A"}, "has no distinct_id"),
        ({"event": "paste", "distinct_id": "A", "uuid": ""}, "has an invalid uuid"),
        ({"event": "paste", "distinct_id": "A", "uuid": UUID[:-1] + "_"}, "has an invalid uuid"),
        ({"event": "paste", "distinct_id": "A", "uuid": UUID + "\n"}, "has an invalid uuid"),
        ({"event": "paste", "distinct_id": "A", "uuid": 5}, "has an invalid uuid"),
        ({"event": "paste", "distinct_id": "A", "timestamp": 5}, "has a timestamp"),
        ({"event": "paste", "distinct_id": "A", "timestamp": "now"}, "has a timestamp"),
        ({"event": "paste", "distinct_id": "A", "properties": []}, "has properties that are not"),
        (
            {"event": "paste", "distinct_id": "A", "properties": {"n": float("inf")}},
            "has a number that is out of range",
        ),
        ({"event": "paste", "distinct_id": float("inf")}, "has a number that is out of range"),
    ],
)
def test_a_bad_event_is_named_by_its_index(bad: Any, sentence: str) -> None:
    good = {"event": "paste", "distinct_id": "A"}
    with pytest.raises(BodyError, match=rf"batch\[2\] {sentence}"):
        check_events([good, good, bad])


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({"distinct_id": " A "}, " A "),
        ({"distinct_id": 7}, "7"),
        ({"distinct_id": False}, "false"),
        ({"distinct_id": {"a": 1}}, '{"a":1}'),
        ({"distinct_id": "é" * 201}, "é" * 200),
        ({"distinct_id": "A\x00\ud800"}, "A\ufffd\ufffd"),
        ({"distinct_id": None, "properties": {"distinct_id": "B"}}, "B"),
        ({"distinct_id": None, "properties": {"$distinct_id": "C"}}, "C"),
        ({"distinct_id": "A", "properties": {"distinct_id": "B"}}, "A"),
    ],
)
def test_distinct_id_is_read_as_posthog_reads_it(given: dict[str, Any], stored: str) -> None:
    assert check(**given).distinct_id == stored


def test_an_event_without_uuid_or_timestamp_gets_its_own() -> None:
    first, second = check(), check(timestamp=None, uuid=None)
    assert first.uuid != second.uuid
    assert to_utc(first.timestamp) == first.timestamp <= second.timestamp


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2026-03-01T10:00:00.123Z", "2026-03-01T10:00:00.123Z"),
        ("2026-03-01T10:00:00.123999+00:00", "2026-03-01T10:00:00.123Z"),
        ("2026-03-01T00:30:00-0130", "2026-03-01T02:00:00.000Z"),
        ("2026-03-01T00:30:00,5+02", "2026-02-28T22:30:00.500Z"),
        ("2026-03-01 10:00:00.123Z", "2026-03-01T10:00:00.123Z"),
        (" 2026-03-01T10:00:00.12Z", "2026-03-01T10:00:00.120Z"),
        ("2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999Z"),
        ("2026-03-01 10:00", "2026-03-01T10:00:00.000Z"),
        ("2026-03-01t10:00:00z", "2026-03-01T10:00:00.000Z"),
        ("2026-03-01", "2026-03-01T00:00:00.000Z"),
        ("0099-03-01", "0099-03-01T00:00:00.000Z"),
    ],
)
def test_times_become_utc_text_that_sorts(given: str, utc: str) -> None:
    assert to_utc(given) == utc


@pytest.mark.parametrize(
    "given",
    [
        "",
        "yesterday",
        "2026-13-01",
        "2026-03-01T25:00",
        "2026-02-30T10:00:00.000Z",
        "2026-02-29T10:00:00.000Z",
        "2026-03-01T10:60:00.000Z",
        "2026-03-01T10:00:60.000Z",
        "0000-03-01T10:00:00.000Z",
        "2026-W09-7T10:00:00.000Z",
        "2026-03-01T10:00:00.\u0660\u0660\u0660Z",
        "2026-03-01T10:00:00.000Z\0",
        "2026-03-01T10:00:00+99:00",
        "0001-01-01T00:00+01:00",
        "9999-12-31T23:59-01:00",
        "٢٠٢٦-03-01",
        "1772359200",
    ],
)
def test_other_times_are_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        to_utc(given)


def test_hostile_text_in_properties_comes_back_unchanged() -> None:
    properties = {"nul": "a\x00b", "half": "\ud83d", "\udc00": "é😀", "n": 10**30}
    assert json.loads(check(properties=properties).properties) == properties


def test_any_json_is_checked_or_refused_and_nothing_else() -> None:
    chance = random.Random(20260301)
    names = ["batch", "event", "distinct_id", "uuid", "timestamp", "properties", "notebook", "x"]
    leaves = [
        None,
        True,
        0,
        -1.5,
        1e308,
        "",
        " ",
        "A",
        "\x00",
        "\ud800",
        UUID,
        "2026-03-01",
        "data=",
    ]

    def value(depth: int) -> Any:
        kind = chance.random()
        if depth == 0 or kind < 0.3:
            return chance.choice(leaves)
        if kind < 0.5:
            return [value(depth - 1) for _ in range(chance.randrange(4))]
        return {
            name: value(depth - 1) for name in chance.sample(names, chance.randrange(len(names)))
        }

    outcomes = set()
    for _ in range(5000):
        body = json.dumps(value(4)).encode()
        try:
            for event in check_events(read(body)):
                "".join(text for text in event if text).encode()  # SQLite stores UTF-8
            outcomes.add("taken")
        except BodyError as refusal:
            outcomes.add(str(refusal).split("[", 1)[0])
    assert {"taken", "batch", "The batch is empty."} <= outcomes
