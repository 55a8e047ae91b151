"""What PostHog's clients tell of a browser by themselves: no learning data, and not kept."""

from __future__ import annotations

from typing import Any

from .bodykeys import named_properties_in

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

_OF_ADDRESSES = frozenset(
    {
        *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"),
        *("gad_source", "mc_cid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "fbclid"),
        *("msclkid", "twclid", "li_fat_id", "igshid", "ttclid", "rdt_cid", "epik", "qclid"),
        *("sccid", "oppref", "bfcid", "irclid", "_kx"),
    }
)
"""The parameters of an advertisement that posthog-js reads out of a page's address."""
_OF_PAGES = frozenset({"title"})
"""The properties of a page that events of posthog-js have without its mark."""


def without_browser(document: Any) -> None:
    """Take out of a body's events what tells of a browser, a page or a person.

    Args:
        document: the body, which is changed.
    """
    for event, properties in named_properties_in(document):
        told = _OF_ADDRESSES | _OF_PAGES if event.startswith("$") else _OF_ADDRESSES
        for name in [*properties]:
            is_of_client = name.startswith("$") and name not in _KEPT
            if name == "$ip" and properties[name] is None:
                continue  # PostHog is to keep none
            if is_of_client or name in told:
                del properties[name]
