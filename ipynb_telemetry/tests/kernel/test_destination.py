# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Host and key as the kernel finds them, without a kernel."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.kernel import coursefile, destination, imports, toml

HOST = "https://eu.i.posthog.com"


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """A user's namespace in a kernel that was started in `tmp_path`, with nothing set."""
    for name in ("API_KEY", "HOST", "CERTIFICATE"):
        monkeypatch.delenv(f"IPYNB_TELEMETRY_{name}", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    names: dict[str, Any] = {}
    shell = types.SimpleNamespace(user_ns=names)
    monkeypatch.setattr(coursefile, "_shell", lambda: shell)
    monkeypatch.chdir(tmp_path)
    return names


def find(host: Any = None, key: Any = None, course: Any = (), problem: str = "") -> Any:
    place, found, _, told = destination._destination(host, key, None, dict(course), problem)
    return place, found, told


PIN, OTHER = "ab" * 32, "cd" * 32


def pinned(host: Any = None, certificate: Any = None, course: Any = ()) -> str:
    found = destination._destination(host, "tcw_x", certificate, dict(course), "")
    assert found.key == "tcw_x", found.problem
    return found.fingerprint


def test_a_certificate_comes_with_its_host_or_from_a_place_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    course = {"host": "https://course.example", "certificate": PIN}
    assert pinned(course=course) == PIN
    assert pinned(certificate=OTHER, course=course) == OTHER
    assert pinned(HOST, course=course) == "", "the certificate is that of another host"
    assert pinned(HOST, OTHER, course) == OTHER
    monkeypatch.setenv("IPYNB_TELEMETRY_CERTIFICATE", OTHER)
    assert pinned(course=course) == OTHER
    monkeypatch.delenv("IPYNB_TELEMETRY_CERTIFICATE")
    monkeypatch.setenv("IPYNB_TELEMETRY_HOST", "https://environment.example")
    assert pinned(course=course) == "", "nor does the file mean this host"
    monkeypatch.setenv("IPYNB_TELEMETRY_CERTIFICATE", "AB:" * 31 + "AB")
    assert pinned(course=course) == PIN, "as programs print it"


@pytest.mark.parametrize(
    ("host", "certificate", "words"),
    [
        (HOST, "abc", "64 digits"),
        (HOST, 7, "64 digits"),
        ("http://127.0.0.1:8443", PIN, "shows none"),
    ],
)
def test_a_certificate_that_cannot_be_is_told_and_nothing_is_sent(
    host: str, certificate: Any, words: str
) -> None:
    found = destination._destination(host, "tcw_x", certificate, {}, "")
    assert found[:3] == ("", None, "")
    assert found.problem.startswith("Class collector's certificate refused: ")
    assert words in found.problem


def test_without_a_key_nothing_is_sent() -> None:
    assert find() == ("", None, "")
    assert find(HOST) == ("", None, "")


def test_the_first_place_that_has_one_gives_host_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    course = {"api_key": "phc_course", "host": "https://course.example"}
    assert find(course=course) == ("https://course.example", "phc_course", "")
    monkeypatch.setenv("IPYNB_TELEMETRY_API_KEY", "phc_environment")
    assert find(course=course) == ("https://course.example", "phc_environment", "")
    monkeypatch.setenv("IPYNB_TELEMETRY_HOST", "https://environment.example")
    assert find(course=course) == ("https://environment.example", "phc_environment", "")
    assert find(HOST, "phc_call", course) == (HOST, "phc_call", "")
    assert find(key="phc_call")[0] == "https://environment.example"


def test_the_host_is_posthogs_own_when_none_is_named() -> None:
    assert find(key=" phc_x ") == ("https://us.i.posthog.com", "phc_x", "")


@pytest.mark.parametrize(
    ("host", "key", "what"),
    [
        ("http://example.com", "phc_x", "host"),
        (7, "phc_x", "host"),
        (HOST, "phx_x", "key"),
        (HOST, 7, "key"),
        ("ftp://x", "phx_x", "host"),
    ],
)
def test_what_is_refused_is_told_and_nothing_is_sent(host: Any, key: Any, what: str) -> None:
    place, found, told = find(host, key)
    assert (place, found) == ("", None)
    assert told.startswith(f"PostHog {what} refused: ")


def test_a_course_file_that_cannot_be_read_sends_nothing_to_a_host_that_it_did_not_name() -> None:
    assert find(key="phc_x", problem="Bad file.") == ("", None, "Bad file.")
    assert find(HOST, "phc_x", problem="Bad file.") == (HOST, "phc_x", "Bad file.")


def write(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ipynb-telemetry.toml").write_text(text, "utf-8")


def test_the_nearest_course_file_counts(names: dict[str, Any], tmp_path: Path) -> None:
    assert coursefile._read_course() == ({}, "")
    write(tmp_path, 'api_key = "phc_started"')
    assert coursefile._read_course() == ({"api_key": "phc_started"}, "")
    write(tmp_path / "course", 'api_key = "phc_above"')
    names["__vsc_ipynb_file__"] = str(tmp_path / "course" / "week" / "lesson.ipynb")
    assert coursefile._read_course() == ({"api_key": "phc_above"}, "")
    write(tmp_path / "course" / "week", 'api_key = "phc_beside"')
    assert coursefile._read_course() == ({"api_key": "phc_beside"}, "")


TEXT = """\
# A course.
api_key = "phc_\\u00e9"   # a comment
host = 'https://eu.i.posthog.com'

test_sources_off = ["otter", 'pytest']
[table]
unknown = { inline = 1 }
"""


@pytest.mark.parametrize("reader", ["of Python", "our own"])
def test_a_course_file_is_read_with_and_without_a_reader_of_toml(
    reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if reader == "our own":
        monkeypatch.setattr(imports, "_KEPT", {})
    for name in ("tomllib", "tomli"):
        monkeypatch.setitem(sys.modules, name, None)
    read = toml._read_toml(TEXT)
    assert (read["api_key"], read["host"]) == ("phc_é", HOST)
    assert "otter" in str(read["test_sources_off"])


def test_our_own_reader_names_the_line_that_it_does_not_understand(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(imports, "_KEPT", {})
    for name in ("tomllib", "tomli"):
        monkeypatch.setitem(sys.modules, name, None)
    write(tmp_path, 'host = "x"\napi_key = phc_x\n')
    course, problem = coursefile._read_course()
    assert course == {}
    assert problem.startswith("ipynb-telemetry.toml cannot be read: line 2 is not of the form")
