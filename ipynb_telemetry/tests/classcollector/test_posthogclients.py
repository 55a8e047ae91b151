"""PostHog's clients, unchanged: they send to a class collector as to PostHog."""

import base64
import gzip
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import posthog
import pytest

from ipynb_telemetry.tests.support.classprocess import ClassProcess
from ipynb_telemetry.tests.support.classserver import ClassServer

TEXT = {"Content-Type": "text/plain"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PAGE = {"Origin": "https://notebooks.example", "Sec-Fetch-Site": "cross-site"}


def of_posthog_js(key: str, seq: int) -> dict[str, Any]:
    """Give an event in the form in which posthog-js queues one."""
    return {
        "uuid": f"0197c9a0-0000-7000-8000-{seq:012}",
        "event": "tried",
        "properties": {"token": key, "distinct_id": "JOHN_DOE", "$lib": "web", "seq": seq},
        "offset": 1200,
    }


def as_gzip(document: Any) -> tuple[str, dict[str, str], bytes]:
    return (
        "?compression=gzip-js&ip=0&ver=1.449.2",
        TEXT,
        gzip.compress(json.dumps(document).encode()),
    )


def as_base64(document: Any) -> tuple[str, dict[str, str], bytes]:
    data = quote(base64.b64encode(json.dumps(document).encode()))
    return "?compression=base64&ip=0", FORM, f"data={data}".encode()


def as_json(document: Any) -> tuple[str, dict[str, str], bytes]:
    return "?ip=0", {"Content-Type": "application/json"}, json.dumps(document).encode()


@pytest.mark.parametrize("path", ["e/", "i/v0/e/"])
@pytest.mark.parametrize("form", [as_gzip, as_base64, as_json])
async def test_every_form_in_which_posthog_js_sends_is_taken(
    cs1: ClassServer, form: Callable[..., Any], path: str
) -> None:
    key = cs1.class_key
    one = {**of_posthog_js(key, 1), "api_key": key}
    several = [of_posthog_js(key, 2), of_posthog_js(key, 3)]
    wrapped = {"api_key": key, "batch": [of_posthog_js(key, 4)], "sent_at": "2026-03-01T10:00:00Z"}
    for document in (one, several, wrapped):
        query, headers, body = form(document)
        answer = await cs1.fetch(f"{path}{query}", "POST", body=body, headers={**PAGE, **headers})
        assert answer.code == 200, answer.body
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    stored = await cs1.stored()
    assert [event["properties"]["seq"] for event in stored] == [1, 2, 3, 4]
    assert {event["distinct_id"] for event in stored} == {"JOHN_DOE"}
    assert key not in json.dumps(stored)
    query, headers, body = form([of_posthog_js("phc_other", 5)])
    answer = await cs1.fetch(f"{path}{query}", "POST", body=body, headers={**PAGE, **headers})
    assert answer.code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "*", "a page may read why"


async def test_nothing_of_a_browser_is_kept(cs1: ClassServer) -> None:
    told = {
        "$current_url": "https://notebooks.example/lab/tree/D1.ipynb?token=sesame",
        "$ip": "203.0.113.1",
        "$raw_user_agent": "Mozilla/5.0",
        "$set": {"email": "jane@school.example"},
        "$set_once": {"$initial_referrer": "https://mail.example/"},
        "$timezone": "Europe/Berlin",
        "gclid": None,
        "utm_source": "letter",
    }
    kept = {"$lib": "web", "$geoip_disable": True, "$process_person_profile": False, "seq": 1}
    bodies = [
        [{"event": "tried", "properties": {**told, **kept, "$distinct_id": "JOHN_DOE"}}],
        {"event": "tried", "distinct_id": "JOHN_DOE", "properties": {**told, **kept}},
        {"batch": [{"event": "tried", "distinct_id": "JOHN_DOE", "properties": {**told, **kept}}]},
    ]
    headers = {"Authorization": f"Bearer {cs1.class_key}"}
    for body in bodies:
        assert (await cs1.fetch("e/", "POST", body=body, headers=headers)).code == 200
    body = {"batch": [{"event": "tried", "distinct_id": "JOHN_DOE", "properties": {"$ip": None}}]}
    assert (await cs1.fetch("batch/", "POST", body=body, headers=headers)).code == 200
    stored = [event["properties"] for event in await cs1.stored()]
    claimed = {**kept, "$distinct_id": "JOHN_DOE"}
    assert stored == [claimed, kept, kept, {"$ip": None}]


async def test_the_title_of_a_page_is_not_kept_and_a_courses_own_is(cs1: ClassServer) -> None:
    names = ("$pageview", "tried")
    batch = [
        {"event": name, "distinct_id": "JOHN_DOE", "properties": {"title": "D1.ipynb", "seq": 1}}
        for name in names
    ]
    assert (await cs1.post(batch)).code == 200
    stored = {event["event"]: event["properties"] for event in await cs1.stored()}
    assert stored == {"$pageview": {"seq": 1}, "tried": {"title": "D1.ipynb", "seq": 1}}


async def test_what_posthog_js_asks_beside_is_answered(cs1: ClassServer) -> None:
    for path in ("flags/?v=2", "decide/?v=3"):
        answer = await cs1.fetch(path, "POST", body=b"x" * 40_000, headers=PAGE)
        told = json.loads(answer.body)
        assert (told["flags"], told["sessionRecording"]) == ({}, False)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    answer = await cs1.fetch(f"array/{cs1.class_key}/config", headers=PAGE)
    assert json.loads(answer.body)["surveys"] is False
    answer = await cs1.fetch(f"array/{cs1.class_key}/config.js", headers=PAGE)
    assert (answer.code, answer.body) == (200, b"")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    for path in ("static/1.449.2/recorder.js", "static/surveys.js?v=1.449.2"):
        answer = await cs1.fetch(path, headers=PAGE)
        assert (answer.code, answer.body) == (200, b"")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    for name in ("surveys", "early_access_features", "web_experiments", "product_tours"):
        told = json.loads((await cs1.fetch(f"api/{name}/?token=x", headers=PAGE)).body)
        assert {*map(str, told.values())} == {"[]"}
    for path in ("s/", "i/v1/logs?token=x", "i/v1/metrics"):
        answer = await cs1.fetch(path, "POST", body=b"x" * 40_000, headers=PAGE)
        assert (answer.code, json.loads(answer.body)) == (200, {})
    assert await cs1.stored() == []


@pytest.mark.parametrize("path", ["static/array.js", "static/array.full.js", "static/x/y/z.js"])
async def test_posthog_js_itself_is_not_here(cs1: ClassServer, path: str) -> None:
    """A page that looks for it is to hear that, and not to wait for nothing."""
    assert (await cs1.fetch(path, headers=PAGE)).code == 404


@pytest.mark.parametrize("path", ["batch/", "e/", "i/v0/e/", "flags/", "ipynb-telemetry/batch/"])
async def test_a_page_of_any_origin_may_send(cs1: ClassServer, path: str) -> None:
    asked = {
        **PAGE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-encoding,content-type",
        "Access-Control-Request-Private-Network": "true",
    }
    answer = await cs1.fetch(path, "OPTIONS", headers=asked)
    assert (answer.code, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"content-encoding", "content-type", "telemetry-sender"} <= {*allowed}
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_a_page_of_another_origin_reads_nothing(cs1: ClassServer) -> None:
    browser = await cs1.instructor()
    for path in ("ipynb-telemetry/class/overview", "ipynb-telemetry/api/events", "login"):
        for method in ("GET", "OPTIONS"):
            answer = await browser.fetch(path, method, headers=PAGE)
            assert "Access-Control-Allow-Origin" not in answer.headers, (path, method)
            assert "Access-Control-Allow-Credentials" not in answer.headers


def test_posthog_python_sends_to_a_class_collector(collect: Callable[..., ClassProcess]) -> None:
    process = collect()
    failed: list[Any] = []
    client = posthog.Posthog(
        process.class_key,
        host=process.url,
        gzip=True,
        on_error=lambda error, batch: failed.append(error),
    )
    for seq in range(250):
        client.capture("tried", distinct_id="JOHN_DOE", properties={"seq": seq})
    client.flush()
    assert client.get_all_flags("JOHN_DOE") == {}
    client.shutdown()
    assert failed == []
    seqs = sorted(event["seq"] for event in process.stored() if "seq" in event)
    assert seqs == [*range(250)]
    refused = posthog.Posthog(
        "tcw_wrong",
        host=process.url,
        max_retries=1,
        on_error=lambda error, batch: failed.append(error),
    )
    refused.capture("tried", distinct_id="JOHN_DOE", properties={"seq": 999})
    refused.shutdown()
    assert len(failed) == 1
    assert len(process.stored()) == len(seqs)
