"""Where people read what is sent to a PostHog."""

from __future__ import annotations

import pytest

from ipynb_telemetry.settings.destination import Destination, read_host


@pytest.mark.parametrize(
    ("host", "pages"),
    [
        ("https://eu.i.posthog.com", "https://eu.posthog.com"),
        ("https://us.i.posthog.com", "https://us.posthog.com"),
        ("https://eu.posthog.com/project/1/settings", "https://eu.posthog.com"),
        ("https://posthog.school.example", "https://posthog.school.example"),
        ("https://posthog.school.example:8443/ingest", "https://posthog.school.example:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://eu.i.posthog.com.school.example", "https://eu.i.posthog.com.school.example"),
    ],
)
def test_pages_are_where_people_read_and_carry_no_key(host: str, pages: str) -> None:
    assert Destination(read_host(host), "phc_key").pages == pages
