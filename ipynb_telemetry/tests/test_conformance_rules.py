# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Hosts and keys: the page, the Jupyter server and the kernel have to take and refuse the same.

`rules.spec.ts` gives the same samples to the page.
"""

from __future__ import annotations

import re
import unicodedata

import pytest

from ipynb_telemetry.kernel.address import _HOST_LETTERS, _read_host, _read_key
from ipynb_telemetry.settings.destination import DestinationError, read_host, read_key

from .support.samples import read_samples, refusals

HOSTS = read_samples("hosts")
KEYS = read_samples("keys")


def shown(value: object) -> str:
    """Name a test after its sample, in ASCII and not at any length."""
    return ascii(value)[:40]


@pytest.mark.parametrize(("text", "address"), HOSTS["accepted"], ids=shown)
def test_a_host_is_read_as_the_page_reads_it(text: str, address: str) -> None:
    assert _read_host(text) == address
    assert read_host(text) == address
    # What is stored is read again.
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
