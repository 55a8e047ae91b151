"""The answers' routes: what a class did, for who may read it; and what an instructor says of it."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from . import statements
from .catalog import CLASS, rev_of
from .classhandler import ClassHandler
from .student import read_only, read_position


class AnswerHandler(ClassHandler):
    """Answers about the class."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        """Give the answer of that name, or 404."""
        if name not in CLASS:
            raise web.HTTPError(404, f"There is no answer of that name; there are {_NAMES}.")
        question = self.question()
        await self.write_class_look()
        await self.give(name, question)


class StudentHandler(ClassHandler):
    """Answers about one student."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Give a page of what a student did."""
        student = self.argument("student")
        if student is None:
            raise web.HTTPError(400, "The argument 'student' is missing.")
        question, before = self.question(), self.argument("before", read_position)
        only = self.argument("only", read_only)
        await self.write_look(student, ", ".join(question.notebooks))
        await self.give("student", question, student=student, before=before, only=only)


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
        await self.write_look("", notebook, cell or exercise)
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


_NAMES = ", ".join(CLASS)
ROUTES = [
    (r"/ipynb-telemetry/class/student/?", StudentHandler),
    (r"/ipynb-telemetry/class/cell/?", CellHandler),
    (r"/ipynb-telemetry/class/changes/?", ChangesHandler),
    *statements.ROUTES,
    (r"/ipynb-telemetry/class/([a-z]+)/?", AnswerHandler),
]
