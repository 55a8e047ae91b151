# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Kernels and pages that several modules test with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from ipynb_telemetry.kernel.shared import _STATE

from .directkernel import Student, environment, running
from .frontend import SOURCE, FrontEnd, a_page, running_kernel
from .tabs import CALL, Tab, cells, page_of


@pytest.fixture(autouse=True)
def own_state() -> Iterator[None]:
    """What parts share in a process: each test that uses them in this one begins anew."""
    before = sys.modules.pop(_STATE, None)
    yield
    sys.modules.pop(_STATE, None)
    if before is not None:
        sys.modules[_STATE] = before


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelManager]:
    with running_kernel(tmp_path_factory.mktemp("ipython")) as kernel:
        yield kernel


@pytest.fixture(scope="module")
def shared_page(kernel: KernelManager) -> Iterator[FrontEnd]:
    with a_page(kernel) as page:
        page.load()
        yield page


@pytest.fixture
def page(shared_page: FrontEnd) -> Iterator[FrontEnd]:
    """A page with its Comm open, in a kernel that the tests share."""
    shared_page.open()
    yield shared_page
    shared_page.close()
    # As if nothing was warned of, nor telemetry ever called for.
    shared_page.run(
        "import sys\nstate = sys.modules['_ipynb_telemetry']\n"
        "state.warned.clear(); state.destination = None\ndel state",
        silent=True,
    )


@pytest.fixture
def second_page(kernel: KernelManager, page: FrontEnd) -> Iterator[FrontEnd]:
    with a_page(kernel) as second:
        yield second


@pytest.fixture
def copy(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A copy in this process, where there is no kernel, with a state of its own."""
    monkeypatch.delitem(sys.modules, "_ipynb_telemetry", raising=False)
    copy: dict[str, Any] = {"__name__": "ipynb_telemetry.bootstrap"}
    exec(SOURCE, copy)
    copy["_state"]().is_set_up = True
    yield copy
    sys.modules.pop("_ipynb_telemetry", None)


@pytest.fixture
def student(tmp_path: Path) -> Iterator[Student]:
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        # No page answers here: the two seconds of waiting are tested by themselves.
        student.stdin = False
        yield student


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Tab]:
    """A page that a call handed over to."""
    with page_of(tmp_path, Tab) as tab:
        assert cells(tab.hears_call(CALL, "setup")) == ["setup"]
        yield tab


@pytest.fixture(scope="module")
def shared_course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontEnd]:
    """A kernel in a folder of its own, for tests that a library judges."""
    folder = str(tmp_path_factory.mktemp("course"))
    with running_kernel(tmp_path_factory.mktemp("ipython")) as kernel, a_page(kernel) as page:
        # pytest-jupyter, of this environment and our conftest.py, fails within a kernel.
        page.run("import os; os.environ['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'")
        page.run(f"os.chdir({folder!r})")
        page.load()
        yield page


@pytest.fixture
def course(shared_course: FrontEnd) -> Iterator[FrontEnd]:
    """A page with its Comm open and a student, in a kernel that the tests share."""
    shared_course.open()
    yield shared_course
    shared_course.run("sys.modules['_ipynb_telemetry'].sources_off.clear()\n%reset -f", silent=True)
    shared_course.run("import sys", silent=True)
    shared_course.close()
    shared_course.load()
