"""A kernel that reports by itself, and a real class collector that made its certificate itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.notebook_cells import get_telemetry_setup_cell
from ipynb_telemetry.tests.kernel.directkernel import (
    environment,
    names,
    running,
    spools,
    wait_for,
    waiting,
)
from ipynb_telemetry.tests.support.classprocess import ClassProcess
from ipynb_telemetry.tests.support.selfsigned import SelfSigned

Collect = Callable[..., ClassProcess]
WRONG = "0" * 64


@pytest.fixture
def secure(collect: Collect, tmp_path: Path) -> tuple[ClassProcess, str]:
    """A collector, and the fingerprint of its certificate."""
    certificate = SelfSigned(tmp_path / "certificate")
    return collect(*certificate.options), certificate.fingerprint


def set_up(process: ClassProcess, certificate: str | None, name: str = "Ann Lee") -> str:
    """Give the code of the set-up cell as `enable --setup-cell --certificate` makes it."""
    cell = get_telemetry_setup_cell(
        "D1",
        host=process.url,
        api_key=process.class_key,
        certificate=certificate,
        student_name=name,
    )
    return str(cell["source"])


def codes(process: ClassProcess) -> list[Any]:
    return [each["code"] for each in process.stored() if "code" in each]


def test_a_kernel_sends_to_the_holder_of_the_certificate_and_to_nobody_else(
    secure: tuple[ClassProcess, str], tmp_path: Path
) -> None:
    process, fingerprint = secure
    with running(environment(tmp_path)) as student:
        student.cell(set_up(process, WRONG))
        student.cell("'before'")
        said = student.shown()

        def told() -> bool:
            nonlocal said
            student.cell("'waits'")
            said += student.shown()
            return "another certificate" in said

        wait_for(told)
        assert (
            f"ipynb-telemetry: {process.url} shows another certificate than the one that is trusted"
            " here. Nothing was sent, and events wait here until that is corrected\n"
        ) in said
        assert process.stored() == []
        student.cell(set_up(process, fingerprint))
        wait_for(lambda: "'before'" in codes(process))
        student.cell("'after'")
    wait_for(lambda: "'after'" in codes(process))
    assert codes(process).count("'before'") == 1
    assert spools(tmp_path) == []


def test_a_later_kernel_with_the_right_certificate_sends_what_was_left(
    secure: tuple[ClassProcess, str], tmp_path: Path
) -> None:
    process, fingerprint = secure
    with running(environment(tmp_path)) as student:
        student.cell(set_up(process, WRONG))
        student.cell("'before'")

        def is_refused() -> bool:
            (left,) = spools(tmp_path)
            return '{"unauthorized": true}' in left.read_text("utf-8")

        wait_for(is_refused)
    (left,) = spools(tmp_path)
    assert "cell_executed" in names(waiting(left).values())
    assert process.stored() == []
    with running(environment(tmp_path)) as student:
        student.cell(set_up(process, fingerprint))
        wait_for(lambda: "'before'" in codes(process))


def test_the_course_file_names_the_certificate(
    secure: tuple[ClassProcess, str], tmp_path: Path
) -> None:
    process, fingerprint = secure
    course = tmp_path / "course"
    course.mkdir()
    entries = {"host": process.url, "api_key": process.class_key, "certificate": fingerprint}
    lines = [f"{name} = {json.dumps(value)}" for name, value in entries.items()]
    (course / "ipynb-telemetry.toml").write_text("\n".join(lines), "utf-8")
    with running(environment(tmp_path), cwd=str(course)) as student:
        student.cell("from ipynb_telemetry.bootstrap import setup_telemetry")
        student.cell("setup_telemetry('D1', student_name='Ann Lee')")
        assert f"events go to {process.url}. telemetry_code() tells" in student.shown()
        student.cell("'from a course'")
    wait_for(lambda: "'from a course'" in codes(process))


def test_a_kernel_that_was_told_of_no_certificate_sends_nothing(
    secure: tuple[ClassProcess, str], tmp_path: Path
) -> None:
    process, _ = secure
    with running(environment(tmp_path)) as student:
        student.cell(set_up(process, None))

        def told() -> bool:
            student.cell("'waits'")
            return "is not trusted here. Events wait until it is" in student.shown()

        wait_for(told)
    assert process.stored() == []
