# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""How far a text is searched for secrets."""

from __future__ import annotations

# Places of a text that each search looks at closely, which takes microseconds. Texts of events, of
# which 20,000 characters are read, have fewer; one that has more is made to delay the lesson.
_MOST_PLACES = 1_500


class _Extent:
    """The part of a text that is searched; all behind it goes, as if it was a secret."""

    def __init__(self, text: str) -> None:
        self.end = len(text)
        self._left = 0

    def begin(self) -> None:
        """Have the next search begin."""
        self._left = _MOST_PLACES

    def has(self, place: int) -> bool:
        """Whether a place is to be looked at; asked for one after the other."""
        if self._left <= 0:
            self.end = min(self.end, place)
        self._left -= 1
        return place < self.end
