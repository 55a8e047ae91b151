"""The routes by which an instructor says something of a class: seen, outline, roster, people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from sqlite3 import Connection
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..collector.body import BodyError
from ..collector.bodyhandler import BodyHandler, refused
from ..notebooks.outline import outline_of_cells
from ..store.aliases import AliasError
from ..store.loggedhandler import now_ms
from .classhandler import ClassHandler
from .members import check_count, check_members, check_offer, save_members, save_offer
from .outlines import Exercise
from .outlinesaving import OutlineError, check_exercises, save_outline
from .people import check_statement, say
from .roster import RosterError, parse_roster
from .seen import SeenError, check_seen, save_seen

_MAX_TEXT = 200

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


def _instructors_only(method: F) -> F:
    """Let those in who may read a class and write.

    Whoever sends events may write, which is each student: that alone must not let anybody say who
    is staff.
    """
    for action in ("write", "read"):
        authorize: Any = authorized(action)
        method = authorize(method)
    return method


class StatementHandler(BodyHandler, ClassHandler):
    """Takes a statement of an instructor about a class."""

    async def take(self, read: Callable[[dict[str, Any]], T]) -> T:
        """Read the body, a JSON object, off the event loop.

        Args:
            read: makes of the object what it says. Its errors are answered by 400.
        """

        def work() -> T:
            document = self.read_document()
            if not isinstance(document, dict):
                raise BodyError("The body is no JSON object.")
            return read(document)

        return await self.judged(work)

    async def judged(self, work: Callable[[], T]) -> T:
        """Make of the body what it says, off the event loop; errors are answered by 400."""
        self.check_size()
        try:
            return await asyncio.to_thread(work)
        except BodyError as error:
            raise refused(error) from error
        except (AliasError, OutlineError, SeenError) as error:
            raise web.HTTPError(400, str(error)) from error
        except RosterError as error:
            raise web.HTTPError(400, f"The roster {error}.") from error


class SeenHandler(StatementHandler):
    """Takes marks of what an instructor has seen."""

    @web.authenticated
    @_instructors_only
    async def post(self) -> None:
        """Set a mark; 400 where the body is none."""
        seen = await self.take(lambda body: check_seen(body, self.reader_name, now_ms()))
        await self.write_down(lambda connection: save_seen(connection, seen))
        self.finish({"status": 1})


class OutlineHandler(StatementHandler):
    """Takes the outline of a notebook, or the cells to read the outline from."""

    @web.authenticated
    @_instructors_only
    async def put(self) -> None:
        """Store the exercises in the body, or those that its cells tell; 400 where there are none.

        The body has `notebook`, the id, and `exercises`, or else `cells` as they are in a notebook
        file, with the ids by which events name them.
        """
        notebook, exercises = await self.take(_outline)
        await self.write_down(lambda connection: save_outline(connection, notebook, exercises))
        self.finish({"status": 1, "exercises": len(exercises)})


class RosterHandler(StatementHandler):
    """Takes the roster of a class."""

    @web.authenticated
    @_instructors_only
    async def put(self) -> None:
        """Store the members in the body in place of those before; 400 where they are none.

        The body is a CSV file, as its media type says, or else JSON with a list of `members`. An
        `offer`, in JSON or as an argument, says what students are offered of the roster.
        """
        if self.request.headers.get("Content-Type", "").partition(";")[0].strip() == "text/csv":
            members = await self.judged(lambda: check_count([*parse_roster(bytes(self._body))]))
            told = self.argument("offer")
            offer = await self.judged(lambda: check_offer(told))
        else:
            members, offer = await self.take(
                lambda body: (check_members(body.get("members")), check_offer(body.get("offer")))
            )

        def write(connection: Connection) -> None:
            save_members(connection, members)
            if offer is not None and members:
                save_offer(connection, offer)

        await self.write_down(write)
        self.finish({"status": 1, "members": len(members)})


class PersonHandler(StatementHandler):
    """Takes that what came under a name is of somebody who goes by another one."""

    @web.authenticated
    @_instructors_only
    async def post(self) -> None:
        """Store a statement and give its number, or take one back; 400 where that cannot be.

        The body has `student`, `person` and, unless all sessions are meant, `sessions`; or else
        `undo`, the number of the statement that is taken back.
        """
        stated = await self.take(check_statement)
        change = 0

        def state(connection: Connection) -> None:
            nonlocal change
            change = say(connection, stated, self.reader_name, now_ms())

        try:
            await self.write_down(state)
        except AliasError as error:
            raise web.HTTPError(400, "%s", str(error)) from error
        self.finish({"status": 1, "change": change})


def _outline(body: dict[str, Any]) -> tuple[str, list[Exercise]]:
    notebook = body.get("notebook")
    if not isinstance(notebook, str) or not 0 < len(notebook) <= _MAX_TEXT:
        raise OutlineError("The outline names no notebook.")
    if "cells" not in body:
        return notebook, check_exercises(body.get("exercises"), notebook)
    cells = body["cells"]
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise OutlineError("The cells are no list of cells.")
    found = [asdict(exercise) for exercise in outline_of_cells(cells)]
    if not found:
        raise OutlineError("The notebook has no exercises: neither tests nor code below a heading.")
    return notebook, check_exercises(found, notebook)


ROUTES = [
    (r"/ipynb-telemetry/class/seen/?", SeenHandler),
    (r"/ipynb-telemetry/class/outline/?", OutlineHandler),
    (r"/ipynb-telemetry/class/roster/?", RosterHandler),
    (r"/ipynb-telemetry/class/person/?", PersonHandler),
]
