# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Where students go by codes a kernel takes a code, and no name leaves it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ipynb_telemetry import bootstrap

from ..support.fakeposthog import ACCEPTED, FakePostHog
from .directkernel import (
    ANN,
    IMPORT,
    environment,
    files,
    leave,
    names,
    running,
    runs,
    spools,
    start,
    waiting,
    written,
)
from .tabs import TOLD, Tab, cells

CODE, OTHER = "d14w-r9gp-ax34", "npxx-srx7-k42c"
WORDS = "You go by the code that you were handed, and your name is not recorded."
RUN = "print(STUDENT_NAME, STUDENT_ID)"


def course(folder: Path, identity: str = '"pseudonym"') -> None:
    (folder / "ipynb-telemetry.toml").write_text(f"identity = {identity}\n", "utf-8")


def test_a_kernel_asks_for_the_code_and_checks_it(tmp_path: Path) -> None:
    course(tmp_path)
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        message = student.send(f"{IMPORT}setup_telemetry('D1')\n{RUN}")
        prompts = student.answer("Ann Lee", "d14w-r9gp-ax43", " D14W r9gp-AX34 ")
        student.answers_to(message)
        said = student.shown()
    assert prompts == ["Code: "] * 3
    assert WORDS in said
    assert "Type cancel instead of a code" in said
    assert "A code has 12 characters" in said
    assert "A character of the code is wrong" in said
    assert f"on for {CODE} in D1" in said
    assert f"{CODE} {CODE}\n" in said
    assert {event["distinct_id"] for event in written(tmp_path)} == {CODE}


@pytest.mark.parametrize("identity", ['"pseudonym"', '"pseudonyms"', "true"])
def test_a_name_that_a_call_gives_is_refused_and_nothing_is_recorded(
    tmp_path: Path, identity: str
) -> None:
    course(tmp_path, identity)
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up(ANN)
        assert student.reply["ename"] == "ValueError"
        assert "Give the code that you were handed" in student.reply["evalue"]
        student.set_up("skip_name_prompt=True")
        assert "skip_name_prompt needs a code" in student.reply["evalue"]
        student.set_up("")
        assert "nobody can be asked for a code here" in student.reply["evalue"]
        assert not (files(tmp_path) / "events.jsonl").exists()
        assert f"on for {CODE} in D1" in student.set_up(f"student_name={CODE!r}")
        student.cell(RUN)
    told = json.dumps(written(tmp_path))
    assert f"{CODE} {CODE}" in told
    assert "ann" not in told.lower().replace("cannot", "")


def test_a_misspelt_setting_is_as_private_as_can_be(tmp_path: Path) -> None:
    (tmp_path / "ipynb-telemetry.toml").write_text('Identity = "prompt"\n', "utf-8")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up(ANN)
        assert "Give the code" in student.reply["evalue"]
    assert not (files(tmp_path) / "events.jsonl").exists()


@pytest.mark.parametrize("identity", ['"prompt"', '"jupyter-user"'])
def test_elsewhere_a_call_may_give_a_name_or_a_code(tmp_path: Path, identity: str) -> None:
    course(tmp_path, identity)
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        assert "on for ANN-LEE in D1" in student.set_up(ANN)
        assert f"on for {CODE} in D1" in student.set_up(f"student_name={CODE.upper()!r}")
        assert WORDS not in student.shown()


def test_a_session_under_a_name_ends_when_the_course_goes_by_codes(tmp_path: Path) -> None:
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up(ANN)
        student.cell("before = 1")
        course(tmp_path)
        student.set_up("")
        assert "nobody can be asked for a code here" in student.reply["evalue"]
        student.cell("between = 1")
        student.set_up(f"student_name={CODE!r}")
        student.cell("after = 1")
    codes: dict[str, list[str | None]] = {"ANN_LEE": [], CODE: []}
    for event in written(tmp_path):
        codes[event["distinct_id"]].append(event["properties"].get("code"))
    assert "before = 1" in codes["ANN_LEE"]
    assert "after = 1" in codes[CODE]
    assert "between = 1" not in codes["ANN_LEE"] + codes[CODE]


def tell(tab: Tab, student: str) -> None:
    """Tell of a student as a page does that shows the student the name."""
    told = {**TOLD, "version": 2, "student": {"id": student, "name": "Ann Lee"}}
    settings = {"identity": "pseudonym"}
    tab.answers_to(tab.say("page", {**told, "settings": settings}))


def test_a_page_that_shows_a_name_lets_no_cell_print_it(tab: Tab, tmp_path: Path) -> None:
    tell(tab, CODE)
    assert tab.value("(STUDENT_NAME, STUDENT_ID)") == (CODE, CODE)
    tab.close()
    tab.stdin = False
    tab.cell(RUN, "after")
    assert f"the page has gone, on for {CODE} in D1" in tab.shown()
    tab.manager.shutdown_kernel()
    recorded = written(tmp_path)
    assert cells(recorded) == ["after"]
    assert "Ann" not in json.dumps(recorded)
    assert {event["distinct_id"] for event in recorded} == {CODE}


def test_a_kernel_goes_on_under_no_name_when_the_page_has_gone(tab: Tab, tmp_path: Path) -> None:
    tell(tab, "ANN_LEE")
    tab.close()
    tab.stdin = False
    tab.cell("'after'", "after")
    assert "the page has gone, nothing is recorded under a name" in tab.shown()
    tab.manager.shutdown_kernel()
    assert not files(tmp_path).exists()


def test_what_is_sent_has_the_code_alone(tmp_path: Path, posthog: FakePostHog) -> None:
    course(tmp_path)
    with running(environment(tmp_path, posthog.host), cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up(f"student_name={OTHER.upper()!r}")
        student.cell(RUN)
    posthog.wait_until(lambda: "session_ended" in names(posthog.accepted))
    assert {event["distinct_id"] for event in posthog.accepted} == {OTHER}
    assert {event["properties"]["student_id"] for event in posthog.accepted} == {OTHER}


def test_a_code_is_one_only_as_events_have_it() -> None:
    assert bootstrap._is_code(CODE)
    for text in (CODE.upper(), CODE.replace("-", ""), f" {CODE}", CODE[:-1], "ANN_LEE", ""):
        assert not bootstrap._is_code(text)


def bodies(posthog: FakePostHog) -> str:
    """All that was sent, be it accepted or not."""
    return json.dumps([request.document for request in posthog.requests])


def test_what_a_kernel_left_under_a_name_waits_while_students_go_by_codes(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    left = leave(tmp_path, posthog.host)
    course(tmp_path)
    env = environment(tmp_path, posthog.host)
    with running(env, cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up(f"student_name={CODE!r}")
        student.cell(RUN)
        posthog.wait_until(lambda: "cell_executed" in names(posthog.accepted))
    assert "session_ended" in names(posthog.accepted)
    assert {event["distinct_id"] for event in posthog.accepted} == {CODE}
    assert "ANN_LEE" not in bodies(posthog)
    assert [event["distinct_id"] for event in waiting(left).values()] == ["ANN_LEE"]

    # The setting is taken back, and the events leave as they are.
    (tmp_path / "ipynb-telemetry.toml").unlink()
    with running(env, cwd=str(tmp_path)) as student:
        start(student)
        posthog.wait_until(lambda: "left" in names(posthog.accepted))
    assert spools(tmp_path) == []


def test_what_waits_under_a_name_stays_in_a_kernel_that_goes_on_by_a_code(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    posthog.answer = lambda _: (503, {}, b"")
    with running(environment(tmp_path, posthog.host), cwd=str(tmp_path)) as student:
        start(student)
        student.cell("before = 1")
        posthog.wait_until(lambda: len(posthog.requests) > 0)
        course(tmp_path)
        student.set_up(f"student_name={CODE!r}")
        posthog.requests.clear()
        posthog.answer = lambda _: ACCEPTED
        student.cell("after = 1")
        posthog.wait_until(lambda: "cell_executed" in names(posthog.accepted))
    assert {event["distinct_id"] for event in posthog.accepted} == {CODE}
    assert "ANN_LEE" not in bodies(posthog)
    (path,) = spools(tmp_path)
    kept = list(waiting(path).values())
    assert {event["distinct_id"] for event in kept} == {"ANN_LEE"}
    assert runs(kept)[-1]["code"] == "before = 1"
