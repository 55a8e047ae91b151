# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Secrets may not leave a kernel: page and kernel have to take out the same."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator

import pytest

from ipynb_telemetry.kernel import secrets

from ..support.fakesecrets import Telling, survives, tellings
from ..support.samples import read_samples

# `secrets.spec.ts` gives the same to the page.
SAMPLES = read_samples("secret_texts")
HALVES = ("development", "held out")


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    secrets._forget_secrets()
    yield
    secrets._forget_secrets()
    secrets._set_secret_rules("", False)


def cleaned(telling: Telling) -> str:
    secrets._forget_secrets()
    return [secrets._without_secrets(step) for step in telling.steps][-1]


@pytest.mark.parametrize(("text", "clean"), SAMPLES["taken out"])
def test_a_secret_is_taken_out(text: str, clean: str) -> None:
    assert secrets._without_secrets(text) == clean


@pytest.mark.parametrize("text", SAMPLES["left"])
def test_what_is_no_secret_is_left(text: str) -> None:
    assert secrets._without_secrets(text) == text


@pytest.mark.parametrize("half", HALVES)
def test_fakes_are_taken_out_as_by_the_page(half: str) -> None:
    told = {"code": 0, "output": 0}
    left = {"code": 0, "output": 0}
    digest = hashlib.sha256()
    for each in tellings(half):
        clean = cleaned(each)
        digest.update(f"{clean}\n".encode())
        told[each.side] += 1
        left[each.side] += survives(clean, each.secret)
    assert left["code"] / told["code"] <= 0.05
    assert left["output"] / told["output"] <= 0.1
    assert digest.hexdigest() == read_samples("secret_digests")[half]


def test_a_learned_value_is_taken_out_where_no_longer_word_goes_on() -> None:
    secrets._without_secrets('db_password = "gr33n-apples"')
    assert secrets._without_secrets("ok gr33n-apples, agr33n-applesb") == (
        "ok \u2039secret\u203a, agr33n-applesb"
    )


def test_values_of_variables_named_like_secrets_are_taken_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEATHER_API_KEY", "0123abcd4567ef89")
    monkeypatch.setenv("DB_PASSWORD", "gr33n-apples")
    monkeypatch.setenv("SHORT_TOKEN", "abc12")
    monkeypatch.setenv("COURSE", "physics-101")
    assert secrets._without_secrets("0123abcd4567ef89 gr33n-apples abc12 physics-101") == (
        "\u2039secret\u203a \u2039secret\u203a abc12 physics-101"
    )
    monkeypatch.delenv("DB_PASSWORD")
    assert secrets._without_secrets("gr33n-apples") == "gr33n-apples"


def test_a_course_says_what_is_a_secret_besides() -> None:
    secrets._set_secret_rules("EXAM-[A-Z0-9]{4,6} odd_[z-a]{2} nonsense", False)
    assert secrets._without_secrets("EXAM-AB12, EXAM-ab odd_yes! nonsense") == (
        "\u2039secret\u203a, EXAM-ab \u2039secret\u203a nonsense"
    )
    secrets._set_secret_rules("", True)
    assert secrets._without_secrets('password = "hunter2"') == 'password = "hunter2"'


def test_a_token_of_github_is_known_by_its_checksum_where_a_word_goes_on() -> None:
    # The CRC-32 of thirty zeros in base 62.
    token = "ghp_" + "0" * 30
    assert secrets._without_secrets(f"{token}2C8GjSabc") == "\u2039secret\u203aabc"
    assert secrets._without_secrets(f"{token}000000abc") == f"{token}000000abc"


def test_secrets_are_counted_in_names_and_texts_however_deep() -> None:
    value = {"\u2039secret\u203a": ["a \u2039secret\u203a", 1, None], "b": "none"}
    assert secrets._count_secrets(value) == 2


@pytest.mark.parametrize(
    "unit",
    ["sk-", "eyJ.a", "key=", 'key="', "password:", "://a:b@", "-----BEGIN ", "+ASt", '"', "aB1_"],
)
def test_hostile_texts_cost_in_proportion_to_their_length(unit: str) -> None:
    limit = 0.25
    for size in (5_000, 20_000, 80_000):
        text, least = unit * (size // len(unit)), 9.0
        for _ in range(5):
            if least > limit:
                started = time.perf_counter()
                secrets._without_secrets(text)
                least = min(least, time.perf_counter() - started)
        assert least < limit
        # In proportion it is 4 times the cost before, backtracking 16 times.
        limit = 10 * least + 0.25
