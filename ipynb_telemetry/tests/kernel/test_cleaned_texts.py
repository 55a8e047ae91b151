# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Tokens and folders may not leave a kernel: page and kernel have to take out the same."""

from __future__ import annotations

import time

import pytest

from ipynb_telemetry.kernel import text as kernel_text
from ipynb_telemetry.kernel.secrets import _forget_secrets

from ..support.samples import read_samples

# `text.spec.ts` gives the same to the page.
SAMPLES = read_samples("cleaned_texts")
CASES = [(kind, *case[-2:]) for kind, cases in SAMPLES.items() for case in cases]


@pytest.mark.parametrize(("kind", "text", "left"), CASES, ids=[ascii(c[1])[:40] for c in CASES])
def test_page_and_kernel_take_out_the_same(
    kind: str, text: str, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "secret" in kind:
        monkeypatch.setenv("JPY_API_TOKEN", "0123abcd")
    clean = kernel_text._without_tokens if kind == "code" else kernel_text._clean
    assert clean(text) == left


@pytest.mark.parametrize("name", ["JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN"])
def test_the_servers_token_is_taken_out_unless_it_is_a_word(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "letmein")
    assert kernel_text._clean("letmein please") == "letmein please"
    monkeypatch.setenv(name, "letmeinplease")
    assert kernel_text._clean("letmeinplease") == "…"
    assert kernel_text._without_tokens("x = 'letmeinplease'") == "x = '…'"


def test_every_text_of_a_value_is_cleaned_names_too() -> None:
    value = {"/home/ann/x.py": ["\x1b[1m/tmp/a/b", 1, None, True], "deep": {"a": "/home/ann/y"}}
    assert kernel_text._clean_json(value) == {
        "…/x.py": ["…/b", 1, None, True],
        "deep": {"a": "…/y"},
    }


def test_secrets_go_from_every_text_of_a_value_names_too() -> None:
    value = {"tries": [{"Bearer a1b2c3d4e5f6": 'token = "a1b2c3d4e5f6g7"'}, None], "score": 3}
    assert kernel_text._clean_json(value) == {
        "tries": [{"Bearer \u2039secret\u203a": 'token = "\u2039secret\u203a"'}, None],
        "score": 3,
    }
    # By itself, since it was found.
    assert kernel_text._clean_json({"answer": ["a1b2c3d4e5f6g7"]}) == {
        "answer": ["\u2039secret\u203a"]
    }
    _forget_secrets()


def test_of_a_long_text_twice_what_is_kept_is_cleaned_and_no_more() -> None:
    cleaned: list[str] = []

    def clean(text: str) -> str:
        cleaned.append(text)
        return text.replace("-", "")

    assert kernel_text._cut("a-b-c", 3, clean) == ("abc", False)
    assert kernel_text._cut("a-b-c-d", 3, clean) == ("abc", True)
    assert kernel_text._cut("abcd", 3, clean) == ("abc", True)
    kernel_text._cut("x" * 1_000, 3, clean)
    assert cleaned[-1] == "x" * 6


HOSTILE = ["/", "\\", " ", "/a", "\\a", "/a ", " /a/", "~/", "a", "C:\\", " C:\\a b", "\\a b"]
HOSTILE += ["\\\\a", "C:\\' ", "?token=", "&token", "file:///", '"/', "/home/", "/home/a "]
HOSTILE += [" /tmp/a b c d e", "/home/a/b c/", '@/home/"', "TOKEN", "TOKEN_=", "Authorization: "]
HOSTILE += ["file://a", " -I", "\x1b", "\x1b[", "\x1b]", "\x1bP", "\x1b[0", "\x1b]a", "0;", "\x9b"]


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_texts_cost_in_proportion_to_their_length(unit: str) -> None:
    for head in ("", " /a", "C:\\a", "\x1b[", "\x1b]"):
        # In proportion it is 4 times the cost before, backtracking 16 times.
        # A quarter of a second is for a machine that has other things to do.
        limit = 0.25
        for size in (5_000, 20_000, 80_000):
            text, least = head + unit * (size // len(unit)), 9.0
            for _ in range(5):
                if least > limit:
                    started = time.perf_counter()
                    kernel_text._clean(text)
                    least = min(least, time.perf_counter() - started)
            assert least < limit
            limit = 10 * least + 0.25
