"""The route by which a page learns for how long a class collector keeps events."""

from __future__ import annotations

from ..collector import noticeroutes
from .bykey import ByKey


class RetentionHandler(ByKey, noticeroutes.RetentionHandler):
    """Tells after how many days events are deleted, by the class key or a hub's token."""


ROUTES = [(path, RetentionHandler) for path, _ in noticeroutes.ROUTES]
