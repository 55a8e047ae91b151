"""The base of a student's own routes: finds out whose code a request has."""

from __future__ import annotations

import math

from tornado import web

from ..store.routes import PagingHandler
from ..store.sessionclaims import is_known, verifier_of
from .senderhandler import HEADER, SenderHandler

_MISSING = "Your code is missing: it says which records are yours."
_UNKNOWN = "Nothing is kept here under this code. Check it, character by character."
_TOO_SOON = "That was not the right code several times. Wait %d seconds and try again."


class MeHandler(SenderHandler, PagingHandler):
    """Answers a person about themselves."""

    async def person(self) -> str:
        """Give the verifier of the person whose code the request has.

        Raises:
            HTTPError: 403: there is no such person here; 429: there were too many wrong codes.
        """
        code = self.request.headers.get(HEADER, "")
        if not code:
            raise web.HTTPError(403, _MISSING)
        guesses, guesser = self.collector.code_guesses, self.guesser
        verifier = verifier_of(code)
        # The right code does not wait: neighbours share an address with whoever sends wrong ones,
        # and must not be kept from their rights by them. Nobody finds 80 random bits either way.
        if verifier is None or not await self.look(lambda stored: is_known(stored, verifier)):
            wait_s = guesses.wait_s(guesser)
            if wait_s > 0:
                self.retry_after_s = math.ceil(wait_s)
                raise web.HTTPError(429, _TOO_SOON, self.retry_after_s)
            guesses.fail(guesser)
            raise web.HTTPError(403, _UNKNOWN)
        guesses.forget(guesser)
        return verifier
