# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Codes of the people who work in this account's kernels; as in src/identity/personcode.ts.

A code says which sessions at a class collector are a person's: with it they see and erase what
is stored of them. A collector is told the code's hash, the verifier. A person whom a page told of
has the page's code, of which a kernel knows the verifier alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import suppress
from typing import Any

from .account import _APPEND, _folder
from .shared import _state

_CODES = "codes.jsonl"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE = re.compile(f"[{_ALPHABET}]{{16}}")
_VERIFIER = re.compile("[0-9a-f]{64}")


def _make_code() -> str:
    """A code: 80 random bits, five a character."""
    return "".join(_ALPHABET[byte & 31] for byte in os.urandom(16))


def _hash_for(purpose: str, code: str) -> str:
    return hashlib.sha256(f"ipynb-telemetry {purpose} {code}".encode()).hexdigest()


def _known(student: str) -> dict[str, Any]:
    """Give the entry that this account last kept of a student: a code, or a page's verifier."""
    found = [each for each in _all_known() if each.get("distinct_id") == student]
    return found[-1] if found else {}


def _all_known() -> list[dict[str, Any]]:
    """Give the entries of all students, oldest first, without lines that nobody can read."""
    found: list[dict[str, Any]] = []
    with suppress(OSError), open(os.path.join(_folder(makes=False), _CODES), "rb") as file:
        for line in file:
            with suppress(ValueError, RecursionError):
                read = json.loads(line)
                if isinstance(read, dict) and (
                    _CODE.fullmatch(str(read.get("code", "")))
                    or _VERIFIER.fullmatch(str(read.get("verifier", "")))
                ):
                    found.append(read)
    return found + _state().codes


def _keep_code(student: str, **known: str) -> None:
    """Keep what is known of a student; where that cannot be written, this process remembers."""
    kept = {"distinct_id": student, **known}
    try:
        file = os.open(os.path.join(_folder(), _CODES), _APPEND, 0o600)
        try:
            os.write(file, (json.dumps(kept) + "\n").encode())
        finally:
            os.close(file)
    except OSError:
        _state().codes.append(kept)


def _keep_made(student: str) -> None:
    """Keep for the account the code that was made of a name, now that there is an answer."""
    state = _state()
    made = [each for each in state.codes if each["distinct_id"] == student and "name" in each]
    if made:
        state.codes = [each for each in state.codes if each not in made]
        _keep_code(student, code=made[-1]["code"], name=made[-1]["name"])


def _meet(student: str) -> None:
    """Have a code for a student who is recorded from now on, unless a page has one."""
    told = _state().persons.get(student)
    known = _known(student)
    if told and known.get("verifier") != told:
        _keep_code(student, verifier=told)
    elif not told and not known:
        _keep_code(student, code=_make_code())


def _verifier_for(student: str) -> str:
    """The hash by which a collector knows whose a student's sessions are; "": nobody's."""
    known = _known(student)
    return str(known.get("verifier", "")) or (known and _hash_for("person", known["code"])) or ""


def _code_words(student: str | None, is_at_class: bool) -> str:
    """Give the answer to a student who asks for the code."""
    known = _known(student) if student else {}
    if not student or not known:
        return "there is no code yet: nothing is recorded for a class's collector"
    if "code" not in known:
        return "your page has your code: Your records, See everything"
    code = "-".join(re.findall("....", known["code"]))
    words = f"your code is {code}. Keep it to yourself: whoever has it can see and erase your "
    words += "records at your class's collector. In a page of the course, enter it under Your "
    words += "records, See everything, I work on another device, too"
    return words if is_at_class else f"{words}. Your records of now are not there"
