import gzip
import json
import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from ipynb_telemetry.collector import weight
from ipynb_telemetry.collector.body import BodyError, read_body
from ipynb_telemetry.collector.strictjson import MAX_DEPTH
from ipynb_telemetry.collector.weight import MAX_VALUES, WIDEST, HeavyError, weigh
from ipynb_telemetry.tests.support.storedevents import raw_event

LIMIT = 20 * 2**20


def values_in(document: Any) -> int:
    """How many values a document has, as they are weighed: what is empty counts as its brackets."""
    if not isinstance(document, (list, dict)):
        return 0
    children = list(document.values()) if isinstance(document, dict) else document
    return max(len(children), 1) + sum(map(values_in, children))


def outcome(text: bytes, limit: int = LIMIT) -> str:
    try:
        weigh(text, limit, MAX_DEPTH)
    except (HeavyError, RecursionError) as error:
        return str(error) or "deep"
    return ""


@pytest.mark.parametrize("part", [1, 2, 3, 7, 64 * 1024])
def test_values_are_counted_wherever_the_text_is_cut(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weight, "_PART", part)
    chance = random.Random(20261129)
    letters = ['"', "\\", ",", "[", "]", "{", "}", ":", "x", "\n", "u", "é", "😀"]

    def value(depth: int) -> Any:
        kind = chance.random()
        if depth == 0 or kind < 0.4:
            return "".join(chance.choices(letters, k=chance.randrange(12)))
        some = [value(depth - 1) for _ in range(chance.randrange(4))]
        if kind < 0.7:
            return some
        return {"".join(chance.choices(letters, k=3)): item for item in some}

    for _ in range(300):
        document = [value(4)]
        for plain in (True, False):
            text = json.dumps(document, ensure_ascii=plain).encode()
            monkeypatch.setattr(weight, "MAX_VALUES", values_in(document))
            assert outcome(text) == ""
            monkeypatch.setattr(weight, "MAX_VALUES", values_in(document) - 1)
            assert "values" in outcome(text)


def test_what_a_string_holds_is_no_value() -> None:
    code = json.dumps({"code": '[{,"\\' * MAX_VALUES}).encode()
    assert outcome(code) == ""
    assert "values" in outcome(b"[" + b"{}," * (MAX_VALUES // 2) + b"{}]")


@pytest.mark.parametrize("part", [5, 64 * 1024])
@pytest.mark.parametrize("wide", ["é", "😀", "\\u00e9"])
def test_letters_beyond_ascii_widen_the_text_they_are_in(
    part: int, wide: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weight, "_PART", part)
    text = f'["{"x" * 50}{wide}{"y" * 50}","{"z" * 1000}"]'.encode()
    size = len(text) + (WIDEST - 1) * (100 + len(wide.encode()))
    assert outcome(text, size) == ""
    assert "larger" in outcome(text, size - 1)


def test_depth_is_that_of_the_brackets_outside_of_texts() -> None:
    for left, right in (("[", "]"), ('{"]}":', "}")):
        for depth, found in ((MAX_DEPTH, ""), (MAX_DEPTH + 1, "deep")):
            text = left * depth + '"[["' + right * depth
            assert outcome(f"[0,{text}]"[3:-1].encode()) == found


BEGIN = b'[{"event":"x","distinct_id":"A","properties":{"a":'
BOMBS: dict[str, Callable[[], bytes]] = {
    "lists": lambda: b"[" + b"[]," * (LIMIT // 3 - 2) + b"[]]",
    "lists in an event": lambda: BEGIN + b"[" + b"[]," * (LIMIT // 3 - 30) + b"[]]}}]",
    "objects": lambda: BEGIN + b"[" + b'{"a":1},' * (LIMIT // 8 - 30) + b"{}]}}]",
    "texts": lambda: BEGIN + b"[" + b'"ab",' * (LIMIT // 5 - 30) + b'""]}}]',
    "numbers": lambda: BEGIN + b"[" + b"1.5," * (LIMIT // 4 - 30) + b"0]}}]",
    "an emoji": lambda: BEGIN + b'"' + b"x" * (LIMIT - 200) + "😀".encode() + b'"}}]',
    "letters": lambda: BEGIN + b'"' + "é".encode() * (LIMIT // 2 - 200) + b'"}}]',
    "a form": lambda: b"data=" + b"%41" * (LIMIT // 3 - 5),
    "most values": lambda: (
        BEGIN
        + b"["
        + b'{"abc":1.5},' * (MAX_VALUES // 2 - 10)
        + b'1],"c":"'
        + b"x" * 2**24
        + b'"}}]'
    ),
    "one text": lambda: BEGIN + b'"' + b"x" * (LIMIT - 200) + b'"}}]',
}
MEASURE = """
import sys
from ipynb_telemetry.collector.body import BodyError, read_body
from ipynb_telemetry.collector.validation import EventError, check_events

def memory(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name)) * 1024

body = bytearray(sys.stdin.buffer.read())
before = memory("VmRSS") - len(body)
with open("/proc/self/clear_refs", "w") as peak:
    peak.write("5")
try:
    check_events(read_body(body, int(sys.argv[1])))
except BodyError:
    pass
print(memory("VmHWM") - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's /proc")
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_body_takes_three_times_its_limit_of_memory_at_most(
    bomb: str, pack: Callable[[bytes], bytes]
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, str(LIMIT)], input=pack(BOMBS[bomb]()), capture_output=True
    )
    assert int(ran.stdout) <= 3.1 * LIMIT  # and the interpreter's own, ran.stderr


def test_who_sends_too_much_at_once_is_told_to_send_less() -> None:
    with pytest.raises(BodyError, match="send less at once") as refusal:
        read_body(BOMBS["lists"](), LIMIT)
    assert refusal.value.status == 413
    with pytest.raises(BodyError, match="becomes larger than 20971520 bytes") as refusal:
        read_body(BOMBS["letters"](), LIMIT)
    assert refusal.value.status == 413
    with pytest.raises(BodyError, match="not valid JSON"):  # and is weighed as what it is not
        read_body("[1]".encode("utf-16") + " ".encode("utf-16-le") * 2**20, LIMIT)


def test_a_large_batch_of_small_events_is_taken() -> None:
    body = json.dumps({"batch": [raw_event(n % 60) for n in range(10_000)]}).encode()
    assert len(body) > 2**20
    assert len(read_body(body, LIMIT)["batch"]) == 10_000
