"""Wrong variants of code that is right."""

import random

import pytest

from ipynb_telemetry.notebooks.pythonsource import parse
from ipynb_telemetry.simulation.mutations import misspelt, wrong_variants
from ipynb_telemetry.tests.support.lessons import COMMON, SOLUTION


def kinds(source: str, **options: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for variant in wrong_variants(source, random.Random(1), **options):
        found.setdefault(variant.kind, []).append(variant.code)
    return found


def test_each_kind_of_mistake_is_made_where_it_can_be() -> None:
    found = kinds(SOLUTION)
    assert set(found) == {"typo", "return", "number", "statement", "syntax"}
    assert SOLUTION.replace("return amount", "print(amount)") in found["return"]
    assert found["number"] == [SOLUTION.replace("amount = 0", "amount = 1")]
    assert set(kinds(COMMON)) >= {"method", "call", "number"}
    assert kinds('x = row["name"]')["key"] != []
    assert kinds("if not x == 1:\n    y = 2")["comparison"] != []


def test_only_a_slip_of_syntax_is_no_python() -> None:
    for source in (SOLUTION, COMMON):
        for kind, codes in kinds(source).items():
            assert [parse(code) is None for code in codes] == [kind == "syntax"] * len(codes), kind


def test_a_place_is_found_behind_letters_of_more_than_a_byte() -> None:
    found = kinds('def f(größe):\n    return "ä" + "ö" * größe["ü"]')
    assert 'def f(größe):\n    "ä" + "ö" * größe["ü"]' in found["return"]


def test_a_cell_above_that_was_not_run_leaves_its_names_unknown() -> None:
    variants = wrong_variants(COMMON, random.Random(1), frozenset({"Counter", "common", "len"}))
    without = [variant for variant in variants if variant.kind == "cell above not run"]
    assert [(variant.code, variant.without) for variant in without] == [(COMMON, ("Counter",))]


def test_the_same_chance_gives_the_same_variants() -> None:
    def of(seed: int) -> list[object]:
        return [*wrong_variants(SOLUTION, random.Random(seed))]

    assert of(3) == of(3)
    assert any(of(3) != of(seed) for seed in range(4, 9))


@pytest.mark.parametrize("word", ["a", "ab", "aaa", "amount", "x_1"])
def test_a_misspelt_word_is_another_word(word: str) -> None:
    for seed in range(20):
        other = misspelt(word, random.Random(seed))
        assert other != word
        assert other.isidentifier()


def test_code_that_is_no_python_has_no_variants() -> None:
    assert wrong_variants("mean <- function(x) sum(x)", random.Random(1)) == []
