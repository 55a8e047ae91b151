"""What `collect` says to an instructor."""

import re
from pathlib import Path

import pytest

from ipynb_telemetry.classcollector.options import Options
from ipynb_telemetry.classcollector.place import Outside
from ipynb_telemetry.classcollector.serving import Started
from ipynb_telemetry.cli.commands import collect
from ipynb_telemetry.cli.report import Report

OPTIONS = Options(
    class_name="cs1",
    database=Path("/srv/course/cs1.sqlite3"),
    ip="127.0.0.1",
    port=8443,
    certificate=None,
    key=None,
    outside=Outside(None, "/"),
    is_behind_proxy=False,
    student_rate=1,
    address_rate=1,
)
SHOWN = Started(
    url="http://127.0.0.1:8443",
    fingerprint="",
    class_key="tcw_4f0c7e2b9a6d1835c4b2a7f09e61d3c8",
    new_instructor_key="tcr_0b9d5e7731fa4c28b6d40e92a85c17f3",
)


def said(capsys: pytest.CaptureFixture[str], started: Started) -> str:
    collect.telling(OPTIONS, Report("collect", is_json=False))(started)
    return capsys.readouterr().out


def test_the_output_is_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    command, _, output = collect.OUTPUT.partition("\n")
    assert command.startswith("$ jupyter telemetry collect --class cs1")
    assert said(capsys, SHOWN) == output


def test_a_key_that_was_told_is_not_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    again = said(capsys, SHOWN._replace(new_instructor_key=""))
    assert "tcr_" not in again
    assert "--new-instructor-key" in again


def test_who_has_a_certificate_of_their_own_is_told_what_it_means(
    capsys: pytest.CaptureFixture[str],
) -> None:
    digest = "ab" * 32
    own = SHOWN._replace(url="https://192.168.1.20:8443", fingerprint=digest)
    words = said(capsys, own)
    assert f'join "https://192.168.1.20:8443#cs1.{SHOWN.class_key}.{digest}"' in words
    assert re.search(r"JupyterLite\s+cannot send here", words)
    assert re.search(r"Colab, VS Code\), with that as certificate:\s+host ", words)
