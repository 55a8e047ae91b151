"""Browsers of any origin may send events to a class collector, with a key and never by a cookie."""

from __future__ import annotations

from typing import Any

from tornado import web

_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    # Without these a page could not tell when to come again.
    "Access-Control-Expose-Headers": "Retry-After, Date",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": (
        "authorization, content-encoding, content-type, telemetry-sender, x-telemetry-code"
    ),
    "Access-Control-Max-Age": "7200",
}


class CrossOrigin(web.RequestHandler):
    """Answers pages of any origin. Who asks must not be told from cookies."""

    def set_default_headers(self) -> None:
        """Let any page read the answer; refusals have these headers, too."""
        super().set_default_headers()
        for name, value in _HEADERS.items():
            self.set_header(name, value)

    def set_cors_headers(self) -> None:
        """Leave the headers as they are: Jupyter Server would name the page's origin."""

    def check_origin(self, origin_to_satisfy_tornado: str = "") -> bool:
        """Take any origin."""
        return True

    def check_xsrf_cookie(self) -> None:
        """Ask for no token: where no cookie counts, a forged request has nothing to ride on."""

    def options(self, *_: Any, **__: Any) -> None:
        """Tell a browser, before it sends, that it may."""
        for name, value in _PREFLIGHT.items():
            self.set_header(name, value)
        if self.request.headers.get("Access-Control-Request-Private-Network") == "true":
            self.set_header("Access-Control-Allow-Private-Network", "true")
        self.set_status(204)
        self.finish()
