# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Who the student is: the rules and words of src/identity/name.ts and src/notebook/flag.ts."""

from __future__ import annotations

import re
from typing import Any

from .request import _parent
from .shared import _MAX_LABEL


def _refuse_id(notebook_id: Any) -> str | None:
    if not isinstance(notebook_id, str) or not notebook_id.strip():
        return "it must not be empty"
    if len(notebook_id) > _MAX_LABEL:
        return f"it must have at most {_MAX_LABEL} characters"
    if re.search(r"[\x00-\x1f\x7f/\\]", notebook_id):
        return "it must not contain slashes or control characters"
    return "it must be valid text" if re.search(r"[\ud800-\udfff]", notebook_id) else None


def _refuse_name(name: str) -> str | None:
    if not name.strip():
        return "Both names are required"
    if not re.fullmatch(r"[A-Za-z\s-]*", name):
        return "English letters only"
    if len(re.sub(r"[\s-]", "", name)) < 2:
        return "At least two letters"
    return "At most 60 characters" if len(name) > 60 else None


def _student(first: str, last: str) -> dict[str, str]:
    names = [" ".join(name.split()).upper() for name in (first, last)]
    return {"id": "_".join(names), "name": "-".join(names)}


def _read_student(text: Any) -> dict[str, str]:
    """The student of "Ann Lee", "ANN-LEE" or "ANN_LEE"; else a ValueError in words."""
    text = text.strip() if isinstance(text, str) else ""
    parts = next((p for p in (text.split(mark) for mark in ("_", None, "-")) if len(p) > 1), [text])
    # "MARY ANN-LEE" is the STUDENT_NAME of Mary Ann Lee, and may be Mary Ann-Lee.
    is_either = "_" not in text and "-" in text and len(text.split()) > 1 and text.isupper()
    if len(parts) > 2 or is_either:
        raise ValueError('student_name: put _ between first and last name, as in "MARY ANN_LEE"')
    problem = _refuse_name(parts[0]) or _refuse_name(parts[1] if len(parts) == 2 else "")
    if problem:
        raise ValueError(f'student_name: {problem}. Give first and last name, as in "Ann Lee"')
    return _student(*parts)


def _ask_student(notice: str) -> dict[str, str] | None:
    """Ask up to three times; None where the student cancels, as in the dialog.

    ValueError when there is nobody to ask or no answer will do.
    """
    nobody = ValueError(
        "nobody can be asked for a name here. Give it: "
        'setup_telemetry("\u2026", skip_name_prompt=True, student_name="Ann Lee")'
    )
    if not _parent().get("content", {}).get("allow_stdin", True):
        raise nobody
    print(f"{notice}\nType cancel instead of a name, and nothing is recorded.")
    for _ in range(3):
        names: list[str] = []
        for prompt in ("First name: ", "Last name: "):
            try:
                names.append(input(prompt))
            except (EOFError, NotImplementedError):
                raise nobody from None
            if names[-1].strip().lower() == "cancel":
                return None
            problem = _refuse_name(names[-1])
            if problem:
                print(problem)
                break
        else:
            return _student(*names)
    raise ValueError(
        f"nothing is tracked, since no name was given that will do: {problem}. Run this cell again"
    )
