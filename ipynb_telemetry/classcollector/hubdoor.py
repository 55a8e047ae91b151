"""The door of a class collector that is a service of a JupyterHub: its hub says who asks."""

from __future__ import annotations

import secrets
from typing import Any, NoReturn

from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import APIHandler
from jupyterhub.services.auth import HubOAuth
from tornado import web

from .door import ActionsAuthorizer, Caller, Door, KeyedHandler
from .hubpages import HubCallbackHandler, HubLoginHandler, HubLogoutHandler, not_for
from .keydoor import key_in_header

CACHE_S = 60
"""How long an answer of the hub counts: whoever leaves a group sends and reads no longer."""

_NO_SENDER = (
    "This token may not send to this class. A server that was started before its user was in the"
    " course's group has to be started again."
)
_NO_READER = "The class is read in a browser, signed in at the hub, and never with a token."


class HubIdentity(IdentityProvider):
    """Knows who sends by the token of their server, and who reads by their browser's cookie.

    A token is in the environment of every kernel, where whatever a notebook runs can read it. The
    cookie is the browser's alone: it is signed by this process, and no script sees it.
    """

    hub_auth: HubOAuth
    read_scope: str
    write_scope: str

    async def get_user(self, handler: Any) -> User | None:
        """Tell who asks.

        Raises:
            HTTPError: 403, with words for who asks; 5xx, where the hub does not answer.
            Finish: a person was told that the class is not for them.
        """
        if isinstance(handler, KeyedHandler):
            return await self._sender(handler)
        if key_in_header(handler):
            raise web.HTTPError(403, _NO_READER)
        model = await self.hub_auth.get_user(handler, sync=False)
        if model is None:
            return None
        # By a token in the address, which some hubs allow.
        if getattr(handler, "_token_authenticated", False):
            raise web.HTTPError(403, _NO_READER)
        name = str(model["name"])
        is_reader = (
            model.get("kind", "user") == "user"
            and self.read_scope in model["scopes"]
            and self.hub_auth.check_scopes(self.hub_auth.access_scopes, model)
        )
        if not is_reader:
            self._turn_away(handler, name)
        return Caller(name, actions=frozenset({"read", "write"}))

    async def _sender(self, handler: Any) -> User | None:
        token = key_in_header(handler)
        if not token:
            return None
        model = await self.hub_auth.user_for_token(token, sync=False)
        is_sender = (
            model is not None
            and model.get("kind", "user") == "user"
            and self.write_scope in model["scopes"]
        )
        if not is_sender:
            raise web.HTTPError(403, _NO_SENDER)
        return Caller(str(model["name"]), actions=frozenset({"write"}))

    def _turn_away(self, handler: Any, name: str) -> NoReturn:
        handler.current_user = None
        if isinstance(handler, APIHandler):
            raise web.HTTPError(403, f"{name} is no instructor of this class.")
        handler.set_status(403)
        handler.set_header("Content-Type", "text/html; charset=utf-8")
        raise web.Finish(not_for(name, handler.settings["ipynb_telemetry"].class_name))


class HubDoor(Door):
    """Lets in whom the hub knows, and as far as their scopes go."""

    def __init__(self, service: str) -> None:
        """Ask the hub that this process is a service of, as the environment says.

        Args:
            service: the name of the service, which its two scopes begin with.
        """
        self.hub_auth = HubOAuth(cache_max_age=CACHE_S)
        # An address with a token in it would be logged on the way.
        self.hub_auth.allow_token_in_url = False
        identity = HubIdentity(token="")
        identity.hub_auth = self.hub_auth
        identity.read_scope = f"custom:{service}:read"
        identity.write_scope = f"custom:{service}:write"
        self.identity_provider = identity
        self.authorizer = ActionsAuthorizer(identity_provider=identity)

    def routes(self) -> list[tuple[str, type[web.RequestHandler]]]:
        """Give the way to the hub's login page and back, and that out."""
        return [
            (r"/login/?", HubLoginHandler),
            (r"/logout/?", HubLogoutHandler),
            (r"/oauth_callback/?", HubCallbackHandler),
        ]

    def settings(self) -> dict[str, Any]:
        """Give the secret of the cookies; after a restart the hub lets browsers in again."""
        return {"cookie_secret": secrets.token_bytes(32)}

    def check_key(self, handler: Any, document: Any) -> None:
        """Take what comes: the token was checked before the body was read."""

    def student_of(self, handler: Any) -> str | None:
        """Give the account of the server that sends, whatever its events say."""
        return str(handler.current_user.username)
