"""The login page: an instructor's key in, a session out."""

from __future__ import annotations

import base64
import hashlib
import math
from asyncio import Semaphore
from html import escape
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from tornado import web

from ..store.database import StoreUnavailableError
from .addresses import address_of
from .keys import CLASS_PREFIX

_AT_ONCE = Semaphore(2)  # a key takes the computer a tenth of a second to check

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 30rem; margin: 12vh auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
label { display: block; font-weight: 600; }
input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
button { margin-top: 1rem; padding: .5rem 1.25rem; font: inherit; }
[role=alert] { border-left: .25rem solid #c62828; padding-left: .75rem; }
"""
_STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; img-src data:; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)

DOCUMENT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{class_name}: log in</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<main>
<h1>Class {class_name}</h1>
<p>Here instructors see what their class does. Students have nothing to enter here.</p>
{alert}<form method="post" action="{action}">
{xsrf}
<label for="key">Instructor\u2019s key</label>
<input id="key" name="key" type="password" autocomplete="current-password" required autofocus
 aria-describedby="where">
<p id="where">It begins with tcr_. The collector printed it when it started for the first time;
<code>jupyter telemetry collect --new-instructor-key</code> makes another.</p>
<button>Log in</button>
</form>
</main>
</body>
</html>
"""


class PersonHandler(ExtensionHandlerMixin, JupyterHandler):
    """A page for a person, and no answer for a program."""

    @property
    def content_security_policy(self) -> str:
        """The policy of a page that has a form and no script."""
        return POLICY

    @property
    def collector(self) -> Any:
        """The class collector."""
        return self.extensionapp

    @property
    def door(self) -> Any:
        """The KeyDoor of the collector."""
        return self.collector.door

    async def prepare(self) -> None:  # type: ignore[override]  # as that of JupyterHandler
        """Take a form from a page of ours alone; older Jupyter Servers look at its token only."""
        await super().prepare()
        if self.request.method == "POST" and not self.check_origin():
            raise web.HTTPError(403)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say in a word that it did not work."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}: go back, reload the page, and try again.")


class RootHandler(PersonHandler):
    """Leads an instructor to the class view, by way of the login page where needed."""

    def get(self) -> None:
        """Lead on."""
        self.redirect(f"{self.base_url}ipynb-telemetry/class/")


class LoginHandler(PersonHandler):
    """Takes an instructor's key."""

    def get(self) -> None:
        """Show the page, or the class to whoever is logged in."""
        if self.current_user is not None:
            self._go_on()
        else:
            self._show()

    async def post(self) -> None:
        """Begin a session: 302 to the class view; 401 for a wrong key, 429 after several."""
        address, slow_down = address_of(self), self.door.slow_down
        wait_s = math.ceil(slow_down.wait_s(address))
        if wait_s:
            self.set_status(429)
            self.set_header("Retry-After", str(wait_s))
            self._show(f"Too many wrong keys. Try again in {wait_s} seconds.")
            return
        key = self.get_body_argument("key", "").strip()
        if key.startswith(CLASS_PREFIX):
            self._refuse("That is the key of the students. Yours begins with tcr_.")
            return
        async with _AT_ONCE:
            # Others of this address may have failed while this one waited.
            is_right = not slow_down.wait_s(address) and (
                await self.door.key_ring.is_instructor_key(key)
            )
        if not is_right:
            slow_down.fail(address)
            self._refuse("That is not the instructor\u2019s key of this class.")
            return
        slow_down.forget(address)
        try:
            await self.door.log_in(self)
        except StoreUnavailableError:
            self.set_status(503)
            self._show("The collector\u2019s file cannot be written to at the moment.")
            return
        self._go_on()

    def _refuse(self, why: str) -> None:
        self.set_status(401)
        self._show(why)

    def _go_on(self) -> None:
        self.redirect(f"{self.base_url}ipynb-telemetry/class/")

    def _show(self, why: str = "") -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        page = DOCUMENT.format(
            class_name=escape(self.collector.class_name),
            style=STYLE,
            alert=f'<p role="alert">{escape(why)}</p>\n' if why else "",
            action=escape(f"{self.base_url}login"),
            xsrf=self.xsrf_form_html(),
        )
        self.finish(page)


class LogoutHandler(PersonHandler):
    """Ends a session."""

    async def post(self) -> None:
        """End it, and show the login page."""
        try:
            await self.door.log_out(self)
        except StoreUnavailableError as error:
            raise web.HTTPError(503) from error
        self.redirect(f"{self.base_url}login")
