# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Results of pytest, told by bootstrap.py in a real kernel without a decorator."""

from __future__ import annotations

from pathlib import Path

import pytest

from .doctests import results
from .frontend import FrontEnd


@pytest.fixture
def page(course: FrontEnd) -> FrontEnd:
    return course


PYTEST = """
import ipytest, pytest
ipytest.clean()

class TestSum:
    def test_method(self):
        pass

@pytest.mark.parametrize("n", [1, 2])
def test_even(n):
    assert n % 2 == 0

@pytest.fixture
def broken():
    raise OSError("no file")

@pytest.fixture
def leaky():
    yield
    raise ValueError("not closed")

def test_setup(broken): pass
def test_teardown(leaky): pass
def test_skipped(): pytest.skip("later")

@pytest.mark.xfail
def test_expected(): assert False

@pytest.mark.xfail(strict=True)
def test_unexpected(): pass
"""


def test_each_test_that_pytest_runs_is_a_result(page: FrontEnd) -> None:
    told = page.run(PYTEST + "code = ipytest.run()")
    assert page.value("int(code)") == 1
    assert {message["source"] for message in told} == {"pytest"}
    assert [(m["event"], m["properties"]["test"]) for m in told] == [
        ("test_passed", "TestSum::test_method"),
        ("test_failed", "test_even[1]"),
        ("test_passed", "test_even[2]"),
        ("test_failed", "test_setup"),
        ("test_failed", "test_teardown"),
        ("test_failed", "test_unexpected"),
    ]
    errors = [m["properties"]["error"] for m in told]
    assert [error and error["name"] for error in errors] == [
        None,
        "AssertionError",
        None,
        "OSError",
        "ValueError",
        "Failed",
    ]
    assert errors[1]["traceback"].startswith("Traceback (most recent call last):\n  Cell In[")
    assert errors[1]["traceback"].splitlines()[2:-1] == ["    assert n % 2 == 0"]
    assert all(0 <= m["properties"]["duration_ms"] < 1000 for m in told)


def test_a_tracked_test_is_told_once_by_its_own_name(page: FrontEnd) -> None:
    code = """
    import ipytest, pytest
    ipytest.clean()

    @tracked_test("adds up")
    def test_add():
        assert 1 == 2

    @pytest.mark.parametrize("n", [1, 2])
    @tracked_test("counts")
    def test_count(n):
        pass

    class TestAsync:
        @tracked_test
        def test_method(self):
            pass

    @pytest.fixture
    def broken():
        raise OSError

    @tracked_test("never begun")
    def test_broken(broken):
        pass

    ipytest.run()
    """
    assert results(page, code) == [
        ("test_failed", "adds up"),
        ("test_passed", "counts"),
        ("test_passed", "counts"),
        ("test_passed", "test_method"),
        ("test_failed", "test_broken"),
    ]


def test_doctests_that_pytest_runs_are_told_once(page: FrontEnd, tmp_path: Path) -> None:
    (tmp_path / "maths.py").write_text(
        'def add(a, b):\n    """\n    >>> add(1, 2)\n    3\n    """\n    return a + b\n'
        'def zero():\n    """\n    >>> zero()\n    0\n    """\n    return 1\n'
        "import doctest\ndef test_inner():\n    doctest.run_docstring_examples(add, globals())\n"
    )
    args = ["-q", "--doctest-modules", "-p", "no:cacheprovider", str(tmp_path / "maths.py")]
    told = page.run(f"import pytest; pytest.main({args!r})")
    assert [(m["event"], m["properties"]["test"]) for m in told] == [
        ("test_passed", "add"),
        ("test_failed", "zero"),
        ("test_passed", "test_inner"),
    ]
    assert told[1]["properties"]["error"]["value"] == "expected 0, got 1"
    assert str(tmp_path) not in str(told)


def test_plugins_and_arguments_of_pytest_are_kept(page: FrontEnd) -> None:
    code = """
    import pytest
    heard = []
    class Plugin:
        def pytest_sessionfinish(self, exitstatus): heard.append(int(exitstatus))
    plugin = [Plugin()]
    codes = [
        int(pytest.main(["-q", "--co", "nowhere"], plugin)),
        int(pytest.main(["-q", "--co", "nowhere"], plugins=plugin)),
        int(pytest.main(args=["-q", "--co", "nowhere"], plugins=plugin)),
    ]
    print(codes, heard, len(plugin))
    """
    assert results(page, code) == []
    assert "[4, 4, 4] [4, 4, 4] 1" in "".join(c["text"] for c in page.contents("stream"))
    page.run("pytest.main(1, 2, 3)")
    assert page.reply["ename"] == "TypeError"
