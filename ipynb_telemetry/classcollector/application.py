"""The class collector as a web application: its routes, and what all of its answers share."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tornado import httputil, web

from ..answers import page as class_page
from ..answers import routes as answer_routes
from ..store import routes as store_routes
from . import classviewpage, me, noticeroutes, posthogroutes, rosterroutes
from .addresses import hide_address
from .capture import ClassCaptureHandler
from .classcollector import ClassCollector
from .door import RESOURCE
from .loginpage import RootHandler

CAPTURE = r"/(?:ipynb-telemetry/)?(?:batch|e|i/v0/e|capture)/?"
"""The paths of events: ours, and those of PostHog's clients, which know no other."""

_HEADERS = {
    # The embedded collector's pages may be framed by JupyterLab; nobody frames these.
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class PageFiles(web.StaticFileHandler):
    """Gives the files of the class view's page, which are the same for everybody."""

    def set_default_headers(self) -> None:
        """Let nobody take a file for something else."""
        self.set_header("X-Content-Type-Options", "nosniff")

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Find a file; one whose name no file can have is not there, which is no fault of ours."""
        try:
            return super().validate_absolute_path(root, absolute_path)
        except ValueError as error:
            raise web.HTTPError(404) from error


class Application(web.Application):
    """The routes of a class collector, all of them below its prefix."""

    def __init__(self, collector: ClassCollector, *, is_behind_proxy: bool = False) -> None:
        """Put the rooms' routes together.

        Args:
            collector: what the handlers work with.
            is_behind_proxy: whether requests tell by `X-Forwarded-For` whom they are from.
        """
        base = collector.base_url
        rooms: list[tuple[str, Any]] = [
            (r"/?", RootHandler),  # people leave out the slash behind a prefix
            *collector.door.routes(),
            (CAPTURE, ClassCaptureHandler),
            *posthogroutes.ROUTES,
            *classviewpage.ROUTES,
            *me.ROUTES,
            *noticeroutes.ROUTES,
            *rosterroutes.ROUTES,
            *store_routes.ROUTES,
            *answer_routes.ROUTES,
        ]
        named = {"name": RESOURCE}
        prefix = re.escape(base.rstrip("/"))
        routes = [(prefix + path, handler, named) for path, handler in rooms]
        files = (
            f"{re.escape(collector.static_url_prefix)}(.+)",
            PageFiles,
            {"path": str(class_page.FILES)},
        )
        super().__init__(
            [*routes, files],
            ipynb_telemetry=collector,
            base_url=base,
            identity_provider=collector.door.identity_provider,
            authorizer=collector.door.authorizer,
            login_url=f"{base}login",
            headers=_HEADERS,
            # Each route says itself that it is for nobody but those whom the door knows.
            allow_unauthenticated_access=True,
            allow_remote_access=True,
            xsrf_cookie_kwargs={
                "path": base,
                "samesite": "Lax",
                "secure": collector.url.startswith("https:"),
            },
            # A proxy may have named itself in the header Host.
            allow_origin=_origin_of(collector.url) if is_behind_proxy else "",
            log_function=_log_faults,
            **collector.door.settings(),
        )
        self._is_behind_proxy = is_behind_proxy

    def find_handler(self, request: httputil.HTTPServerRequest, **kwargs: Any) -> Any:
        """Find the handler of a request, from which the network address is taken out."""
        hide_address(request, self._is_behind_proxy)
        return super().find_handler(request, **kwargs)


class WithoutAddresses(logging.Filter):
    """Takes out of Tornado's words what they say of a request: an address, names in a query."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep a fault's traceback, and no words."""
        if not record.exc_info:
            return False
        record.msg, record.args = "A request failed.", ()
        return True


class OwnWords(logging.Filter):
    """Takes out what Jupyter Server's handlers say of a request they refuse: path, origin, host."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep what this package says."""
        return "jupyter_server" not in Path(record.pathname).parts


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _log_faults(handler: web.RequestHandler) -> None:
    if handler.get_status() >= 500:
        method, status = handler.request.method, handler.get_status()
        logging.getLogger("ipynb_telemetry").warning("A %s was answered %d.", method, status)
