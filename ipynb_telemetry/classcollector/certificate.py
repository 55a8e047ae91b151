"""The certificate of a class collector: read, told by its fingerprint, or made on first start."""

from __future__ import annotations

import hashlib
import os
import ssl
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509

_BEGIN = "-----BEGIN CERTIFICATE-----"
_END = "-----END CERTIFICATE-----"
# Only who knows the fingerprint trusts it: for how long its maker decides, who can delete it.
_LIFETIME = timedelta(days=3650)
_DAY = timedelta(days=1)  # students' clocks may be behind


class CertificateError(ValueError):
    """A certificate cannot be used, and why, in a sentence."""


def read_certificate(path: Path) -> bytes:
    """Give the first certificate of a PEM file, as DER.

    Raises:
        CertificateError: there is none.
    """
    try:
        text = path.read_text("ascii")
        begin = text.index(_BEGIN)
        return ssl.PEM_cert_to_DER_cert(text[begin : text.index(_END, begin) + len(_END)])
    except OSError as error:
        raise CertificateError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise CertificateError(f"{path} holds no certificate in PEM form.") from error


def fingerprint_of(der: bytes) -> str:
    """Give the SHA-256 of a certificate, in small hexadecimal digits."""
    return hashlib.sha256(der).hexdigest()


def is_self_signed(der: bytes) -> bool:
    """Whether a certificate names itself as the one who vouches for it.

    Nobody can trust such a certificate but by its fingerprint.
    """
    try:
        _, certificate, _ = _element(der)
        _, signed, _ = _element(certificate)
        kind, _, rest = _element(signed)
        if kind == 0xA0:  # the version, which may be left out
            signed = rest
        for _ in range(2):  # serial number, algorithm
            _, _, signed = _element(signed)
        _, issuer, signed = _element(signed)
        _, _, signed = _element(signed)  # validity
        _, subject, _ = _element(signed)
    except IndexError:
        return False
    return issuer == subject


def make_certificate(path: Path, names: list[str]) -> None:
    """Make a private key and a certificate that it signs itself, in one file of its owner.

    Args:
        path: the file, which must not be there yet.
        names: of the computer, host names and addresses.

    Raises:
        CertificateError: the package that can do so is missing, or the file cannot be written.
    """
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError as error:
        raise CertificateError(
            "A certificate is needed, and none can be made here: install"
            ' "ipynb-telemetry[collect]", name one with --certfile and --keyfile, or let a proxy'
            " speak TLS (--ip 127.0.0.1 --behind-proxy)."
        ) from error
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "ipynb-telemetry class collector")]
    )
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectAlternativeName([_general_name(each) for each in names]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError as error:
        raise CertificateError(f"{path} cannot be written: {error.strerror or error}.") from error


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Give what a server speaks TLS with.

    Raises:
        CertificateError: certificate and key do not belong together, or cannot be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise CertificateError(
            f"{certificate} and {key} are no certificate and its private key."
        ) from error
    return context


def _general_name(name: str) -> x509.GeneralName:
    import ipaddress

    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _element(der: bytes) -> tuple[int, bytes, bytes]:
    """Give the tag and content of the first element of DER, and what follows the element."""
    tag, length, begin = der[0], der[1], 2
    if length & 0x80:
        size = length & 0x7F
        length, begin = int.from_bytes(der[2 : 2 + size], "big"), 2 + size
    if len(der) < begin + length:
        raise IndexError
    return tag, der[begin : begin + length], der[begin + length :]
