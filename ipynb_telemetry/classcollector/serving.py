"""A class collector in a process: started, and ended without a loss."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from sqlite3 import Connection
from typing import NamedTuple

from tornado.netutil import bind_sockets

from ..store.database import transaction
from . import keytables
from .application import Application, OwnWords, WithoutAddresses
from .classcollector import ClassCollector
from .connections import BoundedServer, most_connections
from .door import Door
from .keydoor import KeyDoor
from .keyring import KeyRing
from .options import Options
from .place import PlaceError, origin_of, own_address
from .rates import Buckets, Rates
from .security import renewal_of, security_of

_PATIENCE_S = 5.0  # of the end, with requests that go on
_LOOK_S = 0.05
# Who says nothing for so long has gone; without a limit, connections would add up.
_IDLE_S = 120
_MAX_FORM_BYTES = 64 * 1024


class HubMissingError(Exception):
    """A hub's service was started where no JupyterHub is installed, in a sentence."""


class Started(NamedTuple):
    """The facts that people have to know of a collector that runs.

    Attributes:
        url: its address, without a slash at the end.
        fingerprint: of a certificate that nobody trusts but by it; empty: there is none.
        class_key: what students send with.
        new_instructor_key: what instructors log in with; empty: it was made before, and told then.
    """

    url: str
    fingerprint: str
    class_key: str
    new_instructor_key: str


async def serve(options: Options, tell: Callable[[Started], None]) -> None:
    """Run a class collector until a signal ends it: SIGINT or SIGTERM.

    Args:
        options: how.
        tell: is told as soon as requests are answered.

    Raises:
        CertificateError: there is no certificate that can be used.
        PlaceError: the collector cannot listen there.
        StoreUnavailableError: the class's file cannot be used.
        HubMissingError: a hub's service finds no JupyterHub in its environment.
    """
    _quieten()
    security = security_of(options)
    try:
        sockets = bind_sockets(options.port, options.ip or None, reuse_port=False)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        where = f"{options.ip or 'any address'}, port {options.port}"
        raise PlaceError(f"nothing can listen at {where}: {why}") from error
    port = int(sockets[0].getsockname()[1])
    scheme = "https" if security.tls else "http"
    origin = options.outside.origin
    if origin is None:
        origin = origin_of(scheme, own_address(options.ip), port)
    url = f"{origin}{options.outside.path}".rstrip("/")

    def make_door(key_ring: KeyRing) -> Door:
        if options.hub_service:
            return _hub_door(options.hub_service)
        return KeyDoor(
            key_ring, port=port, path=options.outside.path, is_secure=url.startswith("https:")
        )

    collector = ClassCollector(
        class_name=options.class_name,
        url=url,
        path=options.outside.path,
        database_path=str(options.database),
        rates=Rates(Buckets(options.student_rate), Buckets(options.address_rate)),
        make_door=make_door,
        forwards_to=options.forwards_to,
        retention_days=options.retention_days,
    )
    place = keytables.Place(options.class_name, url, security.fingerprint)
    most = most_connections()
    # Behind a proxy everybody comes from its address.
    is_direct = not (options.is_behind_proxy or options.hub_service)
    server = BoundedServer(
        Application(collector, is_behind_proxy=options.is_behind_proxy),
        most=most,
        most_of_one=max(most // 2, 1) if is_direct else most,
        ssl_options=security.tls,
        idle_connection_timeout=_IDLE_S,
        body_timeout=_IDLE_S,
        max_body_size=_MAX_FORM_BYTES,  # handlers of events have a limit of their own
    )
    renewal = renewal_of(options, security)
    try:
        await collector.key_ring.load()
        await _remember(collector, place)
        server.add_sockets(sockets)
        collector.begin()
        if renewal is not None:
            renewal.start()
        key_ring = collector.key_ring
        ended = _signals()
        tell(Started(url, security.fingerprint, key_ring.class_key, key_ring.new_instructor_key))
        await ended.wait()
    finally:
        if renewal is not None:
            await renewal.stop()
        server.stop()
        for each in sockets:
            each.close()
        await _drain(collector)
        await collector.end()
        await server.close_all_connections()


def _hub_door(service: str) -> Door:
    try:
        from .hubdoor import HubDoor
    except ImportError as error:
        if not str(error.name).startswith("jupyterhub"):
            raise
        raise HubMissingError(
            "a service of a hub needs this package in the environment that the hub runs in:"
            " here is no jupyterhub"
        ) from error
    return HubDoor(service)


async def _remember(collector: ClassCollector, place: keytables.Place) -> None:
    def write() -> None:
        def change(connection: Connection) -> None:
            with transaction(connection):
                keytables.write_place(connection, place)

        collector.store.database.use(change)

    await collector.off_loop(write)


async def _drain(collector: ClassCollector) -> None:
    """Wait for the requests that go on: who sent events is to hear that they are stored."""
    deadline = asyncio.get_running_loop().time() + _PATIENCE_S
    while collector.requests and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(_LOOK_S)


def _signals() -> asyncio.Event:
    """Give what is set by a signal to end."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(each, ended.set)
        except NotImplementedError:  # Windows
            with suppress(ValueError):
                signal.signal(each, lambda *_: loop.call_soon_threadsafe(ended.set))
    return ended


def _quieten() -> None:
    for name in ("general", "application", "access"):
        logging.getLogger(f"tornado.{name}").addFilter(WithoutAddresses())
    logging.getLogger("ipynb_telemetry").addFilter(OwnWords())  # handlers of all rooms have it
