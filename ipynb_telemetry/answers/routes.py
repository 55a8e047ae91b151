"""The answers' routes: what a class did, for who may read it; and what an instructor says of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timezone
from sqlite3 import Connection
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..notebooks.outline import outline_of_cells
from ..store.database import transaction
from ..store.event import to_utc
from ..store.handler import TelemetryHandler
from ..store.reading import Snapshot
from .accesslog import Access, log_access
from .catalog import CLASS, give, rev_of
from .members import check_members, save_members
from .outlines import Exercise
from .outlinesaving import OutlineError, check_exercises, save_outline
from .question import Question
from .roster import RosterError
from .seen import SeenError, check_seen, save_seen
from .student import read_position

_MAX_TEXT = 200


class ClassHandler(TelemetryHandler):
    """What the routes of a class have in common."""

    @property
    def reader_name(self) -> str:
        """Who asks, by the name that Jupyter has."""
        return str(getattr(self.current_user, "username", "") or "somebody")

    def argument(self, name: str, read: Callable[[str], Any] = str) -> Any:
        """Read an argument of the address; None: it is not there."""
        text = self.get_query_argument(name, "", strip=False)
        try:
            return read(text) if text else None
        except ValueError as error:
            raise web.HTTPError(400, f"The argument {name!r} is not valid.") from error

    def question(self) -> Question:
        """Read what is asked about."""
        notebooks = self.get_query_arguments("notebook", strip=False)
        return Question(
            now_ms=_now_ms(),
            notebooks=tuple(dict.fromkeys(filter(None, notebooks))),
            group=self.argument("group") or "",
            since_ms=self.argument("since", _read_time),
            until_ms=self.argument("until", _read_time),
            is_simulated=self.argument("simulated") == "1",
            thresholds=self.collector.thresholds,
        )

    async def give(self, name: str, question: Question, **details: Any) -> None:
        """Answer off the event loop."""

        def read(snapshot: Snapshot) -> str:
            memory = self.collector.memory
            document = give(snapshot.connection, name, question, details, memory)
            if name == "overview":
                # Where events go is no matter of the store.
                goes_to = self.collector.server_settings.read().destination
                document["result"]["sends_to_posthog"] = goes_to is not None
            return json.dumps(document)

        self.set_header("Content-Type", "application/json")
        self.finish(await self.outcome(self.collector.reader.read(read)))

    async def write_down(self, work: Callable[[Connection], None]) -> None:
        """Change something in the store, in a transaction."""

        def write() -> None:
            def change(connection: Connection) -> None:
                with transaction(connection):
                    work(connection)

            self.collector.store.database.use(change)

        await self.off_loop(write)

    def body(self) -> dict[str, Any]:
        """Read the body, a JSON object."""
        try:
            document = json.loads(self.request.body)
        except (ValueError, RecursionError) as error:
            raise web.HTTPError(400, "The body is not valid JSON.") from error
        if not isinstance(document, dict):
            raise web.HTTPError(400, "The body is no JSON object.")
        return document


class AnswerHandler(ClassHandler):
    """Answers about the class."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        """Give the answer of that name, or 404."""
        if name not in CLASS:
            raise web.HTTPError(404, f"There is no answer of that name; there are {_NAMES}.")
        await self.give(name, self.question())


class StudentHandler(ClassHandler):
    """Answers about one student; each look at a page is written down."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Give a page of what a student did; nothing is given that could not be written down."""
        student = self.argument("student")
        if student is None:
            raise web.HTTPError(400, "The argument 'student' is missing.")
        question, before = self.question(), self.argument("before", read_position)
        access = Access(question.now_ms, self.reader_name, student, ", ".join(question.notebooks))
        await self.write_down(lambda connection: log_access(connection, access))
        await self.give("student", question, student=student, before=before)


class CellHandler(ClassHandler):
    """Answers about one cell, all students."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Give what came out of a cell, equal results together."""
        question = self.question()
        cell, exercise = self.argument("cell"), self.argument("exercise")
        if len(question.notebooks) != 1 or (cell is None) == (exercise is None):
            raise web.HTTPError(400, "Name one notebook, and a cell or an exercise of it.")
        (notebook,) = question.notebooks
        await self.give("cell", question, notebook=notebook, cell=cell, exercise=exercise)


class ChangesHandler(ClassHandler):
    """Says whether there is anything new."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer 204 while the store is in the state `since`, else the state that it is in."""
        since = self.argument("since", int)
        rev = await self.outcome(
            self.collector.reader.read(lambda snapshot: rev_of(snapshot.connection))
        )
        if rev == since:
            self.set_status(204)
            self.finish()
        else:
            self.finish({"rev": rev})


class SeenHandler(ClassHandler):
    """Takes marks of what an instructor has seen."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Set a mark; 400 where the body is none."""
        try:
            seen = check_seen(self.body(), self.reader_name, _now_ms())
        except SeenError as error:
            raise web.HTTPError(400, str(error)) from error
        await self.write_down(lambda connection: save_seen(connection, seen))
        self.finish({"status": 1})


class OutlineHandler(ClassHandler):
    """Takes the outline of a notebook, or the cells to read the outline from."""

    @web.authenticated
    @authorized
    async def put(self) -> None:
        """Store the exercises in the body, or those that its cells tell; 400 where there are none.

        The body has `notebook`, the id, and `exercises`, or else `cells` as they are in a notebook
        file, with the ids by which events name them.
        """
        body = self.body()
        notebook = body.get("notebook")
        if not isinstance(notebook, str) or not 0 < len(notebook) <= _MAX_TEXT:
            raise web.HTTPError(400, "The outline names no notebook.")
        try:
            exercises = self._exercises(body, notebook)
        except OutlineError as error:
            raise web.HTTPError(400, str(error)) from error
        await self.write_down(lambda connection: save_outline(connection, notebook, exercises))
        self.finish({"status": 1, "exercises": len(exercises)})

    def _exercises(self, body: dict[str, Any], notebook: str) -> list[Exercise]:
        if "cells" not in body:
            return check_exercises(body.get("exercises"), notebook)
        cells = body["cells"]
        if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
            raise OutlineError("The cells are no list of cells.")
        found = [asdict(exercise) for exercise in outline_of_cells(cells)]
        if not found:
            raise OutlineError(
                "The notebook has no exercises: neither tests nor code below a heading."
            )
        return check_exercises(found, notebook)


class RosterHandler(ClassHandler):
    """Takes the roster of a class."""

    @web.authenticated
    @authorized
    async def put(self) -> None:
        """Store the members in the body in place of those before; 400 where they are none."""
        try:
            members = check_members(self.body().get("members"))
        except RosterError as error:
            raise web.HTTPError(400, f"The roster {error}.") from error
        await self.write_down(lambda connection: save_members(connection, members))
        self.finish({"status": 1, "members": len(members)})


def _now_ms() -> int:
    return int(time.time() * 1000)


def _read_time(text: str) -> int:
    moment = datetime.fromisoformat(to_utc(text)[:-1]).replace(tzinfo=timezone.utc)
    return int(moment.timestamp() * 1000)


_NAMES = ", ".join(CLASS)
ROUTES = [
    (r"/ipynb-telemetry/class/student/?", StudentHandler),
    (r"/ipynb-telemetry/class/cell/?", CellHandler),
    (r"/ipynb-telemetry/class/changes/?", ChangesHandler),
    (r"/ipynb-telemetry/class/seen/?", SeenHandler),
    (r"/ipynb-telemetry/class/outline/?", OutlineHandler),
    (r"/ipynb-telemetry/class/roster/?", RosterHandler),
    (r"/ipynb-telemetry/class/([a-z]+)/?", AnswerHandler),
]
