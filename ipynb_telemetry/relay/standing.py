"""When naming a destination corrects another one: the rule, without any IO."""

from __future__ import annotations

from typing import NamedTuple


class Standing(NamedTuple):
    """What is known of a destination.

    Attributes:
        id: the higher, the later it was first named.
        took_until: the highest id there was when it last took events; None: it never has.
        is_refusing: whether its latest answer was 401 or 403.
        settled_at: when its latest attempt ended, in seconds since 1970; 0: none has ended yet.
        failures: of its latest attempts in a row; a batch to be halved is none.
        problem: of that attempt, or None.
    """

    id: int
    took_until: int | None
    is_refusing: bool
    settled_at: float
    failures: int
    problem: str | None

    @property
    def is_wrong(self) -> bool:
        """Whether it refuses, or has failed and never taken an event."""
        return self.is_refusing or (self.failures > 0 and self.took_until is None)

    @property
    def is_right(self) -> bool:
        """Whether it has taken events, and does not refuse."""
        return self.took_until is not None and not self.is_refusing


def corrects(named: Standing, other: Standing) -> bool:
    """Tell whether what is kept for `other` goes to the one that was named last instead.

    Only what is kept for a wrong destination does, and never to a wrong one. So an old page that
    names a wrong destination again takes nothing back, and two wrong ones exchange nothing. What
    is kept for one that has taken events, and is out of reach or pauses, stays with it.

    The named one corrects the wrong one in three cases.

    - It is new: it was first named after the wrong one last took events, if it ever did. A wrong
      key or host is corrected like this, and one that was revoked is renewed. Two projects that
      have both taken events since they know of each other never get each other's.
    - It is right, and the wrong one refuses and has never taken anything: a slip is taken back.
    - It is right, and the wrong one has failed since that last took events, and before that was
      known already. So it is not the network, which keeps both from their events. An event that it
      does not want says nothing against the place: that has to have a problem.

    Nothing goes to and fro: to get events back, the wrong one must take some itself. Then it is
    right, and the other one is not new to it any more.
    """
    if not other.is_wrong or named.is_wrong:
        return False
    if named.id > (other.took_until or other.id):
        return True
    if other.took_until is not None or named.took_until is None:
        return False
    works_without = (
        named.problem is None
        and other.problem is not None
        and named.took_until >= other.id
        and named.settled_at < other.settled_at
    )
    return other.is_refusing or works_without
