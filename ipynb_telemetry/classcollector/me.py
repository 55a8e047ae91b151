"""A student's own routes at a class collector: the class key or a hub's token admits to them."""

from __future__ import annotations

import math

from tornado import web

from ..collector import me
from .addresses import address_of
from .cors import CrossOrigin
from .door import KeyedHandler, KeyRefusedError
from .rates import TooManyError


class _ByKey(CrossOrigin, KeyedHandler, me.MeHandler):
    """Knows who asks as the handlers of events do, and never by a cookie."""

    @property
    def guesser(self) -> str:
        """The account where a hub knows it: all come from the address of its proxy."""
        return self.collector.door.student_of(self) or address_of(self)

    def admit(self, weight: int = 1) -> None:
        """Refuse who has no key, and who asks for too much in a minute."""
        collector, address = self.collector, address_of(self)
        student = collector.door.student_of(self)
        try:
            collector.rates.check(address, student)
            collector.rates.charge(address, weight, student)
            collector.door.check_key(self, {})
        except TooManyError as error:
            self.retry_after_s = math.ceil(error.wait_s)
            raise web.HTTPError(429, "Too much was asked in a minute. Try again later.") from error
        except KeyRefusedError as error:
            raise web.HTTPError(401, str(error)) from error

    async def is_passed_on(self) -> bool:
        """Answer here: a class collector sends no question on."""
        return False


class MySessionsHandler(_ByKey, me.MySessionsHandler):
    """Takes claims of sessions."""


class MyEventsHandler(_ByKey, me.MyEventsHandler):
    """Gives a person their stored events."""


class MyAccessHandler(_ByKey, me.MyAccessHandler):
    """Tells a person who read what."""


class MySummaryHandler(_ByKey, me.MySummaryHandler):
    """Tells a person how much there is of them."""


class MyErasureHandler(_ByKey, me.MyErasureHandler):
    """Erases a person."""


ROUTES = [
    (path, handler)
    for (path, _), handler in zip(
        me.ROUTES,
        (MySessionsHandler, MyEventsHandler, MyAccessHandler, MySummaryHandler, MyErasureHandler),
        strict=True,
    )
]
