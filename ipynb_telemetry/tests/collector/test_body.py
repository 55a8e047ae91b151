import base64
import gzip
import json
import time
import tracemalloc
from typing import Any
from urllib.parse import quote

import pytest

from ipynb_telemetry.collector.body import FORM, BodyError, read_body
from ipynb_telemetry.collector.strictjson import MAX_DEPTH

LIMIT = 1_000_000


def read(body: bytes, compression: str = "") -> Any:
    return read_body(body, LIMIT, compression)


def gzipped(data: bytes) -> bytes:
    """Pack, always alike: what runs two tests at once compares their names, which quote this."""
    return gzip.compress(data, mtime=0)


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


PLAIN = json.dumps({"batch": [{"event": "tried", "code": "x = 'é+ &%'"}]}).encode()
BASE64 = base64.b64encode(PLAIN)


@pytest.mark.parametrize(
    ("body", "compression"),
    [
        (PLAIN, ""),
        (PLAIN, "gzip-js"),
        (b"\xef\xbb\xbf" + PLAIN, ""),
        (gzipped(PLAIN), ""),
        (gzipped(PLAIN[:20]) + gzipped(PLAIN[20:]), "gzip-js"),
        (b"data=" + quote(BASE64).encode(), ""),
        (b"data=" + BASE64, "base64"),
        (b"data=" + quote(BASE64.rstrip(b"=")).encode() + b"&ip=1", ""),
        (b"data=" + quote(PLAIN, safe="").encode(), ""),
        (b"compression=base64&data=" + quote(BASE64).encode(), ""),
        (b"ip=1&_=1772359200000&ver=1.2&beacon&data=" + quote(PLAIN, safe="").encode(), ""),
        (b"note=%22%7B&empty=&data=" + BASE64 + b"&data=bad", "base64"),
        (b"data=" + quote(base64.b64encode(gzipped(PLAIN))).encode(), ""),
        (BASE64, "base64"),
        (gzipped(b"data=" + quote(BASE64).encode()), "gzip"),
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
        (gzipped(b""), "The body is empty."),
        (b"{", "The body is not valid JSON."),
        (b"\xff\xfe\xff", "The body is not valid JSON."),
        (b"\x80abc", "The body is not valid JSON."),
        (b"[NaN]", "The body is not valid JSON."),
        (b"[-Infinity]", "The body is not valid JSON."),
        (b"1" * 10_000, "The body is not valid JSON."),
        (gzipped(PLAIN)[:-9], "The body is damaged gzip."),
        (gzipped(PLAIN)[:-8] + b"12345678", "The body is damaged gzip."),
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
