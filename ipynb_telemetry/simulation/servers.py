"""The Jupyter server that a simulated class sends to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_WEB = ("http://", "https://")  # another server listens at a file
_TOKENS = ("JUPYTER_TOKEN", "JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN")


class ServerError(ValueError):
    """No server can be sent to, and why, in a sentence."""


class Server(NamedTuple):
    """A Jupyter server.

    Attributes:
        url: with a slash at the end, and without a token.
        token: empty: it asks for none, or for what is not known.
    """

    url: str
    token: str


def running_servers() -> list[Mapping[str, Any]]:
    """Give the running Jupyter servers of this user, as they say of themselves."""
    from jupyter_server.serverapp import list_running_servers

    return list(list_running_servers())


def choose_server(running: Iterable[Mapping[str, Any]], notebook: Path) -> Server:
    """Choose the server that the notebook lies under, else the only one.

    Args:
        running: of `running_servers`.
        notebook: the file.

    Raises:
        ServerError: there is none, or which one is meant cannot be told.
    """
    known = [each for each in running if str(each.get("url", "")).startswith(_WEB)]
    if not known:
        raise ServerError(
            "no Jupyter server of yours runs: start one, or say with --host where events go"
        )
    place = notebook.resolve()
    above = [each for each in known if _root_of(each) in place.parents]
    # The nearest folder above: a server's folder may lie in another's.
    above.sort(key=lambda each: len(_root_of(each).parts))
    nearest = [each for each in above if _root_of(each) == _root_of(above[-1])]
    chosen = nearest or known
    if len(chosen) > 1:
        urls = ", ".join(sorted(str(each["url"]) for each in chosen))
        raise ServerError(f"several Jupyter servers run: say with --host which one: {urls}")
    return _server(chosen[0])


def named_server(url: str, running: Iterable[Mapping[str, Any]]) -> Server:
    """Give the server at a URL, with its token if it is known here.

    Args:
        url: of the server; a token in it is taken.
        running: of `running_servers`.

    Raises:
        ServerError: the URL is none of a server.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (KeyError, ValueError):
        port = 0
    if not port or not parts.hostname:
        raise ServerError("--host is no URL of a server, such as http://localhost:8888/")
    path = parts.path.removesuffix("/lab").removesuffix("/tree").rstrip("/")
    plain = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}/"
    found = [each for each in running if _is_same(plain, port, str(each.get("url", "")))]
    token = _token_in(parts.query) or next(filter(None, map(os.environ.get, _TOKENS)), "")
    return Server(plain, token or (_server(found[0]).token if found else ""))


def _server(told: Mapping[str, Any]) -> Server:
    url = str(told["url"])
    own = str(told.get("token") or "")
    given = next(filter(None, map(os.environ.get, _TOKENS)), "")
    return Server(url if url.endswith("/") else f"{url}/", own or given)


def _root_of(told: Mapping[str, Any]) -> Path:
    return Path(str(told.get("root_dir") or told.get("notebook_dir") or os.devnull)).resolve()


def _is_same(url: str, port: int, told: str) -> bool:
    """Whether two URLs are of one server on this computer."""
    one, other = urlsplit(url), urlsplit(told)
    here = {"localhost", "127.0.0.1", "::1", "[::1]"}
    is_here = one.hostname == other.hostname or {one.hostname, other.hostname} <= here
    return is_here and port == other.port and one.path.rstrip("/") == other.path.rstrip("/")


def _token_in(query: str) -> str:
    from urllib.parse import parse_qs

    return parse_qs(query).get("token", [""])[0]
