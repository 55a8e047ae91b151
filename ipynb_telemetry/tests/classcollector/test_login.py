"""An instructor's login: a key in, a session out; wrong keys, ended sessions, forged requests."""

import asyncio
import re
from urllib.parse import urlencode

import pytest

from ipynb_telemetry.classcollector import keys, keytables
from ipynb_telemetry.classcollector.keyring import SESSION_MS
from ipynb_telemetry.collector.slowdown import FREE
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.tests.support.classserver import Browser, ClassServer, message_of

from .conftest import OpenClass

OVERVIEW = "ipynb-telemetry/class/overview"
PAGE = "ipynb-telemetry/class/"
WRONG = "tcr_0123456789abcdef0123456789abcdef"


async def test_the_root_leads_to_the_login_and_the_login_to_the_class(cs1: ClassServer) -> None:
    browser = cs1.browser()
    seen = [""]
    while (answer := await browser.fetch(seen[-1])).code == 302:
        seen.append(answer.headers["Location"].partition("?")[0].lstrip("/"))
    assert seen == ["", PAGE, "login"]
    assert b"Class cs1" in answer.body
    answer = await browser.log_in(cs1.instructor_key)
    assert (answer.code, answer.headers["Location"]) == (302, f"/{PAGE}")
    page = (await browser.fetch(PAGE)).body.decode()
    assert f"Class cs1: events come to this class collector, {cs1.url}." in page
    assert (await browser.fetch("login")).code == 302, "who is logged in needs no login"


@pytest.mark.parametrize("path", ["/cs1", "/cs1/"])
async def test_a_prefix_is_found_without_its_last_slash_too(
    open_class: OpenClass, path: str
) -> None:
    server = await open_class(path="/cs1/", url="https://telemetry.example.org/cs1")
    answer = await server.fetch(path)
    assert (answer.code, answer.headers["Location"]) == (302, f"/cs1/{PAGE}")


async def test_the_login_page_may_load_nothing(cs1: ClassServer) -> None:
    answer = await cs1.fetch("login")
    rules = dict(
        rule.strip().partition(" ")[::2]
        for rule in answer.headers["Content-Security-Policy"].split(";")
    )
    assert rules["default-src"] == rules["frame-ancestors"] == "'none'"
    assert "script-src" not in rules
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script" not in answer.body.decode()


@pytest.mark.parametrize(
    ("url", "is_secure"), [("", False), ("https://telemetry.example.org/cs1", True)]
)
async def test_the_cookies_are_for_this_collector_and_no_script(
    open_class: OpenClass, url: str, is_secure: bool
) -> None:
    server = await open_class(path="/cs1/", url=url)
    browser = await server.instructor()
    session = browser.cookies[f"ipynb-telemetry-session-{server.port}"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert session["path"] == "/cs1/"
    assert int(session["max-age"]) == SESSION_MS // 1000
    xsrf = browser.cookies["_xsrf"]
    assert not xsrf["httponly"], "the page sends it back"
    assert (xsrf["samesite"], xsrf["path"]) == ("Lax", "/cs1/")
    assert [bool(session["secure"]), bool(xsrf["secure"])] == [is_secure] * 2


async def test_a_forged_login_is_none(cs1: ClassServer) -> None:
    browser = cs1.browser()
    await browser.fetch("login")
    for form in ({}, {"_xsrf": "forged"}):
        body = urlencode({"key": cs1.instructor_key, **form})
        assert (await browser.fetch("login", "POST", body=body)).code == 403
    token = browser.cookies["_xsrf"].value
    body = urlencode({"key": cs1.instructor_key, "_xsrf": token})
    elsewhere = {"Origin": "https://evil.example"}
    assert (await browser.fetch("login", "POST", body=body, headers=elsewhere)).code in (403, 404)
    assert (await browser.fetch(OVERVIEW)).code == 403
    assert (await browser.fetch("login", "POST", body=body)).code == 302


async def test_behind_a_proxy_the_address_outside_is_the_pages_own(open_class: OpenClass) -> None:
    server = await open_class(
        path="/a.b/", url="https://telemetry.example.org/a.b", is_behind_proxy=True
    )
    assert (await server.fetch("/axb/login")).code == 404, "a prefix is no pattern"
    for origin in ("https://evil.example", "https://telemetry.example.org"):
        browser = server.browser()
        await browser.fetch("login")
        token = browser.cookies["_xsrf"].value
        body = urlencode({"key": server.instructor_key, "_xsrf": token})
        answer = await browser.fetch("login", "POST", body=body, headers={"Origin": origin})
        assert (answer.code == 302) == (origin in server.url), origin


async def test_a_session_ends_and_the_page_is_told_how_to_go_on(cs1: ClassServer) -> None:
    browser = await cs1.instructor()
    cs1.clock.seconds += SESSION_MS / 1000 - 1
    assert (await browser.fetch(OVERVIEW)).code == 200
    cs1.clock.seconds += 1
    answer = await browser.fetch(OVERVIEW)
    assert answer.code == 401
    assert message_of(answer) == "Your login has ended: reload the page to log in again."
    seen = {"student": "JOHN_DOE", "notebook": "D1", "signal": "S1"}
    answer = await browser.fetch(
        "ipynb-telemetry/class/seen", "POST", body=seen, headers=browser.xsrf
    )
    assert answer.code == 401
    assert (await browser.fetch(PAGE)).headers["Location"].startswith("/login")
    assert (await browser.log_in(cs1.instructor_key)).code == 302
    assert (await browser.fetch(OVERVIEW)).code == 200


async def test_who_logs_out_is_out_and_others_are_not(cs1: ClassServer) -> None:
    first, second = await cs1.instructor(), await cs1.instructor()
    name = f"ipynb-telemetry-session-{cs1.port}"
    stolen = first.cookies[name].value
    assert (await first.fetch("logout", "POST")).code == 403, "not without the page's token"
    assert (await first.fetch(OVERVIEW)).code == 200
    assert (await first.fetch("logout", "POST", headers=first.xsrf)).code == 302
    assert first.cookies[name].value == ""
    first.cookies[name] = stolen
    assert (await first.fetch(OVERVIEW)).code == 401, "the token is of no use any more"
    assert (await second.fetch(OVERVIEW)).code == 200


async def test_a_session_outlives_the_process_and_its_token_is_not_kept(
    open_class: OpenClass,
) -> None:
    before = await open_class()
    browser = await before.instructor()
    after = await open_class()
    later = after.browser()
    token = browser.cookies[f"ipynb-telemetry-session-{before.port}"].value
    later.cookies[f"ipynb-telemetry-session-{after.port}"] = token
    assert (await later.fetch(OVERVIEW)).code == 200
    kept = b"".join(file.read_bytes() for file in after.database.parent.iterdir())
    assert token.encode() not in kept
    assert before.instructor_key.encode() not in kept
    assert b"argon2" in kept


async def wrong(browser: Browser, times: int) -> list[int]:
    return [(await browser.log_in(WRONG)).code for _ in range(times)]


async def test_who_guesses_waits_ever_longer(cs1: ClassServer) -> None:
    browser = cs1.browser()
    assert await wrong(browser, FREE + 1) == [401] * (FREE + 1)
    for pause_s in (2, 4, 8):
        answer = await browser.log_in(cs1.instructor_key)
        assert answer.code == 429, "nor is a right key looked at"
        assert answer.headers["Retry-After"] == str(pause_s)
        assert f"Try again in {pause_s} seconds.".encode() in answer.body
        cs1.clock.seconds += pause_s
        assert await wrong(browser, 1) == [401]
    cs1.clock.seconds += 16
    assert (await browser.log_in(cs1.instructor_key)).code == 302
    assert await wrong(cs1.browser(), 2) == [401, 401], "the right key has begun anew"


async def test_guesses_sent_at_once_are_not_all_looked_at(
    cs1: ClassServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def look(key: str, kept: str) -> bool:
        looked.append(key)
        return False

    monkeypatch.setattr(keys, "is_instructor_key", look)
    browser = cs1.browser()
    page = (await browser.fetch("login")).body.decode()
    found = re.search(r'name="_xsrf" value="([^"]*)"', page)
    assert found is not None
    body = urlencode({"key": WRONG, "_xsrf": found[1]})
    await asyncio.gather(*(browser.fetch("login", "POST", body=body) for _ in range(20)))
    assert len(looked) <= FREE + 2


async def test_another_instructors_key_logs_everybody_out(cs1: ClassServer) -> None:
    browser = await cs1.instructor()
    key = keys.new_instructor_key()

    def change() -> None:
        def replace(connection: object) -> None:
            with transaction(connection):
                keytables.replace_instructor_key(connection, keys.hash_instructor_key(key))

        cs1.collector.store.database.use(replace)

    await cs1.collector.off_loop(change)
    await cs1.key_ring.look()
    assert (await browser.fetch(OVERVIEW)).code == 401
    assert (await browser.log_in(cs1.instructor_key)).code == 401
    assert (await browser.log_in(key)).code == 302
