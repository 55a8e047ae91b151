"""What `doctor` repeats of a host's refusal."""

import json

import pytest

from ipynb_telemetry.cli.checks.host import words_of
from ipynb_telemetry.relay.rules import Answer


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"event submitted with an empty distinct_id", "event submitted with an empty distinct_id"),
        (b'{"type":"authentication_error","detail":"Invalid API key."}', "Invalid API key."),
        (b'{"status":0,"error":"no \\u001b[1mdistinct_id\\n\\n at 3"}', "no [1mdistinct_id at 3"),
        (b'{"message":"The batch is empty.","error":"x"}', "The batch is empty."),
        (b'"nope"', "nope"),
        ("  zu groß\r\n\x00 ".encode(), "zu groß"),
        (b"x" * 5000, "x" * 200),
        (json.dumps({"detail": "y" * 5000}).encode(), "y" * 200),
    ],
)
def test_a_refusal_says_why_in_the_words_of_its_body(body: bytes, words: str) -> None:
    for status in (400, 401, 403, 404, 413, 422, 429):
        assert words_of(Answer(status, f"{status} Status", body=body)) == words


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" \n", b"\xff\xfe", b"[" * 60_000, b"{", b"null", b"{}", b"[1]", b"7"),
        *(b"<html>413</html>", b"\n <!DOCTYPE html>", b'{"error":"<b>no</b>"}'),
        *(b'{"detail":[{"loc":"body"}]}', b'{"error":{"code":3}}', b'{"message":"","detail":" "}'),
    ],
)
def test_a_body_without_words_says_nothing(body: bytes) -> None:
    assert words_of(Answer(400, "400 Bad Request", body=body)) == ""


def test_only_a_refusal_is_asked_for_words() -> None:
    assert words_of(Answer(503, "503 Down", body=b"try later")) == ""
    assert words_of(Answer(302, "302 Found", body=b"elsewhere")) == ""
