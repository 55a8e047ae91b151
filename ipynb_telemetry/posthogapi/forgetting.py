"""Deleting a student from a project: the person, and all events."""

from __future__ import annotations

from typing import Any, NamedTuple

from .api import PostHogApi

_MAX_IDS = 200


class Person(NamedTuple):
    """Somebody whom PostHog knows.

    Attributes:
        uuid: PostHog's id.
        ids: all ids that PostHog takes for this person, the ones of events.
    """

    uuid: str
    ids: tuple[str, ...]


def people_of(api: PostHogApi, student: str) -> list[Person]:
    """Give whom PostHog knows by the id of a student: nobody, or one person.

    Raises:
        PostHogError: PostHog does not say.
    """
    found = api.request("GET", "persons/", params={"distinct_id": student})
    results: Any = found.get("results") if isinstance(found, dict) else None
    people = []
    for each in results or ():
        ids = tuple(str(one) for one in (each.get("distinct_ids") or ())[:_MAX_IDS])
        if student in ids:
            people.append(Person(str(each.get("uuid") or each.get("id")), ids))
    return people


def forget(api: PostHogApi, student: str) -> None:
    """Have PostHog delete a person with all events up to now. Events go in PostHog's own time.

    Raises:
        PostHogError: PostHog does not do it.
    """
    api.request(
        "POST",
        "persons/bulk_delete/",
        {"distinct_ids": [student], "delete_events": True, "delete_recordings": True},
    )
