# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The state that copies share, of whatever version, and reporters of another copy."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest

from ipynb_telemetry.kernel.direct import _direct
from ipynb_telemetry.kernel.handover import _handover
from ipynb_telemetry.kernel.shared import _State, _state

ANN = {"id": "ANN_LEE", "name": "ANN-LEE"}


def test_copies_see_what_the_others_set(copy: dict[str, Any]) -> None:
    _state().notebook = "D1"
    _state().warned.add("once")
    assert (copy["_state"]().notebook, copy["_state"]().warned) == ("D1", {"once"})
    copy["_state"]().student = ANN
    assert _state().student == ANN
    assert sys.modules["_ipynb_telemetry"].student == ANN


def test_the_state_of_an_older_copy_is_kept_and_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    older = types.ModuleType("_ipynb_telemetry")
    vars(older).update(comms={"page": {}}, notebook="D1", unknown_here=7)
    monkeypatch.setitem(sys.modules, "_ipynb_telemetry", older)
    state = _state()
    assert (state.comms, state.notebook, state.student) == ({"page": {}}, "D1", None)
    assert vars(older).keys() >= {*vars(_State()), "unknown_here"}
    state.comms["other"] = {}
    assert older.comms == {"page": {}, "other": {}}


def test_no_two_states_have_a_field_in_common() -> None:
    one, other = vars(_State()), vars(_State())
    shared = [n for n, value in one.items() if value is other[n] and isinstance(value, (dict, set))]
    assert shared == []


def test_a_reporter_of_another_copy_is_known_by_its_student(copy: dict[str, Any]) -> None:
    assert (_direct(None), _handover(None)) == (None, None)
    direct = copy["_Direct"](ANN, "D1", None)
    assert _direct(direct) is direct
    assert _handover(direct) is None
    handover = copy["_Handover"]()
    assert _handover(handover) is handover
    assert _direct(handover) is None
