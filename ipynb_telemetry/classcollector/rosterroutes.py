"""The routes by which students find themselves in the roster, at a class collector."""

from __future__ import annotations

from ..answers import rosterroutes
from .bykey import ByKey


class OfferHandler(ByKey, rosterroutes.OfferHandler):
    """Tells what is offered of the roster."""


class FindHandler(ByKey, rosterroutes.FindHandler):
    """Finds students in the roster."""


ROUTES = [
    (path, handler)
    for (path, _), handler in zip(rosterroutes.ROUTES, (OfferHandler, FindHandler), strict=True)
]
