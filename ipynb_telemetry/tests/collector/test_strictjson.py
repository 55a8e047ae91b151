import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from ipynb_telemetry.collector import strictjson
from ipynb_telemetry.collector.strictjson import MAX_DEPTH, QUICK_BYTES

# As they stand in a document; what orjson reads differently, or not at all, is among them.
LEAVES = [
    *["null", "true", "false", "0", "-0", "-0.0", "1.5", "0.1", "1e-7", "1E+2", "1e16", "1e-999"],
    *["9223372036854775807", "9223372036854775808", "-9223372036854775808"],
    *["-9223372036854775809", "18446744073709551615", "18446744073709551616"],
    *["9223372036854775808.0", "-1e19", "1e308", "1e999", "-1e999", "1" + "0" * 30, "9" * 400],
    *["NaN", "Infinity", "-Infinity", "01", "1.", ".5", "+1", "nul", "", "'a'", "[1,]", "[[]"],
    *['""', '"null"', '"é😀"', '"\\u00e9\\ud83d\\ude00"', '"\\u0000"', '"\\ud800"', '"\\udc00"'],
    *['"\\ud800\\ud800"', '"\x7f"', '"\u2028"', '"\x01"', '"\n"', '"\\x"', '"\\u12"', '"a'],
    *['{"a":1,"b":2,"a":3}', '{"":0}', '{"\\ud800":1}', "{1:2}", '{"a":1,}', "[" * 99 + "]" * 99],
]


def made_of(leaves: list[str], chance: random.Random, depth: int = 4) -> str:
    kind = chance.random()
    if depth == 0 or kind < 0.3:
        return chance.choice(leaves)
    parts = [made_of(leaves, chance, depth - 1) for _ in range(chance.randrange(4))]
    if kind < 0.6:
        return f"[{','.join(parts)}]"
    return "{" + ",".join(f'"{chance.choice("abc")}": {part}' for part in parts) + "}"


def outcome(work: Callable[[Any], Any], value: Any) -> str:
    """What it gives, 1 and 1.0 told apart, or which error."""
    try:
        return repr(work(value))
    except (ValueError, RecursionError, OverflowError) as error:
        kinds = (OverflowError, RecursionError, ValueError)
        return next(kind.__name__ for kind in kinds if isinstance(error, kind))


def documents() -> list[bytes]:
    chance = random.Random(20260301)
    some = [made_of([*LEAVES[:10], leaf], chance) for leaf in LEAVES for _ in range(40)]
    texts = [text.encode() for text in (*LEAVES, *some)]
    whole = '{"a": ["é", 1]}'
    encoded = [whole.encode(name) for name in ("utf-8-sig", "utf-16", "utf-16-le", "utf-32-be")]
    return [*texts, *encoded, b'"\xed\xa0\x80"', b'"\xff"', b'"\xc0\x80"', b"[1]\0", b" [1]\r\n\t"]


def test_a_document_is_read_as_the_standard_library_reads_it() -> None:
    for text in documents():
        assert outcome(strictjson.read, text) == outcome(strictjson.read_slowly, text), text


def test_a_large_document_is_read_as_a_small_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    enough = 1000  # of so many documents
    room = 4 * enough + 1000
    monkeypatch.setattr(strictjson, "QUICK_BYTES", enough)
    for text in documents():
        if json.detect_encoding(text).startswith("utf-8"):
            large = text + b" " * enough
            found = outcome(lambda it: strictjson.read(it, room), large)
            # What is nested too deeply counts also where a later value takes its place.
            if found != "RecursionError" or b"[" * (MAX_DEPTH - 1) not in text:
                assert found == outcome(strictjson.read_slowly, large), text


def test_a_document_is_written_as_the_standard_library_writes_it() -> None:
    written = 0
    for text in documents():
        try:
            document = strictjson.read(text)
        except (ValueError, RecursionError):
            continue
        for value in (document, [document, float("nan")], {"a": [None, document]}):
            quick = outcome(lambda it: json.loads(strictjson.write_quickly(it)), value)
            assert quick == outcome(lambda it: json.loads(strictjson.write(it)), value), text
            written += quick != "OverflowError"
    assert written > 1000


@pytest.mark.parametrize("text", ["é", "😀", "\ud800", "\0", "\x7f", "\u2028"])
def test_what_is_written_is_ascii_and_without_nul(text: str) -> None:
    written = strictjson.write_quickly({text: text})
    assert written.isascii()
    assert "\0" not in written


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
@pytest.mark.parametrize("wrap", [lambda v: {"a": v}, lambda v: [[{"a": [None, v]}]]])
def test_what_is_no_number_does_not_become_null(value: float, wrap: Any) -> None:
    for write in (strictjson.write, strictjson.write_quickly):
        with pytest.raises(OverflowError):
            write(wrap(value))


@pytest.mark.parametrize("size", [0, QUICK_BYTES])
@pytest.mark.parametrize(("left", "right"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_nesting_is_counted_in_every_size(size: int, left: bytes, right: bytes) -> None:
    def nested(depth: int) -> bytes:
        return left * depth + b"[]" + right * depth + b" " * size

    assert strictjson.read(nested(MAX_DEPTH - 1))
    for depth in (MAX_DEPTH, 500, 200_000):
        with pytest.raises(RecursionError):
            strictjson.read(nested(depth))


def test_what_browsers_send_takes_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **options: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("ipynb_telemetry.collector.strictjson.json.loads", refuse)
    monkeypatch.setattr("ipynb_telemetry.collector.strictjson.json.dumps", refuse)
    properties: dict[str, Any] = {
        "code": "print(1)\n",
        "error": None,
        "duration_ms": 12.3,
        "seq": 1,
        "nested": [{}],
    }
    body = b'{"code":"print(1)\\n","error":null,"duration_ms":12.3,"seq":1,"nested":[{}]}'
    assert strictjson.read(body) == properties
    assert strictjson.write_quickly(properties) == body.decode()
