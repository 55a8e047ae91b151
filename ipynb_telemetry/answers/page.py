"""The class view on a page of its own: a document that loads the view, and may do nothing else."""

from __future__ import annotations

from html import escape
from pathlib import Path

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from tornado import web

FILES = Path(__file__).parent.parent / "classpage"
"""The page's files, which `scripts/classpage.mjs` builds; Jupyter Server serves them as static."""

POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
)
"""The page's policy: what it may load and do. Its styles come by script: none may stand in text."""

DOCUMENT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Class View</title>
<link rel="icon" href="data:,">
<script src="{script}" defer></script>
</head>
<body>
{above}<main>
<h1>Class View</h1>
<div id="class-view" class="jp-ipynb-telemetry-Class">
<p>The class view is being loaded, which needs JavaScript.</p>
</div>
</main>
</body>
</html>
"""


class ClassPageHandler(ExtensionHandlerMixin, JupyterHandler):
    """Gives the page. Who may read the class's answers may open it."""

    auth_resource = "ipynb_telemetry"
    # A page that an instructor leaves open must not keep an idle server from being culled.
    _track_activity = False

    @property
    def content_security_policy(self) -> str:
        """The policy of the server, and the page's own rules."""
        return "; ".join((super().content_security_policy, *POLICY))

    @web.authenticated
    @authorized
    def get(self) -> None:
        """Answer the document."""
        self.xsrf_token  # noqa: B018 - sets the cookie that the page sends back with what it changes
        script = f"{self.extensionapp.static_url_prefix}page.js"
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(DOCUMENT.format(script=escape(script), above=self.above()))

    def above(self) -> str:
        """Give the HTML that stands above the view."""
        return ""


ROUTES = [(r"/ipynb-telemetry/class/?", ClassPageHandler)]
