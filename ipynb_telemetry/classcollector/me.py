"""A student's own routes at a class collector: the class key or a hub's token admits to them."""

from __future__ import annotations

from ..collector import me
from .bykey import ByKey


class MySessionsHandler(ByKey, me.MySessionsHandler):
    """Takes claims of sessions."""


class MyEventsHandler(ByKey, me.MyEventsHandler):
    """Gives a person their stored events."""


class MyAccessHandler(ByKey, me.MyAccessHandler):
    """Tells a person who read what."""


class MySummaryHandler(ByKey, me.MySummaryHandler):
    """Tells a person how much there is of them."""


class MyErasureHandler(ByKey, me.MyErasureHandler):
    """Erases a person."""


ROUTES = [
    (path, handler)
    for (path, _), handler in zip(
        me.ROUTES,
        (MySessionsHandler, MyEventsHandler, MyAccessHandler, MySummaryHandler, MyErasureHandler),
        strict=True,
    )
]
