"""The certificate that a class collector speaks TLS with, by how it is to run."""

from __future__ import annotations

from ssl import SSLContext
from typing import NamedTuple

from . import certificate
from .options import Options
from .place import is_loopback, own_address
from .renewal import Renewal


class Security(NamedTuple):
    """The certificate and key with which a collector speaks TLS.

    Attributes:
        tls: None: it speaks plain http.
        fingerprint: by which to know its certificate; empty: as any other is known.
    """

    tls: SSLContext | None
    fingerprint: str


def security_of(options: Options) -> Security:
    """Give what to speak TLS with; plain http is for this computer alone, and for a hub's proxy."""
    if options.hub_service:
        return Security(None, "")
    if options.certificate and options.key:
        tls = certificate.tls_context(options.certificate, options.key)
        der = certificate.read_certificate(options.certificate)
        is_pinned = certificate.is_self_signed(der) and not options.is_behind_proxy
        return Security(tls, certificate.fingerprint_of(der) if is_pinned else "")
    if is_loopback(options.ip):
        return Security(None, "")
    own = options.database.with_suffix(".pem")
    if not own.exists():
        certificate.make_certificate(own, [own_address(options.ip), "localhost"])
    fingerprint = certificate.fingerprint_of(certificate.read_certificate(own))
    # Behind a proxy, the proxy's certificate is what students see.
    pinned = "" if options.is_behind_proxy else fingerprint
    return Security(certificate.tls_context(own, own), pinned)


def renewal_of(options: Options, security: Security) -> Renewal | None:
    """Give what takes a renewed certificate; None: there are no files that somebody else renews."""
    if security.tls is None or options.certificate is None or options.key is None:
        return None
    return Renewal(security.tls, options.certificate, options.key)
