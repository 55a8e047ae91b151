"""Events as they are stored where the sender is known: under the sender's name, and no other."""

from __future__ import annotations

from typing import Any

# Wherever an event of ours, or of a client of PostHog, may say who did it.
_CLAIMS = ("distinct_id", "$distinct_id", "$user_id", "$anon_distinct_id")
# By which PostHog takes two people for one: events that are forwarded there must not say it.
_JOINING = ("$create_alias", "$merge_dangerously")


def stamp(document: Any, student: str) -> None:
    """Put a name in place of what the events of a body say.

    Args:
        document: the body, which is changed; what is no event stays, to be refused later.
        student: who sends.
    """
    events = document
    if isinstance(document, dict):
        events = document.get("batch", [document])
    for event in events if isinstance(events, list) else ():
        if not isinstance(event, dict):
            continue
        event["distinct_id"] = student
        properties = event.get("properties")
        if isinstance(properties, dict):
            for claim in _CLAIMS:
                properties.pop(claim, None)
            if event.get("event") in _JOINING:
                properties.pop("alias", None)
            properties["student_id"] = student
