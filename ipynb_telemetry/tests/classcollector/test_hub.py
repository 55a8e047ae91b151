"""A real JupyterHub with what `hub-config` prints: two courses, and who may do what in them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.tests.support.hub import Browser, Hub, Reply
from ipynb_telemetry.tests.support.port import free_ports

BASE = "/school/"
GROUPS = {
    "nbgrader-cs1": ["ann.lee", "bob"],
    "formgrade-cs1": ["tess"],
    # Who teaches one course is a student in another.
    "nbgrader-cs2": ["cy", "tess"],
    "formgrade-cs2": ["una"],
}
SERVERS = ("bob", "tess", "cy", "sam")  # sam is in no course
CS1, CS2 = "/services/telemetry-cs1", "/services/telemetry-cs2"
READ = "custom:telemetry-cs1:read"


class ClassHub:
    """The hub, and what a test needs of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.tokens = folder / "tokens"
        self.hub = Hub(folder, BASE, self._configuration)

    def _configuration(self, address: str) -> str:
        printed = subprocess.run(
            [
                *(sys.executable, "-m", "ipynb_telemetry", "hub-config"),
                *("--course", "cs1", "--course", "cs2", "--hub-url", address),
                *("--folder", str(self._folder / "telemetry")),
                *("--port", str(consecutive_ports(2)), "--retention-days", "120"),
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        self.tokens.mkdir()
        return (
            f"c.JupyterHub.load_groups = {GROUPS!r}\n"
            "c.JupyterHub.allow_named_servers = True\n"
            "c.Authenticator.admin_users = {'root'}\n"
            f"{printed}"
            # As whatever runs in a kernel has it.
            "def keep(spawner):\n"
            f"    name = '{self.tokens}/' + spawner.user.name + '+' + spawner.name\n"
            "    open(name, 'w').write(spawner.api_token)\n"
            "    return ''\n"
            "c.Spawner.environment.update({'KEPT': keep})\n"
            # The hub's answers count for a second, so that the test need not wait a minute.
            "for service in c.JupyterHub.services:\n"
            "    if service['name'].startswith('telemetry-'):\n"
            "        service['command'] = [sys.executable, '-c', HASTY, *service['command'][3:]]\n"
        ).replace("HASTY", repr(HASTY))

    def token(self, user: str, server: str = "") -> str:
        """Give the token of a server."""
        return (self.tokens / f"{user}+{server}").read_text()

    def send(self, token: str | None, events: list[Any], service: str = CS1) -> Reply:
        """Send events to a collector, as a relay does."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"token {token}"
        body = json.dumps({"api_key": "any", "batch": events})
        return self.hub.send("POST", f"{service}/batch/", body, headers)

    def browser(self, user: str) -> Browser:
        """Give the browser of somebody who is signed in at the hub."""
        return Browser(self.hub.address, user)


HASTY = """
import sys
from ipynb_telemetry.classcollector import hubdoor
hubdoor.CACHE_S = 1
from ipynb_telemetry.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def consecutive_ports(count: int) -> int:
    """Give the first of so many free ports in a row."""
    while True:
        (first,) = free_ports(1)
        try:
            free_ports(count, first)
        except OSError:
            continue
        return first


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClassHub]:
    classes = ClassHub(tmp_path_factory.mktemp("hub"))
    hub = classes.hub
    try:
        hub.answers()
        for user in (*SERVERS, "una"):
            # Users in a group are there already.
            assert hub.send("POST", f"/hub/api/users/{user}", who="owner").status in (201, 409)
        for user in SERVERS:
            hub.spawn(user)
            hub.wait((classes.tokens / f"{user}+").exists)
        hub.start_server("tess", "cs2")
        hub.start_server("ann.lee")
        yield classes
    finally:
        hub.stop()


def event(number: int, student: str, **more: Any) -> dict[str, Any]:
    return {
        "uuid": f"018f0000-0000-7000-8000-{number:012}",
        "event": "tried",
        "distinct_id": student,
        "timestamp": "2026-03-01T10:00:00.000Z",
        "properties": {"student_id": student, "notebook": "D1", **more},
    }


def seen_by(browser: Browser, path: str, service: str = CS1) -> Any:
    """Ask as the class view does."""
    service = service.strip("/")
    xsrf = browser.cookies(f"{BASE}{service}/").get("_xsrf", "")
    headers = {"X-XSRFToken": xsrf, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
    return browser.open(f"{service}/ipynb-telemetry/{path}", headers=headers)


def instructor(classes: ClassHub, user: str = "tess", service: str = CS1) -> Browser:
    """Give the browser of an instructor who has opened the class."""
    browser = classes.browser(user)
    page = browser.open(f"{service.strip('/')}/")
    assert (page.status, b"<title>Class View</title>" in page.body) == (200, True)
    return browser


def stored(classes: ClassHub, user: str = "tess", service: str = CS1) -> dict[str, Any]:
    """Give the events of a course by uuid."""
    answer = seen_by(instructor(classes, user, service), "api/events?limit=1000", service)
    assert answer.status == 200
    return {each["uuid"]: each for each in json.loads(answer.body)["events"]}


def test_the_hubs_log_says_that_accounts_are_kept(classes: ClassHub) -> None:
    said = "Events are kept by account, also where identity is pseudonym."
    classes.hub.wait(lambda: classes.hub.log().count(said) == len(("cs1", "cs2")))


def test_a_students_server_sends_and_its_account_is_who_did_it(classes: ClassHub) -> None:
    """The page claims to be somebody else; the relay's own token is what counts."""
    forged = event(1, "BOB", distinct_id="BOB")
    home = "/user/ann.lee/ipynb-telemetry/relay"
    body = json.dumps({"batch": [forged]})
    assert classes.hub.send("POST", f"{home}/batch/", body, {}, "owner").status == 200

    def is_sent() -> bool:
        status = json.loads(classes.hub.send("GET", f"{home}/status", who="owner").body)
        assert status["problem"] is None
        return status["waiting"] == 0 and status["last_contact"] is not None

    classes.hub.wait(is_sent)
    found = stored(classes)[forged["uuid"]]
    assert found["distinct_id"] == "ann.lee"
    assert found["properties"]["student_id"] == "ann.lee"
    assert "BOB" not in json.dumps(found)


def test_who_may_send(classes: ClassHub) -> None:
    sent = classes.send(classes.token("bob"), [event(2, "ANN_LEE")])
    assert (sent.status, sent.body) == (200, b'{"status": 1}')
    # Instructors try their own notebooks.
    assert classes.send(classes.token("tess"), [event(3, "tess")]).status == 200
    for token in (classes.token("sam"), classes.token("cy"), None, "guessed", "tcw_guessed"):
        assert classes.send(token, [event(4, "ann.lee")]).status == 403, token
    events = stored(classes)
    assert events[event(2, "")["uuid"]]["distinct_id"] == "bob"
    assert event(4, "")["uuid"] not in events


def test_whoever_may_send_is_told_what_is_offered_of_the_roster(classes: ClassHub) -> None:
    def ask(method: str, what: str, body: str, token: str | None) -> Reply:
        headers = {"Content-Type": "application/json"}
        headers.update({"Authorization": f"token {token}"} if token else {})
        path = f"{CS1}/ipynb-telemetry/roster/{what}"
        return classes.hub.send(method, path, body, headers)

    search = json.dumps({"typed": "ann", "identity": "name"})
    own = classes.token("bob")
    assert json.loads(ask("GET", "offer", "", own).body) == {"offer": "nothing"}
    assert json.loads(ask("POST", "find", search, own).body) == {"found": []}
    for token in (classes.token("sam"), classes.token("cy"), None, "guessed"):
        assert ask("GET", "offer", "", token).status == 403, token
        assert ask("POST", "find", search, token).status == 403, token


def test_whoever_may_send_is_told_how_long_events_are_kept(classes: ClassHub) -> None:
    def ask(token: str | None) -> Reply:
        headers = {"Authorization": f"token {token}"} if token else {}
        return classes.hub.send("GET", f"{CS1}/ipynb-telemetry/notice/retention", None, headers)

    assert json.loads(ask(classes.token("bob")).body) == {"retention_days": 120}
    for token in (classes.token("sam"), classes.token("cy"), None, "guessed"):
        assert ask(token).status == 403, token


def test_a_browser_does_not_send_by_its_cookie(classes: ClassHub) -> None:
    """Or a page of another user's server could send in an instructor's name."""
    cookies = instructor(classes).cookies(f"{BASE}{CS1.strip('/')}/")
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    headers["X-XSRFToken"] = cookies["_xsrf"]
    body = json.dumps({"batch": [event(5, "ann.lee")]})
    assert classes.hub.send("POST", f"{CS1}/batch/", body, headers).status == 403


def test_no_token_reads(classes: ClassHub) -> None:
    made = classes.browser("tess")
    own = make_token(made, "tess", READ, "access:services!service=telemetry-cs1")
    assert own.status == 201
    token = json.loads(own.body)["token"]
    for name, each in {
        "a student's server": classes.token("ann.lee"),
        "an instructor's server": classes.token("tess"),
        "an instructor's own": token,
    }.items():
        for path in ("class/overview", "api/events", "class/student?student=bob", "class/"):
            route = f"{CS1}/ipynb-telemetry/{path}"
            header = {"Authorization": f"token {each}"}
            assert classes.hub.send("GET", route, None, header).status == 403, (name, path)
            mark = "&" if "?" in path else "?"
            answer = classes.hub.send(
                "GET", f"{route}{mark}token={each}", None, {"Sec-Fetch-Mode": "websocket"}
            )
            # Such an address is nobody's, and leads to the login.
            assert answer.status in (302, 403), (name, path)
            assert b"bob" not in answer.body
        outline = json.dumps({"notebook": "D1", "cells": []})
        route = f"{CS1}/ipynb-telemetry/class/outline"
        header = {"Authorization": f"token {each}"}
        assert classes.hub.send("PUT", route, outline, header).status == 403


def test_a_student_gets_no_token_that_reads(classes: ClassHub) -> None:
    assert make_token(classes.browser("ann.lee"), "ann.lee", READ).status == 400


def make_token(browser: Browser, user: str, *scopes: str) -> Reply:
    """Ask the hub for a token, as its page of tokens does."""
    assert browser.open("hub/token").status == 200
    xsrf = browser.cookies(f"{BASE}hub/")["_xsrf"]
    return browser.open(
        f"hub/api/users/{user}/tokens",
        json_body={"scopes": [*scopes]},
        headers={"X-XSRFToken": xsrf},
    )


def test_an_instructor_reads_in_a_browser(classes: ClassHub) -> None:
    assert classes.send(classes.token("bob"), [event(6, "bob")]).status == 200
    browser = instructor(classes)
    answer = seen_by(browser, "class/overview")
    assert answer.status == 200
    assert "students" in json.loads(answer.body)["result"]
    # A page of somebody else's server, on the same origin, knows no XSRF token.
    forged = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
    path = f"{CS1.strip('/')}/ipynb-telemetry/class/overview"
    assert browser.open(path, headers=forged).status == 403


@pytest.mark.parametrize(
    ("user", "service"), [("ann.lee", CS1), ("sam", CS1), ("una", CS1), ("tess", CS2), ("cy", CS2)]
)
def test_nobody_else_does(classes: ClassHub, user: str, service: str) -> None:
    browser = classes.browser(user)
    page = browser.open(f"{service.strip('/')}/")
    assert page.status == 403
    assert b"Class View" not in page.body
    assert seen_by(browser, "class/overview", service).status == 403
    # Nor is the class in their menu.
    assert b"telemetry-" not in browser.open("hub/home").body or user in ("tess", "una")


def test_who_runs_the_hub_may_open_every_service_and_is_told_that_this_is_not_theirs(
    classes: ClassHub,
) -> None:
    browser = classes.browser("root")
    page = browser.open(f"{CS1.strip('/')}/")
    assert page.status == 403
    assert b"You are signed in as <strong>root</strong>" in page.body
    answer = seen_by(browser, "class/overview")
    assert (answer.status, b"root is no instructor" in answer.body) == (403, True)


def test_a_course_has_its_own_students_alone(classes: ClassHub) -> None:
    assert classes.send(classes.token("cy"), [event(7, "ann.lee")], CS2).status == 200
    assert classes.send(classes.token("ann.lee"), [event(8, "cy")], CS2).status == 403
    assert classes.send(classes.token("tess", "cs2"), [event(9, "x")], CS2).status == 200
    assert {each["distinct_id"] for each in stored(classes, "una", CS2).values()} == {"cy", "tess"}
    assert "cy" not in {each["distinct_id"] for each in stored(classes).values()}


def test_a_named_server_belongs_to_the_course_that_it_is_called_as(classes: ClassHub) -> None:
    home = "/user/tess/cs2/ipynb-telemetry/relay"
    body = json.dumps({"batch": [event(10, "TESS")]})
    assert classes.hub.send("POST", f"{home}/batch/", body, {}, "owner").status == 200
    uuid = event(10, "")["uuid"]
    classes.hub.wait(lambda: uuid in stored(classes, "una", CS2))
    assert uuid not in stored(classes)


def test_who_leaves_the_course_sends_and_reads_no_more(classes: ClassHub) -> None:
    browser = instructor(classes)
    token = classes.token("bob")
    assert classes.send(token, [event(11, "bob")]).status == 200
    for group, user in (("nbgrader-cs1", "bob"), ("formgrade-cs1", "tess")):
        body = json.dumps({"users": [user]})
        left = classes.hub.send("DELETE", f"/hub/api/groups/{group}/users", body, {}, "owner")
        assert left.status == 200
    try:
        classes.hub.wait(lambda: classes.send(token, [event(12, "bob")]).status == 403)
        classes.hub.wait(lambda: seen_by(browser, "class/overview").status == 403)
        assert browser.open(f"{CS1.strip('/')}/").status == 403
    finally:
        for group, user in (("nbgrader-cs1", "bob"), ("formgrade-cs1", "tess")):
            body = json.dumps({"users": [user]})
            classes.hub.send("POST", f"/hub/api/groups/{group}/users", body, {}, "owner")
    classes.hub.wait(lambda: seen_by(instructor(classes), "class/overview").status == 200)
    classes.hub.wait(lambda: classes.send(token, [event(13, "bob")]).status == 200)


def test_a_logout_at_the_hub_is_one_of_the_class_too(classes: ClassHub) -> None:
    browser = instructor(classes)
    browser.open("hub/logout")
    classes.hub.wait(lambda: seen_by(browser, "class/overview").status in (401, 403))


def test_a_server_that_is_stopped_leaves_a_token_that_is_worth_nothing(classes: ClassHub) -> None:
    classes.hub.start_server("bob", "spare")
    token = classes.token("bob", "spare")
    assert classes.send(token, [event(14, "bob")]).status == 200
    route = "/hub/api/users/bob/servers/spare"
    assert classes.hub.send("DELETE", route, who="owner").status in (202, 204)
    classes.hub.wait(lambda: classes.send(token, [event(15, "bob")]).status == 403)
