"""notice: what students are told and asked, printed for the course page."""

from __future__ import annotations

import json

from ..support.commandline import CommandLine
from ..support.fakeposthog import FakePostHog
from ..support.lab import SCHEMA
from ..support.settingsfiles import install_front_end

PLUGIN_DEFAULT = json.loads(SCHEMA.read_text())["properties"]["privacyNotice"]["default"]


def test_prints_the_settings_in_force_as_markdown_html_and_json(telemetry: CommandLine) -> None:
    install_front_end(telemetry)
    written = telemetry(
        *("configure", "--no-capture-output", "--consent", "required", "--notice"),
        *("contact=Room <12>", "policy=Rule 7: ask room 3.", "link=https://example.org/p"),
    )
    assert written.status == 0, written.err
    text = telemetry("notice", "--retention-days", "90").out
    assert text.startswith(f"{PLUGIN_DEFAULT}\n\n- **Recorded:** ")
    for line in (
        "- **Where:** Your records stay on the Jupyter server.",
        "- **Deleted:** after 90 days, by the collector",
        "- **Questions:** Room <12>",
        "[More about this recording](https://example.org/p)",
        "A policy requires this recording.",
        "Rule 7: ask room 3.",
    ):
        assert line in text.splitlines()
    assert "their code" in text
    assert "their output" not in text

    page = telemetry("notice", "--html").out
    assert "  <dd>Room &lt;12&gt;</dd>" in page.splitlines()
    document = json.loads(telemetry("notice", "--json").out)
    assert (document["mode"], document["policy"]) == ("required", "Rule 7: ask room 3.")
    assert len(document["hash"]) == 64


def test_names_the_place_and_refuses_what_makes_no_notice(telemetry: CommandLine) -> None:
    install_front_end(telemetry)
    key = "phc_abcdefghijklmnop"
    telemetry("configure", "--project-key", key, "--host", "https://eu.i.posthog.com")
    text = telemetry("notice").out
    assert "Your records are sent to PostHog at https://eu.i.posthog.com." in text
    assert telemetry("notice", "--retention-days", "0").status == 2


CLASS_KEY = "tcw_0123456789abcdef0123456789abcdef"


def test_a_class_collector_is_asked_for_how_long_it_keeps_events(
    telemetry: CommandLine, posthog: FakePostHog
) -> None:
    install_front_end(telemetry)
    telemetry("configure", "--project-key", CLASS_KEY, "--host", posthog.host)
    posthog.document = {"retention_days": 30}
    before = telemetry("notice", "--json").document
    lines = {line["label"]: line["text"] for line in before["lines"]}
    assert lines["Deleted"] == "after 30 days, by the collector"
    (request,) = posthog.requests
    assert request.path == "/ipynb-telemetry/notice/retention"
    assert request.headers["Authorization"] == f"Bearer {CLASS_KEY}"
    # Who prints the notice may say the number, and is not contradicted.
    assert "after 90 days" in telemetry("notice", "--retention-days", "90").out
    assert len(posthog.requests) == 1
    # The last is an older collector's 405.
    for told in ({"retention_days": 0}, {"retention_days": "30"}, {"retention_days": True}, None):
        posthog.document = told
        after = telemetry("notice", "--json").document
        assert "Deleted" not in [line["label"] for line in after["lines"]]
        # The hash is of what people wrote: a consent holds, whatever a collector tells.
        assert after["hash"] == before["hash"]


def test_a_project_of_posthog_is_not_asked(telemetry: CommandLine, posthog: FakePostHog) -> None:
    install_front_end(telemetry)
    telemetry("configure", "--project-key", "phc_abcdefghijklmnop", "--host", posthog.host)
    assert telemetry("notice").status == 0
    assert posthog.requests == []
