# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Hosts, keys, names: the page, the server and the kernel have to take and refuse the same.

`rules.spec.ts` gives the same samples to the page.
"""

from __future__ import annotations

import json
import re
import unicodedata

import pytest

from ipynb_telemetry import bootstrap
from ipynb_telemetry.answers.studentcodes import code_of
from ipynb_telemetry.bootstrap import _HOST_LETTERS, _read_host, _read_key
from ipynb_telemetry.settings.destination import (
    DestinationError,
    read_fingerprint,
    read_host,
    read_key,
)

from .support.samples import CONFORMANCE, read_samples, refusals

EVENT_NAMES = read_samples("event_names")
FINGERPRINTS = read_samples("fingerprints")
HOSTS = read_samples("hosts")
KEYS = read_samples("keys")
NAMES = read_samples("names")
STUDENT_CODES = read_samples("studentcodes")


def shown(value: object) -> str:
    """Name a test after its sample, in ASCII and not at any length."""
    return ascii(value)[:40]


@pytest.mark.parametrize(("text", "address"), HOSTS["accepted"], ids=shown)
def test_a_host_is_read_as_the_page_reads_it(text: str, address: str) -> None:
    assert _read_host(text) == address
    assert read_host(text) == address
    # An address that is stored is read again.
    assert read_host(address) == address


@pytest.mark.parametrize(("text", "words"), refusals(HOSTS), ids=shown)
def test_a_host_is_refused_as_the_page_refuses_it(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        _read_host(text)
    with pytest.raises(DestinationError, match=re.escape(words)):
        read_host(text)


def test_every_letter_of_a_host_is_encoded_alike_by_the_older_standard() -> None:
    letters = re.compile(f"[{_HOST_LETTERS}]")
    accepted = [
        char
        for char in map(chr, range(0x80, 0x10000))
        # In a host no other are left.
        if letters.match(char) and unicodedata.normalize("NFC", char.lower()) == char
    ]
    assert len(accepted) > 32_000
    different = [
        char
        for char in accepted
        if f"a{char}".encode("idna").decode() != _read_host(f"https://a{char}")[8:]
    ]
    assert different == []


@pytest.mark.parametrize(("text", "key"), KEYS["accepted"], ids=shown)
def test_a_key_is_read_as_the_page_reads_it(text: str, key: str) -> None:
    assert _read_key(text) == key
    assert read_key(text) == key


@pytest.mark.parametrize(("text", "words"), refusals(KEYS), ids=shown)
def test_a_key_is_refused_as_the_page_refuses_it(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)) as refusal:
        _read_key(text)
    with pytest.raises(DestinationError, match=re.escape(words)):
        read_key(text)
    assert "secret" not in text or text[4:] not in str(refusal.value)


@pytest.mark.parametrize(("text", "fingerprint"), FINGERPRINTS["accepted"], ids=shown)
def test_a_fingerprint_is_read_as_the_page_takes_it(text: str, fingerprint: str) -> None:
    assert read_fingerprint(text, FINGERPRINTS["host"]) == fingerprint
    assert read_fingerprint(fingerprint, FINGERPRINTS["host"]) == fingerprint


@pytest.mark.parametrize(("text", "words"), refusals(FINGERPRINTS), ids=shown)
def test_a_fingerprint_is_refused_as_the_page_refuses_it(text: str, words: str) -> None:
    with pytest.raises(DestinationError, match=re.escape(words)):
        read_fingerprint(text, FINGERPRINTS["host"])


def test_a_fingerprint_takes_a_host_that_shows_a_certificate() -> None:
    _, (_, _), (fingerprint, _), *_ = FINGERPRINTS["accepted"]
    with pytest.raises(DestinationError, match=FINGERPRINTS["words"]["scheme"]):
        read_fingerprint(fingerprint, "http://127.0.0.1:8000")
    assert read_fingerprint(" ", "http://127.0.0.1:8000") == ""


@pytest.mark.parametrize(("first", "last", "student", "name"), NAMES["accepted"], ids=shown)
def test_names_make_the_student_that_the_page_makes(
    first: str, last: str, student: str, name: str
) -> None:
    assert bootstrap._refuse_name(first) is None
    assert bootstrap._refuse_name(last) is None
    assert bootstrap._student(first, last) == {"id": student, "name": name}
    assert bootstrap._read_student(student) == {"id": student, "name": name}


@pytest.mark.parametrize(("name", "words"), refusals(NAMES), ids=shown)
def test_a_name_is_refused_as_the_page_refuses_it(name: str, words: str) -> None:
    assert bootstrap._refuse_name(name) == words


@pytest.mark.parametrize(("secret", "student", "code"), STUDENT_CODES["made"], ids=shown)
def test_a_code_is_made_of_a_secret_and_an_id(secret: str, student: str, code: str) -> None:
    assert code_of(bytes.fromhex(secret), student) == code
    assert bootstrap._read_code(code) == code


@pytest.mark.parametrize(("text", "code"), STUDENT_CODES["accepted"], ids=shown)
def test_a_code_is_read_as_the_page_reads_it(text: str, code: str) -> None:
    assert bootstrap._read_code(text) == code


@pytest.mark.parametrize(("text", "words"), refusals(STUDENT_CODES), ids=shown)
def test_a_code_is_refused_as_the_page_refuses_it(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        bootstrap._read_code(text)


def test_each_wrong_character_of_a_code_is_noticed_and_each_swap() -> None:
    for number in range(50):
        code = code_of(bytes(32), f"STUDENT_{number}").replace("-", "")
        slips = {
            f"{code[:place]}{letter}{code[place + 1 :]}"
            for place in range(len(code))
            for letter in "0123456789abcdefghjkmnpqrstvwxyz"
        }
        for distance in (1, 2):
            for place in range(len(code) - distance):
                swapped = [*code]
                other = place + distance
                swapped[place], swapped[other] = swapped[other], swapped[place]
                slips.add("".join(swapped))
        taken = [slip for slip in slips if bootstrap._refuse_code(slip) is None]
        assert taken == [code]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the events that are handed over."""
    names: list[str] = []
    monkeypatch.setattr(bootstrap, "_send", lambda event, properties: names.append(event))
    # A warning is told once for each problem in a process.
    monkeypatch.setattr(bootstrap._state(), "warned", set())
    return names


@pytest.mark.parametrize("name", EVENT_NAMES["accepted"], ids=shown)
def test_an_event_may_have_a_name_that_the_page_takes(name: str, sent: list[str]) -> None:
    bootstrap._telemetry_capture(name)
    assert sent == [name]


@pytest.mark.parametrize(
    ("kind", "words"), [("malformed", "small letters"), ("built_in", "built-in event")]
)
def test_an_event_may_not_have_a_name_that_the_page_refuses(
    kind: str, words: str, sent: list[str]
) -> None:
    for name in EVENT_NAMES["refused"][kind]:
        bootstrap._state().warned.clear()
        with pytest.warns(UserWarning, match=words):
            bootstrap._telemetry_capture(name)
    assert sent == []


def test_properties_have_the_names_that_the_page_takes(sent: list[str]) -> None:
    for name in EVENT_NAMES["properties"]["accepted"]:
        bootstrap._telemetry_capture("quiz_done", {name: 1})
    taken = len(sent)
    for name in EVENT_NAMES["properties"]["refused"]:
        with pytest.warns(UserWarning, match="reserved"):
            bootstrap._telemetry_capture("quiz_done", {name: 1})
    assert len(sent) == taken == len(EVENT_NAMES["properties"]["accepted"])


def test_the_host_that_goes_without_saying_is_that_of_the_settings() -> None:
    schema = json.loads((CONFORMANCE.parent / "schema" / "plugin.json").read_text("utf-8"))
    assert schema["properties"]["host"]["default"] == bootstrap._HOST
