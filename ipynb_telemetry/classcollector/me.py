"""A student's routes at a class collector, where a hub says who the student is."""

from __future__ import annotations

from typing import Any

from tornado import web

from ..collector import me
from .door import KeyedHandler


class _ByKey(KeyedHandler, web.RequestHandler):
    """Knows who asks as the handlers of events do: by the token of their server, never a cookie."""

    def check_xsrf_cookie(self) -> None:
        """Ask for no token: where no cookie counts, a forged request has nothing to ride on."""


class MyEventsHandler(_ByKey, me.MyEventsHandler):
    """Gives a student the stored events."""


class MyAccessHandler(_ByKey, me.MyAccessHandler):
    """Tells a student who read what."""


class MyErasureHandler(_ByKey, me.MyErasureHandler):
    """Erases a student."""


ROUTES: list[tuple[str, Any]] = [
    (r"/ipynb-telemetry/me/events/?", MyEventsHandler),
    (r"/ipynb-telemetry/me/access/?", MyAccessHandler),
    (r"/ipynb-telemetry/me/forget/?", MyErasureHandler),
]
