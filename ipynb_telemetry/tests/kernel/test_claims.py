# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""A kernel's claims of its sessions are made until a class collector takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ..support.fakeposthog import ACCEPTED, Answer, FakePostHog
from .directkernel import environment, names, running, spools, start, wait_for

AWAY: Answer = (503, {}, b"")
GONE: Answer = (404, {}, b"")


def at_class(folder: Path, posthog: FakePostHog) -> dict[str, str]:
    env = environment(folder, posthog.host)
    return {**env, "IPYNB_TELEMETRY_API_KEY": "tcw_0123456789abcdef0123456789abcdef"}


def claims(posthog: FakePostHog) -> list[dict[str, Any]]:
    return [each.document for each in posthog.requests if "verifier" in (each.document or {})]


def refuse_claims(posthog: FakePostHog, times: float, answer: Answer = AWAY) -> None:
    """Take events, and claims only after so many were refused."""

    def judge(document: Any) -> Answer:
        return answer if "verifier" in document and len(claims(posthog)) <= times else ACCEPTED

    posthog.answer = judge


def test_a_claim_that_fails_is_made_again_while_the_kernel_rests(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    refuse_claims(posthog, 2)
    with running(at_class(tmp_path, posthog), cwd=str(tmp_path)) as student:
        start(student)
        posthog.wait_until(lambda: len(claims(posthog)) == 3)
        first, *others = claims(posthog)
        assert others == [first, first]
        (session,) = first["sessions"]
        assert {event["properties"]["session_id"] for event in posthog.accepted} == {session}
        assert len({event["uuid"] for event in posthog.accepted}) == len(posthog.accepted)
        # Nothing more is to be claimed, and nothing is said again.
        student.cell("'after'")
        posthog.wait_until(lambda: "cell_executed" in names(posthog.accepted)[2:])
    assert len(claims(posthog)) == 3
    assert spools(tmp_path) == []


def test_the_next_kernel_makes_the_claim_that_a_kernel_could_not(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    refuse_claims(posthog, float("inf"))
    with running(at_class(tmp_path, posthog), cwd=str(tmp_path)) as student:
        start(student)
        posthog.wait_until(lambda: claims(posthog))
    first = claims(posthog)[0]
    (left,) = spools(tmp_path)
    assert "ANN" not in left.read_text("utf-8")
    posthog.requests.clear()
    refuse_claims(posthog, 0)
    with running(at_class(tmp_path, posthog), cwd=str(tmp_path)) as student:
        start(student)
        posthog.wait_until(lambda: first in claims(posthog))
        wait_for(lambda: left not in spools(tmp_path))
    assert spools(tmp_path) == []


@pytest.mark.parametrize("answer", [GONE, (403, {}, b"")])
def test_a_claim_that_is_never_taken_is_made_once(
    tmp_path: Path, posthog: FakePostHog, answer: Answer
) -> None:
    refuse_claims(posthog, float("inf"), answer)
    with running(at_class(tmp_path, posthog), cwd=str(tmp_path)) as student:
        start(student)
        posthog.wait_until(lambda: claims(posthog))
        student.cell("'after'")
    assert len(claims(posthog)) == 1
    assert spools(tmp_path) == []
