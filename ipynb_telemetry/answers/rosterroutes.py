"""The routes by which a student's page finds the student in the roster: by a name, or by a code.

A person who may send events may search. The instructor's offer decides how much of the roster an
answer tells.
"""

from __future__ import annotations

import math
from sqlite3 import Connection
from typing import Any, NamedTuple

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..collector.body import BodyError
from ..collector.bodyhandler import refused
from ..collector.senderhandler import SenderHandler
from ..kernel.studentcode import _read_code
from .codesecret import SecretError, can_have_secret, needed_secret_of
from .members import CODES, NAMES, NOTHING, read_members, read_offer
from .roster import Member
from .rostersearch import by_code, by_name
from .studentcodes import code_of

_MAX_TYPED = 200
_FIND_WEIGHT = 10  # a search is as much work as so many events
_NO_SEARCH = (
    'The body must have either `typed`, the beginning of a name, or `code`, and `identity`: "name"'
    ' or "pseudonym".'
)
_TOO_SOON = "That was nobody's code several times. Wait %d seconds and try again."


class Search(NamedTuple):
    """A checked search in a roster.

    Attributes:
        typed: of a name; empty where a code is given.
        code: of a student; empty: none is given.
        is_pseudonym: whether the code, and not the roster's id, is to leave the page.
    """

    typed: str
    code: str
    is_pseudonym: bool


class OfferHandler(SenderHandler):
    """Tells what is offered of the roster."""

    @web.authenticated
    @authorized("write")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Answer `{"offer": "names" | "codes" | "nothing"}`, for the `identity` of a search."""
        self.admit()
        if not await self.is_passed_on():
            is_pseudonym = self.get_query_argument("identity", "") == "pseudonym"
            self.finish({"offer": await self.look(lambda stored: offered(stored, is_pseudonym))})


class FindHandler(SenderHandler):
    """Finds students in the roster. A POST: no name is in an address, nor in a log of addresses."""

    @web.authenticated
    @authorized("write")  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        """Answer `{"found": [{"id", "name", "group"}, ...]}`; 400 where the body is no search.

        With `"has_more": true` where a name finds others, too.

        A wrong code is answered by 429 when several others came from its address. The right code
        does not wait: neighbours share an address with whoever sends wrong ones, and nobody finds
        one of 2**50 codes by asking, whom `admit` stops besides.
        """
        self.admit(_FIND_WEIGHT)
        if await self.is_passed_on():
            return
        self.check_size()
        try:
            search = _check_search(self.read_document())
        except BodyError as error:
            raise refused(error) from error
        try:
            found = await self.look(lambda stored: find(stored, search))
        except SecretError as error:
            self.log.warning("The secret of codes %s.", error)
            raise web.HTTPError(503, "Codes cannot be read at the moment.") from error
        if search.code and not found["found"]:
            self._slow_down()
        self.finish(found)

    def _slow_down(self) -> None:
        guesses, guesser = self.collector.student_code_guesses, self.guesser
        wait_s = guesses.wait_s(guesser)
        if wait_s > 0:
            self.retry_after_s = math.ceil(wait_s)
            raise web.HTTPError(429, _TOO_SOON, self.retry_after_s)
        guesses.fail(guesser)


def offered(connection: Connection, is_pseudonym: bool) -> str:
    """Give what is offered of the roster, as far as a search for it would find somebody."""
    offer = read_offer(connection)
    needs_codes = is_pseudonym or offer == CODES
    return NOTHING if needs_codes and not can_have_secret(connection) else offer


def find(connection: Connection, search: Search) -> dict[str, Any]:
    """Give the answer to a search, as far as is offered.

    Raises:
        SecretError: codes are needed, and cannot be made.
    """
    offer = offered(connection, search.is_pseudonym)
    if offer == NOTHING or (search.typed and offer != NAMES):
        return {"found": []}
    is_coded = search.is_pseudonym or bool(search.code)
    secret = needed_secret_of(connection) if is_coded else None
    if is_coded and secret is None:
        return {"found": []}  # events in memory only have no code that would last
    roster = read_members(connection)
    if search.code:
        member = by_code(roster, secret or b"", search.code)
        members, has_more = [] if member is None else [member], False
    else:
        members, has_more = by_name(roster, search.typed)
    found = [_shown(each, secret if search.is_pseudonym else None) for each in members]
    return {"found": found, **({"has_more": True} if has_more else {})}


def _shown(member: Member, secret: bytes | None) -> dict[str, Any]:
    return {
        "id": member.id if secret is None else code_of(secret, member.id),
        "name": member.name or member.id,
        "group": member.group or None,
    }


def _check_search(document: Any) -> Search:
    """Check a body from outside.

    Raises:
        HTTPError: 400.
    """
    if isinstance(document, dict):
        typed, code = document.get("typed"), document.get("code")
        identity = document.get("identity")
        given = typed if code is None else code
        if (
            (typed is None) != (code is None)
            and identity in ("name", "pseudonym")
            and isinstance(given, str)
            and len(given) <= _MAX_TYPED
        ):
            try:
                code = "" if code is None else _read_code(code)
            except ValueError as error:
                raise web.HTTPError(400, "%s.", error) from error
            return Search(typed or "", code, identity == "pseudonym")
    raise web.HTTPError(400, _NO_SEARCH)


ROUTES: list[tuple[str, Any]] = [
    (r"/ipynb-telemetry/roster/offer/?", OfferHandler),
    (r"/ipynb-telemetry/roster/find/?", FindHandler),
]
