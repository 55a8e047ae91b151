"""The way of a browser through the hub's login, and the page for whom the class is not."""

from __future__ import annotations

from html import escape
from typing import Any

from jupyterhub.services.auth import HubOAuth, HubOAuthCallbackHandler, HubOAuthenticated
from jupyterhub.utils import url_path_join
from tornado import web

from .loginpage import PersonHandler

_NOT_FOR = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{class_name}: for instructors</title>
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>Class {class_name}</h1>
<p>Instructors see here how their class gets on. You are signed in as <strong>{name}</strong>, who
is no instructor of this class. Whoever runs this hub can put an account into the group of the
class\u2019s instructors; sign out of the hub and in again after that.</p>
</main>
</body>
</html>
"""


def not_for(name: str, class_name: str) -> str:
    """Write the page for somebody who is no instructor."""
    return _NOT_FOR.format(name=escape(name), class_name=escape(class_name))


class _HubHandler(HubOAuthenticated, web.RequestHandler):  # type: ignore[misc]  # untyped
    """A step of the login. Such a handler has no user of Jupyter's."""

    def initialize(self, name: str) -> None:
        """Take the hub that the door asks."""
        self.collector = self.settings[name]
        self.hub_auth: HubOAuth = self.collector.door.hub_auth

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say in a word that it did not work."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}: go back to the hub, and open the class from its services.")


class HubLoginHandler(_HubHandler):
    """Leads a browser to the hub, and with the hub's word on to the class."""

    async def get(self) -> None:
        """Lead on."""
        known = await self.hub_auth.get_user(self, sync=False)
        if known is None:
            self.redirect(self.get_login_url())
        else:
            self.redirect(f"{self.collector.base_url}ipynb-telemetry/class/")


class HubCallbackHandler(_HubHandler, HubOAuthCallbackHandler):  # type: ignore[misc]  # untyped
    """Takes the hub's word for who a browser is."""


class HubLogoutHandler(PersonHandler):
    """Ends the session here and at the hub, which would let the browser in again."""

    @web.authenticated
    def post(self) -> None:
        """Lead to the end of the hub's session."""
        hub_auth: HubOAuth = self.door.hub_auth
        hub_auth.clear_cookie(self)
        self.redirect(hub_auth.hub_host + url_path_join(hub_auth.hub_prefix, "logout"))
