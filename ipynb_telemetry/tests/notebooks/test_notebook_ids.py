# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Which notebook ids will do: the page, the command line and the kernel have to agree."""

from __future__ import annotations

import os
import sys
import types

import pytest

from ipynb_telemetry import bootstrap
from ipynb_telemetry.notebooks.flag import refuse_notebook_id

from ..support.samples import read_samples, refusals

# `flag.spec.ts` gives the same to the page.
SAMPLES = read_samples("notebook_ids")
CASES = [(each, None) for each in SAMPLES["accepted"]] + refusals(SAMPLES)


def heard_of_page(notebook_id: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a kernel takes a page at its word that says so."""
    monkeypatch.setitem(sys.modules, "_ipynb_telemetry", types.ModuleType("_ipynb_telemetry"))
    state = bootstrap._state()
    state.comms["page"] = {"comm": None, "pid": os.getpid(), "session": "1", "tracked": False}
    data = {"notebook": notebook_id, "student": {"id": "ANN_LEE", "name": "ANN-LEE"}}
    message = {"header": {"date": None}, "content": {"data": data}}
    bootstrap._on_message("page", message)
    return state.notebook == notebook_id


@pytest.mark.parametrize(("notebook_id", "words"), CASES, ids=[ascii(c[0])[:40] for c in CASES])
def test_all_sides_take_and_refuse_the_same(
    notebook_id: str, words: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refuse_notebook_id(notebook_id) == words
    assert bootstrap._refuse_id(notebook_id) == words
    assert heard_of_page(notebook_id, monkeypatch) == (words is None)
