"""The environment by which a JupyterHub tells a process of its service."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from .place import Outside, PlaceError, read_base_url

_NAMED = "telemetry-"  # as `hub-config` names services


class HubService(NamedTuple):
    """A service of a hub.

    Attributes:
        name: of the service, which the names of its scopes have.
        class_name: of the class that the service is for.
        ip, port: where the hub's proxy looks for the service.
        outside: how browsers reach the service; an empty origin: nobody knows.
    """

    name: str
    class_name: str
    ip: str
    port: int
    outside: Outside


def read_hub_service(environ: Mapping[str, str] = os.environ) -> HubService | None:
    """Tell as which service a hub has started this process; None: no hub has, or as a server.

    Args:
        environ: the environment.

    Raises:
        PlaceError: the hub's proxy could not reach the service.
    """
    # A user's server has a prefix too; only a service has a name.
    name = environ.get("JUPYTERHUB_SERVICE_NAME", "")
    prefix = environ.get("JUPYTERHUB_SERVICE_PREFIX", "")
    if not name or not prefix:
        return None
    try:
        listened = urlsplit(environ.get("JUPYTERHUB_SERVICE_URL", ""))
        port = listened.port
    except ValueError:
        raise PlaceError("the url of the hub's service is no address") from None
    if listened.scheme != "http" or not listened.hostname or not port:
        raise PlaceError(
            "the url of the hub's service must be http:// with a host and a port, such as"
            " http://127.0.0.1:10101"
        )
    public = urlsplit(environ.get("JUPYTERHUB_PUBLIC_URL") or environ.get("JUPYTERHUB_HOST", ""))
    origin = f"{public.scheme}://{public.netloc}" if public.scheme and public.netloc else ""
    outside = read_base_url(prefix)._replace(origin=origin)
    return HubService(name, name.removeprefix(_NAMED) or name, listened.hostname, port, outside)
