"""Whose the sessions are of a kernel that reports by itself, to a real class collector."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from ipynb_telemetry.tests.kernel.directkernel import (
    IMPORT,
    Student,
    environment,
    files,
    running,
    wait_for,
)
from ipynb_telemetry.tests.kernel.tabs import CALL, TOLD, Tab
from ipynb_telemetry.tests.support.classprocess import ClassProcess

Collect = Callable[..., ClassProcess]


def at(process: ClassProcess, folder: Path) -> dict[str, str]:
    """The environment of a kernel that sends to a collector."""
    env = environment(folder, process.url)
    return {**env, "IPYNB_TELEMETRY_API_KEY": process.class_key}


def ask(process: ClassProcess, what: str, code: str, body: Any = None) -> Any:
    """Ask a route of `me/`; gives the answer, or the status of a refusal."""
    headers = {"Authorization": f"Bearer {process.class_key}", "X-Telemetry-Code": code}
    content = None if body is None else json.dumps(body).encode()
    request = Request(f"{process.url}/ipynb-telemetry/me/{what}", content, headers)
    try:
        with urlopen(request) as answer:
            return json.load(answer)
    except HTTPError as error:
        return error.code


def code_of(student: Student) -> str:
    student.cell("telemetry_code()")
    (code,) = re.findall("[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", student.shown())
    return code.replace("-", "")


def count(process: ClassProcess, session: str | None = None) -> int:
    return len([e for e in process.stored() if session in (None, e["session_id"])])


def test_a_student_sees_and_erases_what_kernels_told_by_the_kernels_code(
    collect: Collect, tmp_path: Path
) -> None:
    process = collect()
    codes = []
    for cell in ("'first'", "'second'"):
        with running(at(process, tmp_path), cwd=str(tmp_path)) as student:
            student.stdin = False
            assert "telemetry_code() tells how to see" in student.set_up()
            student.cell(cell)
            codes.append(code_of(student))
    # The next kernel of the account has the same code, and nobody else may read it.
    assert codes[0] == codes[1]
    kept = files(tmp_path) / "codes.jsonl"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    seen = ask(process, "events", codes[0])["events"]
    assert len(seen) == count(process) > 4
    assert {"'first'", "'second'"} <= {e["properties"].get("code") for e in seen}
    assert {e["distinct_id"] for e in seen} == {"ANN_LEE"}
    assert ask(process, "events", "7K3QM0ZD9RXV2HTE") == 403
    assert codes[0] not in json.dumps(process.stored())

    # Another student of the account has another code, by which nothing of the first is shown.
    with running(at(process, tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up('skip_name_prompt=True, student_name="Bob Ray"')
        bobs = code_of(student)
    assert bobs != codes[0]
    assert {e["distinct_id"] for e in ask(process, "events", bobs)["events"]} == {"BOB_RAY"}

    receipt = ask(process, "forget", codes[0], {})
    assert (receipt["sessions"], receipt["events"]) == (2, len(seen))
    assert {e["distinct_id"] for e in ask(process, "events", bobs)["events"]} == {"BOB_RAY"}
    assert "ANN_LEE" not in json.dumps(process.stored())


def test_what_is_left_is_claimed_by_the_next_kernel(collect: Collect, tmp_path: Path) -> None:
    process = collect()
    process.end()
    with running(at(process, tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up()
        student.cell("'left'")
        code = code_of(student)
    resumed = collect("--port", process.url.rpartition(":")[2])
    with running(at(resumed, tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up()
        wait_for(lambda: count(resumed) > 2)
    seen = ask(resumed, "events", code)["events"]
    assert "'left'" in {e["properties"].get("code") for e in seen}
    assert len({e["properties"]["session_id"] for e in seen}) == 2


def test_a_kernel_that_goes_on_for_a_page_claims_for_the_pages_code(
    collect: Collect, tmp_path: Path
) -> None:
    process = collect()
    code = "7K3QM0ZD9RXV2HTE"
    person = hashlib.sha256(f"ipynb-telemetry person {code}".encode()).hexdigest()
    with running(at(process, tmp_path), cwd=str(tmp_path), student=Tab) as tab:
        tab.hears_call(CALL, "setup")
        place = re.sub("^https?://", "", process.url)
        settings = {"person": person, "destination": place}
        tab.answers_to(tab.say("page", {**TOLD, "version": 2, "settings": settings}))
        tab.close()
        tab.stdin = False
        tab.cell("'alone'")
        assert "the page has gone, on for" in tab.shown()
        tab.cell("telemetry_code()")
        assert "your page has your code" in tab.shown()
    seen = ask(process, "events", code)["events"]
    assert "'alone'" in {e["properties"].get("code") for e in seen}
    assert code not in (files(tmp_path) / "codes.jsonl").read_text("utf-8")


def test_to_a_posthog_nothing_is_claimed_and_no_code_is_made(tmp_path: Path) -> None:
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        assert "telemetry_code" not in student.set_up()
        student.cell(f"{IMPORT}telemetry_code()")
        assert "there is no code yet" in student.shown()
    assert not (files(tmp_path) / "codes.jsonl").exists()
