# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Which notebook ids will do: the rule of src/notebook/flag.ts."""

from __future__ import annotations

import re
from typing import Any

from .shared import _MAX_LABEL, _WHITE


def _refuse_id(notebook_id: Any) -> str | None:
    """Tell why a text will not do as a notebook id, or None when it will."""
    if not isinstance(notebook_id, str) or not notebook_id.strip(_WHITE):
        return "must not be empty"
    if len(notebook_id) > _MAX_LABEL:
        return f"must have at most {_MAX_LABEL} characters"
    if re.search(r"[\x00-\x1f\x7f/\\]", notebook_id):
        return "must not contain slashes or control characters"
    # The name of a file may hold bytes that are no text.
    return "must be valid text" if re.search(r"[\ud800-\udfff]", notebook_id) else None
