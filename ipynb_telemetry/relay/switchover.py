"""From one destination to another, but not while the settings are being edited: the rule."""

from __future__ import annotations

from ..settings.destination import Destination
from ..settings.inforce import InForce

# As long as the front end waits (`src/runtime/switchover.ts`).
SETTLE_S = 5


class Switchover:
    """Follows the settings once they have been left alone.

    The Settings Editor saves each keystroke, and PostHog answers 200 to half a key: what waits
    would be gone for good. So another destination than the present one counts when this process
    has seen it unchanged for `SETTLE_S`. The time of the file would not do, since the clock of a
    network drive may be behind. Until then nothing is sent, to the former destination neither.

    Only the first look goes by the time of the file: a server that was just started is not to make
    its first event wait.
    """

    def __init__(self, known: Destination | None) -> None:
        """Begin.

        Args:
            known: where the store's events went before this process; it counts at once.
        """
        self._present = InForce(known)
        self._next: InForce | None = None
        self._seen_at = 0.0
        self._is_first = True

    @property
    def in_force(self) -> InForce | None:
        """Where to send; None: nowhere while the settings are being edited."""
        return self._present if self._next is None else None

    def follow(self, read: InForce, now: float, wall_clock: float) -> None:
        """Take notice of what the settings say.

        Args:
            read: what they say.
            now: a time in seconds that never goes back.
            wall_clock: in seconds since 1970.
        """
        is_old = read.saved_at is None or wall_clock - read.saved_at >= SETTLE_S
        if read != self._next:
            self._next, self._seen_at = read, now
        if (
            read[:2] == self._present[:2]
            or (self._is_first and is_old)
            or now - self._seen_at >= SETTLE_S
        ):
            self._present, self._next = read, None
        self._is_first = False
