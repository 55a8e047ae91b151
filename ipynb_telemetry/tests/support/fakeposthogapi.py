"""A PostHog with the private API of one project: its rules, its refusals, its limits.

As read in PostHog's source (posthog/api): dashboards, insights and variables of insights, and
persons to delete. Results of queries are not computed.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import fastjsonschema

PROJECT = 123
KEY = "phx_personal-key-of-an-instructor"
_SCHEMA = Path(__file__).parents[1] / "posthogapi" / "queryschema.json"
_IS_NODE = fastjsonschema.compile(json.loads(_SCHEMA.read_text("utf-8")))
_PLACEHOLDER = re.compile(r"\{variables\.(\w+)\}")
_LONGEST_NAME = 400


class RefusalError(Exception):
    """An answer other than 2xx."""

    def __init__(self, status: int, detail: str, attr: str | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.document = {"type": "validation_error", "detail": detail, "attr": attr}


class Request(NamedTuple):
    method: str
    path: str
    body: Any


class FakePostHogApi:
    """The project, and what a test sets of it.

    Attributes:
        scopes: of the key.
        keeps_tags: whether the organization pays for tags.
        faults: answers that come before any other, in turn: a status and headers; None breaks the
            connection off.
        requests: all that was asked.
    """

    def __init__(self, port: int) -> None:
        self.host = f"http://127.0.0.1:{port}"
        self.scopes = {"dashboard:write", "insight:write", "insight_variable:write", "person:write"}
        self.keeps_tags = True
        self.faults: list[tuple[int, dict[str, str]] | None] = []
        self.requests: list[Request] = []
        self.dashboards: dict[int, dict[str, Any]] = {}
        self.insights: dict[int, dict[str, Any]] = {}
        self.variables: dict[str, dict[str, Any]] = {}
        self.tiles: dict[int, dict[str, Any]] = {}
        self.people: list[dict[str, Any]] = []
        self.deleted: list[dict[str, Any]] = []
        self._numbers = iter(range(1, 1000))

    @property
    def writes(self) -> list[Request]:
        """What was asked to change something."""
        return [request for request in self.requests if request.method != "GET"]

    def answer(
        self, method: str, path: str, asked: dict[str, str], body: Any, key: str
    ) -> tuple[int, Any]:
        """Answer a request; the path begins behind /api/projects/."""
        if key != f"Bearer {KEY}":
            raise RefusalError(401, "Invalid personal API key.")
        project, _, rest = path.partition("/")
        if project != str(PROJECT):
            raise RefusalError(404, "Project not found.")
        kind, _, which = rest.strip("/").partition("/")
        routes: dict[str, tuple[str, Callable[..., Any]]] = {
            "dashboards": ("dashboard", self._dashboards),
            "insights": ("insight", self._insights),
            "insight_variables": ("insight_variable", self._variables),
            "persons": ("person", self._persons),
        }
        if kind not in routes:
            raise RefusalError(404, "Not found.")
        thing, route = routes[kind]
        scope = f"{thing}:{'read' if method == 'GET' else 'write'}"
        if not {scope, f"{thing}:write"} & self.scopes:
            raise RefusalError(403, f"API key missing required scope '{scope}'")
        given = route(method, which, asked, body)
        if method == "GET" and not which and "results" not in given:
            given = self._page(given, asked)
        return {"POST": 201, "DELETE": 204}.get(method, 200), given

    def _page(self, given: Any, asked: dict[str, str]) -> Any:
        items = [*given.values()]
        offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", 100))
        more = offset + limit < len(items)
        return {
            "count": len(items),
            "next": f"{self.host}/elsewhere?offset={offset + limit}" if more else None,
            "results": items[offset : offset + limit],
        }

    def _dashboards(self, method: str, which: str, _: Any, body: Any) -> Any:
        if method == "GET" and not which:
            return {n: each for n, each in self.dashboards.items() if not each["deleted"]}
        if method == "POST":
            number = next(self._numbers)
            told = {"name": "", "description": "", "tags": [], "filters": {}, **body}
            self.dashboards[number] = {"id": number, "deleted": False, **self._named(told)}
            return self.dashboards[number]
        dashboard = self.dashboards.get(int(which))
        if dashboard is None:
            raise RefusalError(404, "Not found.")
        if method == "PATCH":
            for told in body.pop("tiles", []):
                tile = self.tiles[told["id"]]
                assert tile["dashboard_id"] == dashboard["id"]
                tile["layouts"] = told["layouts"]
            dashboard.update(self._named(body))
        elif method != "GET":
            raise RefusalError(405, f'Method "{method}" not allowed.')
        tiles = [
            {**tile, "insight": self.insights.get(tile["insight"])}
            for tile in self.tiles.values()
            if tile["dashboard_id"] == dashboard["id"] and not tile["deleted"]
        ]
        return {**dashboard, "tiles": tiles}

    def _insights(self, method: str, which: str, asked: dict[str, str], body: Any) -> Any:
        if method == "GET":
            return {n: self._shown(each) for n, each in self._listed(asked).items()}
        if method == "POST":
            number = next(self._numbers)
            told = {"name": "", "description": "", "tags": [], "saved": False, **body}
            boards = told.pop("dashboards", [])
            self.insights[number] = {
                "id": number,
                "deleted": False,
                **self._named(self._queried(told)),
            }
            self._put(number, boards)
            return self._shown(self.insights[number])
        insight = self.insights.get(int(which))
        if insight is None or insight["deleted"]:
            raise RefusalError(404, "Not found.")
        if method != "PATCH":
            raise RefusalError(405, f'Method "{method}" not allowed.')
        boards = body.pop("dashboards", None)
        before = self._shown(insight)["dashboard_tiles"]
        insight.update(self._named(self._queried(body)))
        if insight["deleted"]:
            boards = []
        if boards is not None:
            self._put(insight["id"], boards)
        # PostHog does not see at once on which dashboards an insight now is.
        return {**self._shown(insight), "dashboard_tiles": before}

    def _listed(self, asked: dict[str, str]) -> dict[int, dict[str, Any]]:
        sought = asked.get("search", "").lower()

        def is_listed(insight: dict[str, Any]) -> bool:
            texts = (insight["name"], insight["description"], *insight["tags"])
            return not insight["deleted"] and any(sought in text.lower() for text in texts)

        return {n: each for n, each in self.insights.items() if is_listed(each)}

    def _shown(self, insight: dict[str, Any]) -> dict[str, Any]:
        tiles = [
            {"id": tile["id"], "dashboard_id": tile["dashboard_id"], "deleted": None}
            for tile in self.tiles.values()
            if tile["insight"] == insight["id"] and not tile["deleted"]
        ]
        # PostHog adds to what was sent.
        query = {**insight["query"], "version": 1}
        boards = [tile["dashboard_id"] for tile in tiles]
        return {**insight, "query": query, "dashboard_tiles": tiles, "dashboards": boards}

    def _put(self, insight: int, boards: list[int]) -> None:
        for board in boards:
            if board not in self.dashboards:
                raise RefusalError(
                    400, f'Invalid pk "{board}" - object does not exist.', "dashboards"
                )
        own = [tile for tile in self.tiles.values() if tile["insight"] == insight]
        for tile in own:
            tile["deleted"] = tile["dashboard_id"] not in boards
        for board in {*boards} - {tile["dashboard_id"] for tile in own}:
            number = next(self._numbers)
            self.tiles[number] = {
                "id": number,
                "dashboard_id": board,
                "insight": insight,
                "layouts": {},
                "deleted": False,
            }

    def _queried(self, body: dict[str, Any]) -> dict[str, Any]:
        if "query" not in body:
            return body
        try:
            _IS_NODE(body["query"])
        except fastjsonschema.JsonSchemaValueException as error:
            raise RefusalError(400, error.message, "query") from None
        source = body["query"]["source"]
        listed = {each["code_name"] for each in source["variables"].values()}
        known = {each["code_name"]: number for number, each in self.variables.items()}
        for name in _PLACEHOLDER.findall(source["query"]):
            if name not in listed:
                raise RefusalError(400, f"Variable {name} is missing from query", "query")
        for number, each in source["variables"].items():
            if known.get(each["code_name"]) != number or each["variableId"] != number:
                raise RefusalError(400, f"Variable {each['code_name']} does not exist", "query")
        return body

    def _named(self, body: dict[str, Any]) -> dict[str, Any]:
        if len(body.get("name") or "") > _LONGEST_NAME:
            raise RefusalError(400, "Ensure this field has no more than 400 characters.", "name")
        return body if self.keeps_tags or "tags" not in body else {**body, "tags": []}

    def _variables(self, method: str, which: str, _: Any, body: Any) -> Any:
        if method == "GET":
            return self.variables
        if method == "POST":
            kept = "".join(letter for letter in body["name"] if letter.isalnum() or letter == " ")
            code_name = kept.replace(" ", "_").lower()
            if any(each["code_name"] == code_name for each in self.variables.values()):
                raise RefusalError(400, "Variable with name already exists")
            if body["type"] not in ("String", "Number", "Boolean", "List", "Date"):
                raise RefusalError(400, f'"{body["type"]}" is not a valid choice.', "type")
            number = str(uuid.UUID(int=next(self._numbers)))
            self.variables[number] = {"id": number, "code_name": code_name, **body}
            return self.variables[number]
        assert method == "DELETE"
        return self.variables.pop(which) and None

    def _persons(self, method: str, which: str, asked: dict[str, str], body: Any) -> Any:
        if method == "GET":
            found = [p for p in self.people if asked["distinct_id"] in p["distinct_ids"]]
            return {"next": None, "results": found}
        assert which.strip("/") == "bulk_delete"
        if len(body["distinct_ids"]) > 1000:
            raise RefusalError(400, "You can only pass 1000 ids in one call")
        self.deleted.append(body)
        return None


@contextmanager
def fake_posthog_api() -> Iterator[FakePostHogApi]:
    """A PostHog on the loopback interface, in plain HTTP."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def take(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            url = urlsplit(self.path)
            path = url.path.removeprefix("/api/projects/")
            posthog.requests.append(
                Request(self.command, path.partition("/")[2], json.loads(json.dumps(body)))
            )
            if posthog.faults:
                fault = posthog.faults.pop(0)
                if fault is None:
                    self.close_connection = True
                    return
                status, headers = fault
                self._send(status, {"detail": "Request was throttled."}, headers)
                return
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            key = self.headers.get("Authorization", "")
            try:
                self._send(*posthog.answer(self.command, path, asked, body, key))
            except RefusalError as refusal:
                self._send(refusal.status, refusal.document)

        def _send(self, status: int, document: Any, headers: dict[str, str] | None = None) -> None:
            answer = b"" if document is None else json.dumps(document).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    for method in ("GET", "POST", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.take)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    posthog = FakePostHogApi(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield posthog
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
