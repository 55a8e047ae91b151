# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events that wait, in files, without a kernel."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.bootstrap import _Spool

from .directkernel import KEY


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of spools that are made here, without a kernel."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data" / "ipynb-telemetry"


def an_event(**properties: Any) -> dict[str, Any]:
    event = {"uuid": "u", "event": "left", "distinct_id": "X", "timestamp": "2026-01-01T00:00:00Z"}
    return {**event, "properties": properties}


@pytest.mark.usefixtures("kept")
def test_an_event_may_hold_what_python_takes_for_the_end_of_a_line() -> None:
    event = an_event(text="\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e\r\n")
    spool = _Spool.create("http://127.0.0.1:9", KEY)
    spool.add([event])
    spool.close()
    adopted = _Spool.adopt(spool.path, "http://127.0.0.1:9", KEY)
    assert adopted.batch() == [event]
    adopted.close()


@pytest.mark.parametrize("broken", ["ipynb_telemetry.bootstrap._lock", "os.rename"])
def test_where_no_file_can_be_locked_none_is_left(
    kept: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(broken, fail)
    spool = _Spool.create("http://127.0.0.1:9", KEY)
    spool.add([an_event()])
    assert spool.batch() == [an_event()]
    spool.close()
    assert list(kept.iterdir()) == []


def test_a_spool_that_is_gone_already_is_closed_all_the_same(kept: Path) -> None:
    spool = _Spool.create("http://127.0.0.1:9", KEY)
    file = spool._file
    (path,) = kept.iterdir()
    path.unlink()
    spool.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)
