# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Key, host and course file: from where the kernel takes them, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ipynb_telemetry.kernel.coursefile import _course_rules, _misspelt
from ipynb_telemetry.kernel.toml import _read_toml

from ..support.fakeposthog import FakePostHog
from .directkernel import ANN, KEY, Student, environment, running, runs, spools, written

ENDED = "session_ended"
REFUSED = {
    "phx_secret": "one with phx_ is personal and secret",
    "x" * 65: "longer than 64",
    "phc_é": "characters no project key has",
    "   ": "nothing but spaces",
}


@pytest.mark.parametrize("key", REFUSED)
def test_a_refused_key_sends_nothing_anywhere(student: Student, key: str) -> None:
    line = student.set_up(f"{ANN}, host='http://127.0.0.1:9', api_key={key!r}")
    assert REFUSED[key] in line
    assert key.strip() == "" or key not in line
    assert "events stay in" in line


def test_a_refused_key_does_not_replace_a_delivery_that_works(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    with running(environment(tmp_path, posthog.host)) as student:
        student.stdin = False
        student.set_up()
        line = student.set_up("api_key='phx_1'")
        assert "one with phx_ is personal and secret" in line
        assert f"events go to {posthog.host}\n" in line
    posthog.wait_until(lambda: posthog.accepted[-1:] and posthog.accepted[-1]["event"] == ENDED)
    assert [e["event"] for e in posthog.accepted].count("session_started") == 1
    assert not (tmp_path / "data" / "ipynb-telemetry" / "events.jsonl").exists()


def test_a_refused_key_goes_on_in_the_same_file(student: Student, tmp_path: Path) -> None:
    student.set_up()
    assert "one with phx_ is personal and secret" in student.set_up("api_key='phx_1'")
    student.manager.shutdown_kernel()
    assert [e["event"] for e in written(tmp_path)].count("session_started") == 1


@pytest.mark.parametrize(
    "host", ["http://example.com", "https://a:b@example.com", "https://example.com?q=1", "example"]
)
def test_a_refused_host_sends_nothing_anywhere(student: Student, host: str) -> None:
    line = student.set_up(f"{ANN}, host={host!r}, api_key='phc_1'")
    assert "PostHog host refused" in line
    assert "events stay in" in line


@pytest.mark.parametrize("reader", ["tomllib", "own"])
def test_the_course_file_above_the_notebook_gives_key_and_host(tmp_path: Path, reader: str) -> None:
    folder = tmp_path / "course" / "day1"
    folder.mkdir(parents=True)
    text = "# the course\napi_key = 'phc_course'  # public\nhost = \"http://127.0.0.1:9/x\"\n[more]\na=1"
    (tmp_path / "course" / "ipynb-telemetry.toml").write_text(text, "utf-8")
    with running(environment(tmp_path), cwd=str(folder)) as student:
        student.stdin = False
        if reader == "own":
            student.cell("import sys; sys.modules['tomllib'] = sys.modules['tomli'] = None")
        student.cell("import os; os.chdir('/')")
        assert "events go to http://127.0.0.1:9/x" in student.set_up()


@pytest.mark.parametrize("off", ["'doctest, pytest'", "'otter'"])
def test_the_course_file_switches_tests_without_decorators_off(tmp_path: Path, off: str) -> None:
    (tmp_path / "ipynb-telemetry.toml").write_text(f"test_sources_off = {off}", "utf-8")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        # pytest-jupyter, of this environment and our conftest.py, fails within a kernel.
        student.cell("import os; os.environ['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'")
        student.set_up()
        student.cell("@tracked_test('decorated')\ndef check(): pass\ncheck()")
        student.cell(
            "import doctest\ndef one():\n    '>>> 1\\n1'\n"
            "doctest.run_docstring_examples(one, globals(), name='one')"
        )
        student.cell("%%writefile test_two.py\ndef test_two(): pass")
        student.cell("import pytest; pytest.main(['-qp', 'no:cacheprovider', 'test_two.py'])")
    tests = [e["properties"]["test"] for e in written(tmp_path) if e["event"] == "test_passed"]
    assert tests == ["decorated", *([] if "doctest" in off else ["one", "test_two"])]


@pytest.mark.parametrize("off", ["'doctest'", "['otter', \"doctest\"]  # no others"])
@pytest.mark.parametrize("reader", ["tomllib", "own"])
def test_the_course_file_switches_kinds_of_tests_off(tmp_path: Path, reader: str, off: str) -> None:
    text = f"test_sources_off = {off}\n# a comment\nhost = 'http://127.0.0.1:9'\n"
    (tmp_path / "ipynb-telemetry.toml").write_text(text, "utf-8")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        if reader == "own":
            student.cell("import sys; sys.modules['tomllib'] = sys.modules['tomli'] = None")
        assert "cannot be read" not in student.set_up()
        student.cell(
            "import doctest\ndef add(a, b):\n    '''\n    >>> add(1, 2)\n    3\n    '''\n"
            "    return a + b\ndoctest.run_docstring_examples(add, globals())\n"
            "@tracked_test('told')\ndef test(): pass\ntest()"
        )
        assert student.reply["status"] == "ok"
    tests = [e["properties"]["test"] for e in written(tmp_path) if e["event"] == "test_passed"]
    assert tests == ["told"]


# Each of the places below the first gives what those above it do not.
PLACES = {
    "argument": "http://127.0.0.1:9/argument",
    "environment": "http://127.0.0.1:9/environment",
    "file": "http://127.0.0.1:9/file",
}


@pytest.mark.parametrize("key", ["argument", "environment", "file"])
@pytest.mark.parametrize("host", ["argument", "environment", "file"])
def test_host_and_key_are_each_of_the_first_place_that_has_one(
    tmp_path: Path, host: str, key: str
) -> None:
    order = list(PLACES)
    hosts, keys = order[order.index(host) :], order[order.index(key) :]
    course = [f"host = '{PLACES['file']}'", "api_key = 'phc_file'"]
    (tmp_path / "ipynb-telemetry.toml").write_text("\n".join(course), "utf-8")
    env = environment(tmp_path)
    arguments = ANN
    if "environment" in hosts:
        env["IPYNB_TELEMETRY_HOST"] = PLACES["environment"]
    if "environment" in keys:
        env["IPYNB_TELEMETRY_API_KEY"] = "phc_environment"
    arguments += f", host={PLACES['argument']!r}" if "argument" in hosts else ""
    arguments += ", api_key='phc_argument'" if "argument" in keys else ""
    with running(env, cwd=str(tmp_path)) as student:
        student.stdin = False
        assert f"events go to {PLACES[host]}\n" in student.set_up(arguments)
        (spool,) = spools(tmp_path)
        first = json.loads(spool.read_text("utf-8").splitlines()[0])
    assert first == {"host": PLACES[host], "api_key": f"phc_{key}"}


@pytest.mark.parametrize("told_by", ["JPY_SESSION_NAME", "__vsc_ipynb_file__"])
def test_the_course_file_is_found_beside_the_notebook_wherever_the_kernel_runs(
    tmp_path: Path, told_by: str
) -> None:
    course, elsewhere = tmp_path / "course", tmp_path / "elsewhere"
    for folder in (course, elsewhere):
        folder.mkdir()
        text = f"api_key = 'phc_1'\nhost = 'http://127.0.0.1:9/{folder.name}'"
        (folder / "ipynb-telemetry.toml").write_text(text, "utf-8")
    notebook, env = str(course / "D1.ipynb"), environment(tmp_path)
    if told_by == "JPY_SESSION_NAME":
        env[told_by] = notebook
    with running(env, cwd=str(elsewhere)) as student:
        student.stdin = False
        if told_by != "JPY_SESSION_NAME":
            student.cell(f"{told_by} = {notebook!r}")
        assert "events go to http://127.0.0.1:9/course\n" in student.set_up()


@pytest.mark.parametrize("given", [False, True])
def test_where_the_course_file_cannot_be_read_nothing_is_recorded(
    tmp_path: Path, posthog: FakePostHog, given: bool
) -> None:
    (tmp_path / "ipynb-telemetry.toml").write_text("host = https://eu.i.posthog.com\n", "utf-8")
    env = {**environment(tmp_path), "IPYNB_TELEMETRY_API_KEY": KEY, "HTTPS_PROXY": posthog.host}
    if given:
        env["IPYNB_TELEMETRY_HOST"] = posthog.host
    with running(env, cwd=str(tmp_path)) as student:
        student.stdin = False
        line = student.set_up()
        assert "ipynb-telemetry.toml cannot be read" in line
        assert "nothing is recorded" in line
        assert student.value("STUDENT_ID") is None
    assert spools(tmp_path) == []
    assert posthog.requests == []
    assert not (tmp_path / "data" / "ipynb-telemetry" / "events.jsonl").exists()


def test_a_course_file_of_notepad_begins_with_a_mark(tmp_path: Path) -> None:
    text = "api_key = 'phc_course'\nhost = 'http://127.0.0.1:9'\n"
    (tmp_path / "ipynb-telemetry.toml").write_text(text, "utf-8-sig")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        assert "events go to http://127.0.0.1:9\n" in student.set_up()


SECRET = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"


@pytest.mark.parametrize("setting", ["keep_secrets = true", "keep_secrets = 'true'", ""])
def test_a_course_file_alone_leaves_no_secret_in(tmp_path: Path, setting: str) -> None:
    """Whoever runs the kernel owns the file: be it root, as in containers, that is no admin."""
    (tmp_path / "ipynb-telemetry.toml").write_text(f"{setting}\ncourse = 'Biology'\n", "utf-8")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up()
        student.cell(f"value = {SECRET!r}\nprint(value)")
        assert student.reply["status"] == "ok"
    assert SECRET not in json.dumps(written(tmp_path))
    run = runs(written(tmp_path))[-1]
    assert (run["code"], run["redacted"]) == ("value = '\u2039secret\u203a'\nprint(value)", 2)


@pytest.mark.parametrize(
    ("text", "owner", "account", "keeps"),
    [
        ("keep_secrets = true", 0, 1000, True),
        ("keep_secrets = true", 1000, 1000, None),
        ("keep_secrets = true", 0, 0, None),
        ("keep_secrets = false", 1000, 1000, False),
        ("keep_secrets = 'true'", 0, 1000, False),
        ("kep_secrets = true", 0, 1000, False),
        ("course = 'Biology'", 0, 1000, None),
    ],
)
def test_only_an_administrator_s_file_lets_secrets_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, owner: int, account: int, keeps: Any
) -> None:
    path = tmp_path / "ipynb-telemetry.toml"
    found = SimpleNamespace(st_uid=owner)
    monkeypatch.setattr("os.getuid", lambda: account, raising=False)
    monkeypatch.setattr("os.stat", lambda _: found)
    course = _read_toml(text, ())
    rules = _course_rules(course, str(path), _misspelt(course))
    monkeypatch.undo()
    assert rules["keepSecrets"] is keeps
