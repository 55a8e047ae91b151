"""A certificate that is renewed while the collector runs: taken without a restart."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from ssl import SSLContext

from .certificate import CertificateError, tls_context

LOOK_S = 60.0  # those who renew certificates do so days before they are over
_LOG = logging.getLogger("ipynb_telemetry")


class Renewal:
    """Looks whether the files of a certificate have changed, and has a TLS context take them."""

    def __init__(self, tls: SSLContext, certificate: Path, key: Path) -> None:
        """Look at nothing yet; the context has what the files hold now."""
        self._tls = tls
        self._certificate = certificate
        self._key = key
        self._stamp = self._look()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look every `LOOK_S` from now on."""
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def renew(self) -> bool:
        """Take the files if they have changed; give whether they were taken.

        Files that do not belong together, since one is written after the other, are looked at
        again the next time.
        """
        stamp = self._look()
        if stamp == self._stamp:
            return False
        try:
            tls_context(self._certificate, self._key)  # a context that fails to load has neither
            self._tls.load_cert_chain(self._certificate, self._key)
        except (CertificateError, OSError) as error:
            _LOG.warning("The certificate has changed, and is not taken: %s", error)
            return False
        self._stamp = stamp
        _LOG.info("The certificate was renewed.")
        return True

    def _look(self) -> list[tuple[int, int] | None]:
        stamps: list[tuple[int, int] | None] = []
        for path in (self._certificate, self._key):
            try:
                status = path.stat()
            except OSError:
                stamps.append(None)
            else:
                stamps.append((status.st_mtime_ns, status.st_ino))
        return stamps

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            self.renew()
