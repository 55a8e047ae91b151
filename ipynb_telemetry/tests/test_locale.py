"""The interface in other languages, as JupyterLab's server finds and gives it."""

import json
import subprocess
import sys
from gettext import c2py
from pathlib import Path
from typing import Any

import pytest
from jupyterlab_server.translation_utils import get_language_pack, is_valid_locale

import ipynb_telemetry

LOCALE = Path(ipynb_telemetry.__file__).parent / "locale"
LANGUAGES = sorted(folder.name for folder in LOCALE.iterdir())


def catalogue(language: str) -> Any:
    return json.loads(
        (LOCALE / language / "LC_MESSAGES" / "ipynb_telemetry.json").read_text("utf-8")
    )


def test_the_languages_are_those_promised() -> None:
    assert LANGUAGES == ["ar_SA", "de_DE", "es_ES", "fr_FR"]
    assert all(map(is_valid_locale, LANGUAGES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_gets_our_words_with_the_language_pack(language: str) -> None:
    data, message = get_language_pack(language)
    assert message == ""
    assert data["ipynb_telemetry"] == catalogue(language)
    # The plural forms are those that the rest of JupyterLab has in that language.
    header = data["ipynb_telemetry"][""]
    assert header["plural_forms"] == data["jupyterlab"][""]["plural_forms"]
    assert header["language"] == data["jupyterlab"][""]["language"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar_SA", {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 103: 3}),
        ("de_DE", {0: 1, 1: 0, 2: 1}),
        ("es_ES", {0: 1, 1: 0, 2: 1}),
        ("fr_FR", {0: 0, 1: 0, 2: 1}),
    ],
)
def test_numbers_take_the_form_of_their_language(language: str, expected: dict[int, int]) -> None:
    forms = catalogue(language)[""]["plural_forms"]
    which = c2py(forms.partition("plural=")[2].rstrip(";"))
    assert {number: which(number) for number in expected} == expected


def test_finding_the_catalogues_loads_nothing_but_the_package() -> None:
    # JupyterLab's server imports the module of the entry point to learn where it lies.
    found = subprocess.run(
        [sys.executable, "-c", "import ipynb_telemetry, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "ipynb_telemetry" in found
    assert not {"tornado", "sqlite3", "orjson"} & set(found)
