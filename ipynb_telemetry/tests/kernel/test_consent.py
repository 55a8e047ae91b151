# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Consent in real kernels that no page of ours stands in front of: nothing is recorded unasked."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest

from ..support.fakeposthog import ACCEPTED, FakePostHog
from .directkernel import ANN, asked, environment, files, kernel, names, running, written

QUESTION = "May this be recorded? Type yes or no: "


def consents(folder: Path) -> list[dict[str, Any]]:
    return [e["properties"] for e in written(folder) if e["event"].startswith("consent_")]


def test_where_nobody_can_be_asked_nothing_is_recorded_unless_the_call_says_yes(
    tmp_path: Path,
) -> None:
    with kernel(tmp_path) as student:
        student.stdin = False
        assert "nothing is recorded: nobody can be asked here" in student.set_up()
        assert student.reply["status"] == "ok"
        student.cell("print('unseen')", "unseen")
        assert student.value("STUDENT_ID") is None
        assert not files(tmp_path).exists()
        assert "nothing is recorded, as the call says" in student.set_up(f"{ANN}, consent='no'")
        assert "on for ANN-LEE in D1" in student.set_up(f"{ANN}, consent='yes'")
        student.cell("'seen'", "seen")
        # Who has agreed in this process is not asked for it again.
        assert "on for ANN-LEE in D2" in student.set_up(ANN, "D2")
    assert names(written(tmp_path))[:2] == ["session_started", "consent_given"]
    (given,) = consents(tmp_path)
    assert (given["destination"], given["mode"]) == ("this computer", "informed")
    assert set(given["captured"]) >= {"cell_executed", "code", "output", "test_failed"}
    assert len(given["notice_hash"]) == 64
    assert str(tmp_path) not in json.dumps(written(tmp_path))
    assert not (files(tmp_path) / "consent.jsonl").exists()


def test_a_wish_that_is_neither_yes_nor_no_is_an_error(tmp_path: Path) -> None:
    with kernel(tmp_path) as student:
        student.stdin = False
        student.set_up(f"{ANN}, consent=True")
        assert student.reply["ename"] == "ValueError"
        assert 'consent has to be "yes" or "no"' in student.reply["evalue"]


def test_whose_name_is_given_is_asked_and_the_answer_is_remembered(tmp_path: Path) -> None:
    with kernel(tmp_path) as student:
        prompts, shown = asked(student, ANN, "perhaps", "No")
        assert prompts == [QUESTION, QUESTION]
        assert shown.startswith("Your course records what you do in this notebook: ")
        assert "nothing is tracked, as you chose" in shown
        student.cell("'unseen'", "unseen")
        # The notebook's author does not answer for a student who can be asked.
        prompts, shown = asked(student, f"{ANN}, consent='yes'", "yes")
        assert prompts == [QUESTION]
        assert "on for ANN-LEE in D1" in shown
    path = files(tmp_path) / "consent.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with kernel(tmp_path) as student:
        assert asked(student, ANN)[0] == []
        assert "on for ANN-LEE in D1" in student.shown()
        prompts, _ = asked(student, "student_name='Bob Ray'", "no")
        assert prompts == [QUESTION]
    events = written(tmp_path)
    assert names(events).count("consent_given") == 1
    assert "unseen" not in json.dumps(events)
    assert {e["distinct_id"] for e in events} == {"ANN_LEE"}


def test_another_notice_destination_or_wider_recording_asks_again(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    course = tmp_path / "ipynb-telemetry.toml"
    course.write_text("course = 'physics'\ncapture_output = false\n", "utf-8")
    with kernel(tmp_path) as student:
        assert asked(student, ANN, "yes")[0] == [QUESTION]
        assert asked(student, ANN)[0] == []
        course.write_text("course = 'physics'\n", "utf-8")
        prompts, shown = asked(student, ANN, "yes")
        assert prompts == [QUESTION]
        assert "with their code and output" in shown
        course.write_text("course = 'physics'\n[notice]\ncontact = 'the dean'\n", "utf-8")
        prompts, shown = asked(student, ANN, "yes")
        assert prompts == [QUESTION]
        assert "Questions go to: the dean" in shown
        prompts, _ = asked(student, f"{ANN}, host={posthog.host!r}, api_key='phc_other'", "no")
        assert prompts == [QUESTION]
    assert [c["course"] for c in consents(tmp_path)] == ["physics"] * 3
    first, second, third = (set(c["captured"]) for c in consents(tmp_path))
    assert (second - first, third) == ({"output"}, second)
    assert posthog.requests == []


def test_a_folders_fingerprint_is_salted_and_older_answers_hold(tmp_path: Path) -> None:
    with kernel(tmp_path) as student:
        assert asked(student, ANN, "yes")[0] == [QUESTION]
    (given,) = consents(tmp_path)
    bare = hashlib.sha256(json.dumps(["course", os.path.realpath(tmp_path)]).encode())
    old = bare.hexdigest()[:16]
    assert re.fullmatch("[0-9a-f]{16}", given["course"])
    assert given["course"] != old
    assert stat.S_IMODE((files(tmp_path) / "salt").stat().st_mode) == 0o600
    # As an older version wrote it down, on a machine that has no salt yet.
    path = files(tmp_path) / "consent.jsonl"
    answer = json.loads(path.read_text("utf-8"))
    assert answer.pop("is_salted") is True
    for salt in ((files(tmp_path) / "salt").read_text("utf-8"), None):
        path.write_text(json.dumps({**answer, "course": old}) + "\n", "utf-8")
        if salt is None:
            (files(tmp_path) / "salt").unlink()
        with kernel(tmp_path) as student:
            assert asked(student, ANN)[0] == []
            assert "on for ANN-LEE in D1" in student.shown()
            student.cell("telemetry_withdraw()")
    salt = (files(tmp_path) / "salt").read_text("utf-8")
    salted = hashlib.sha256(json.dumps(["course", salt, old]).encode()).hexdigest()[:16]
    assert salted not in (old, given["course"])
    assert consents(tmp_path)[-1]["course"] == salted


def test_opt_in_asks_first_and_remembers_no(tmp_path: Path) -> None:
    (tmp_path / "ipynb-telemetry.toml").write_text("consent = 'opt-in'\n", "utf-8")
    with kernel(tmp_path) as student:
        assert asked(student, "", "no")[0] == [QUESTION]
    with kernel(tmp_path) as student:
        prompts, shown = asked(student, "")
        assert prompts == []
        assert "nothing is recorded, as you chose" in shown
        prompts, shown = asked(student, "consent='yes'", "yes", "Ann", "Lee")
        assert prompts == [QUESTION, "First name: ", "Last name: "]
        assert "on for ANN-LEE in D1" in shown
    assert [c["mode"] for c in consents(tmp_path)] == ["opt-in"]


def test_who_consents_by_policy_reads_whose_policy_that_is(tmp_path: Path) -> None:
    text = "consent = 'required'\n[notice]\npolicy = 'Ask the dean.'\n"
    (tmp_path / "ipynb-telemetry.toml").write_text(text, "utf-8")
    with kernel(tmp_path) as student:
        assert "Your course requires it. Ask the dean." in asked(student, "", "cancel")[1]
        assert "nothing is tracked, as you chose" in student.shown()
    assert not (files(tmp_path) / "events.jsonl").exists()


def test_a_refusal_is_told_only_where_there_was_consent(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    course = tmp_path / "ipynb-telemetry.toml"
    with kernel(tmp_path, posthog.host) as student:
        asked(student, ANN, "no")
        asked(student, ANN, "yes")
        course.write_text("privacy_notice = 'Another.'\n", "utf-8")
        asked(student, ANN, "no")
        posthog.wait_until(lambda: "consent_declined" in names(posthog.accepted))
    told = [name for name in names(posthog.accepted) if name.startswith("consent_")]
    assert told == ["consent_given", "consent_declined"]
    given, declined = (e["properties"] for e in posthog.accepted if "notice_hash" in str(e))
    assert given["notice_hash"] != declined["notice_hash"]


def test_consent_is_taken_back_and_what_waits_is_never_sent(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    posthog.answer = lambda document: (503, {"Retry-After": "0"}, b"later")
    with kernel(tmp_path, posthog.host) as student:
        asked(student, ANN, "yes")
        student.cell("'waits'", "waits")
        student.cell("telemetry_withdraw()", "withdrawing")
        assert "consent is withdrawn, nothing more is recorded" in student.shown()
        student.cell("'after'", "after")
        posthog.answer = lambda document: ACCEPTED
        posthog.wait_until(lambda: "consent_withdrawn" in names(posthog.accepted))
        prompts, _ = asked(student, ANN, "no")
        assert prompts == [QUESTION]
    cells = {e["properties"].get("cell_id") for e in posthog.accepted}
    assert not cells & {"waits", "after", "withdrawing"}
    lines = (files(tmp_path) / "consent.jsonl").read_text("utf-8").splitlines()
    kept = [json.loads(line) for line in lines]
    assert [each["answer"] for each in kept] == ["yes", "withdrawn"]


@pytest.mark.parametrize("who", ["student", "page"])
def test_withdrawing_where_nothing_is_recorded_says_so(tmp_path: Path, who: str) -> None:
    with kernel(tmp_path) as student:
        student.stdin = False
        student.load()
        if who == "page":
            student.open()
        student.cell("telemetry_withdraw()")
        words = "stop it there" if who == "page" else "nothing is recorded here"
        assert words in student.shown()


COURSE = """\
capture_code = false
capture_output = false
secret_patterns = 'EXAM-[A-Z0-9]{4,6}'

[events]
test_passed = false
"""


@pytest.mark.parametrize("reader", ["tomllib", "own"])
def test_the_settings_of_the_course_file_bind_the_kernel(tmp_path: Path, reader: str) -> None:
    (tmp_path / "ipynb-telemetry.toml").write_text(COURSE, "utf-8")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        if reader == "own":
            student.cell("import sys; sys.modules['tomllib'] = sys.modules['tomli'] = None")
        student.set_up()
        student.cell("@tracked_test('t')\ndef test(): pass\ntest()\nprint('shown')\n1 / 0", "run")
        student.cell("_telemetry_capture('quiz', {'text': 'EXAM-AB12'})", "quiz")
    events = written(tmp_path)
    assert "test_passed" not in names(events)
    (run,) = (e["properties"] for e in events if e["properties"].get("cell_id") == "run")
    assert not {"code", "output"} & run.keys()
    assert run["error"] == {"name": "ZeroDivisionError", "value": "", "traceback": ""}
    assert "shown" not in json.dumps(events)
    assert [e["properties"]["text"] for e in events if e["event"] == "quiz"] == [
        "\u2039secret\u203a"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("events = 'blur'", "nothing is recorded until the settings can be read"),
        ("captureOutput = true", "has no setting captureOutput"),
    ],
)
def test_settings_that_are_written_wrongly_are_told_of(
    tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "ipynb-telemetry.toml").write_text(text, "utf-8")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        assert words in student.set_up()
        student.cell("print('shown')", "run")
    path = files(tmp_path) / "events.jsonl"
    assert "shown\\n" not in (path.read_text("utf-8") if path.exists() else "")


@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_course_file_that_others_may_write_does_not_count(tmp_path: Path, place: str) -> None:
    course = tmp_path / "course"
    course.mkdir()
    path = course / "ipynb-telemetry.toml"
    path.write_text("api_key = 'phc_course'\nhost = 'http://127.0.0.1:9'", "utf-8")
    (path if place == "file" else course).chmod(0o777)
    with running(environment(tmp_path), cwd=str(course)) as student:
        student.stdin = False
        line = student.set_up()
        assert "does not count, since others may write it or own it" in line
        assert "events stay in" in line
