"""How a class collector admits to what a student's page asks: by the class key or a hub's token."""

from __future__ import annotations

import math

from tornado import web

from ..collector.senderhandler import SenderHandler
from .addresses import address_of
from .cors import CrossOrigin
from .door import KeyedHandler, KeyRefusedError
from .rates import TooManyError
from .wrongkeys import KeyPausedError


class ByKey(CrossOrigin, KeyedHandler, SenderHandler):
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
        except KeyPausedError as error:
            self.retry_after_s = math.ceil(error.wait_s)
            raise web.HTTPError(429, str(error)) from error
        except KeyRefusedError as error:
            raise web.HTTPError(401, str(error)) from error

    async def is_passed_on(self) -> bool:
        """Answer here: a class collector sends no question on."""
        return False
