"""What PostHog's clients tell of a browser by themselves: no learning data, and not kept."""

from __future__ import annotations

from typing import Any

from .bodykeys import properties_in

_KEPT = frozenset(
    {
        "$lib",
        "$lib_version",
        # Who sends; `stamping` and the check of events read them.
        "$distinct_id",
        "$user_id",
        "$anon_distinct_id",
        # Of a forwarded event PostHog is to look up no place, and to make no person.
        "$geoip_disable",
        "$process_person_profile",
    }
)
"""The properties with PostHog's mark that stay. Left out are addresses and paths of pages, the
network address, the browser, the screen, and what is told of a person."""


def without_browser(document: Any) -> None:
    """Take out of a body's events what tells of a browser, a page or a person.

    Args:
        document: the body, which is changed.
    """
    for properties in properties_in(document):
        for name in [each for each in properties if each.startswith("$") and each not in _KEPT]:
            if name != "$ip" or properties[name] is not None:  # null: PostHog is to keep none
                del properties[name]
