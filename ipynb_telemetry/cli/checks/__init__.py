"""What `doctor` looks at, a file for each part of the way from the student to the instructor."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Finding(NamedTuple):
    """What was seen.

    Attributes:
        state: `ok`; `note`, worth knowing; `bad`, events will not arrive.
        subject: what was looked at, in a word or two.
        text: what was seen.
        advice: what to do, a sentence.
    """

    state: Literal["ok", "note", "bad"]
    subject: str
    text: str
    advice: str | None = None
