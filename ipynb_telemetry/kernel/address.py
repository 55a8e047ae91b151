# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Which host and which key will do, as src/runtime/ has it for the page."""

from __future__ import annotations

import re
import unicodedata

from .imports import _module
from .shared import _WHITE

_HOST = "https://us.i.posthog.com"  # unless another one is named
# Scheme, server with what else stands there, path, and what follows the path.
_ADDRESS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(.*)", re.IGNORECASE | re.ASCII | re.DOTALL)
_SERVER_AND_PORT = re.compile(r"(\[[0-9A-Fa-f:]+\]|[^:[]+)(?::(.*))?", re.DOTALL)
_ADDRESS_PATH = re.compile(r"(?:/(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*", re.ASCII)
_DOT_PARTS = re.compile(r"/(?:\.|%2e){1,2}(?:/|\Z)", re.IGNORECASE)
# Small letters of Latin, Greek and Cyrillic, of Japanese, Chinese and Korean: every standard of
# such names, old and new, encodes these alike.
_HOST_LETTERS = (
    "\u00e0-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e"
    "\u01a1\u01b0\u0219\u021b\u0390\u03ac-\u03c1\u03c3-\u03ce"
    "\u0430-\u045f\u0491\u1ea1-\u1ef9\u3005\u3041-\u3096\u30a1-\u30fa\u30fc"
    "\u4e00-\u9fa5\uac00-\ud7a3"
)
# Addresses of PostHog's app, as a browser shows them, and of its servers that take no events: in
# PostHog's own cloud, whose regions have a server each, and on a server elsewhere.
_CLOUD_PAGE = re.compile(
    r"https://(?:(us|eu)(?:-assets)?(?:\.i)?|app)\.posthog\.com\.?(?::443)?(?:[/?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_PROJECT_PAGE = re.compile(
    r"(https?://[^?#]*?)/project/[0-9]+(?:[/?#].*)?", re.IGNORECASE | re.ASCII | re.DOTALL
)
_NO_REGION = re.compile(
    r"https://(?:www\.)?posthog\.com\.?(?:[:/?#].*)?", re.IGNORECASE | re.DOTALL
)
_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]+){3}|\[::1\]")
# PostHog's, those of a class collector, and the random ones that older PostHog servers gave.
_KEY = re.compile(
    r"(?:phc|tcw)_[\w-]+|(?![Pp][Hh][Cc])(?=.*[0-9])(?=.*[A-Za-z])[\w-]{14,64}", re.ASCII
)
_CLASS_KEY = "tcw_"  # how keys of class collectors begin
_DEFAULT_PORTS = {"http": 80, "https": 443}


def _read_host(text: str) -> str:
    """Give the address of a PostHog server as it is used.

    The address is in small letters and punycode, without a port that goes without saying, and
    without slashes at the end. The address of a page of PostHog's app stands for the server that
    takes the events of its projects.

    Raises:
        ValueError: The text is refused, and not repeated in the words.
    """
    address = _ADDRESS.fullmatch(_meant(text.strip(_WHITE)))
    if address is None:
        raise ValueError("it must begin with https://")
    scheme, authority, path, rest = address.groups()
    scheme = scheme.lower()
    if "@" in authority:
        raise ValueError("after https:// it must hold no user name and no password")
    if rest:
        raise ValueError("it must hold no query, neither ? nor #, as in https://eu.i.posthog.com")
    server = _SERVER_AND_PORT.fullmatch(authority)
    if server is None:
        raise _malformed()
    name, port = server.groups()
    if port is not None and not (re.fullmatch("[0-9]{1,5}", port) and 1 <= int(port) <= 65_535):
        raise ValueError("its port must be from 1 to 65535")
    name = _read_ipv6(name[1:-1]) if name.startswith("[") else _read_server(name)
    if scheme == "http" and not _LOOPBACK.fullmatch(name):
        raise ValueError("it must begin with https://")
    if not _ADDRESS_PATH.fullmatch(path) or _DOT_PARTS.search(path):
        raise ValueError("its path must be plain ASCII, without spaces and \u201c..\u201d")
    is_implied = port is None or int(port) == _DEFAULT_PORTS[scheme]
    place = name if is_implied else f"{name}:{int(port or 0)}"
    return f"{scheme}://{place}{path.rstrip('/')}"


def _meant(text: str) -> str:
    """Give the server that the address of a page of PostHog's app stands for, else the text."""
    if _NO_REGION.fullmatch(text):
        raise ValueError(
            "take that of your region, https://us.i.posthog.com or https://eu.i.posthog.com"
        )
    cloud = _CLOUD_PAGE.fullmatch(text)
    if cloud:
        return f"https://{(cloud[1] or 'us').lower()}.i.posthog.com"
    page = _PROJECT_PAGE.fullmatch(text)
    return page[1] if page else text


def _read_ipv6(text: str) -> str:
    # Not every kernel has loaded this module, and hardly any host is such a number.
    ipaddress = _module("ipaddress")

    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        raise _malformed() from None
    if address.ipv4_mapped is not None:  # which is written in more than one way
        raise _malformed()
    return f"[{address.compressed}]"


def _read_server(text: str) -> str:
    """Give the name of a server as the name service has it."""
    name = unicodedata.normalize("NFC", text.lower())
    name = name[:-1] if name.endswith(".") else name
    if re.search(r"[\x00-\x7f]", re.sub("[a-z0-9._-]", "", name)):
        raise _malformed()
    if re.search(f"[^\\x00-\\x7f{_HOST_LETTERS}]", name):
        raise ValueError("write the name of its server as punycode, xn--\u2026")
    if len(name) > 253:  # and longer still once it is encoded, which takes its time
        raise _malformed()
    labels = [_encode_label(label) for label in name.split(".")]
    name = ".".join(labels)
    is_number = re.fullmatch("[0-9]+|0x[0-9a-f]*", labels[-1])
    if not all(1 <= len(label) <= 63 for label in labels) or len(name) > 253:
        raise _malformed()
    if is_number and not _is_ipv4(name):
        raise _malformed()
    return name


def _encode_label(label: str) -> str:
    """Punycode of a part of a name; all its letters are such as need no preparation."""
    if not label.isascii():
        if label.startswith("xn--"):
            raise _malformed()
        return f"xn--{label.encode('punycode').decode()}"
    if label.startswith("xn--"):
        try:
            text = label[4:].encode().decode("punycode")
            is_same = text.encode("punycode").decode() == label[4:]
            text.encode()  # no half of a character
        except UnicodeError:
            raise _malformed() from None
        is_small = unicodedata.normalize("NFC", text.lower()) == text
        if not is_same or not is_small or text.isascii():
            raise _malformed()
    return label


def _is_ipv4(name: str) -> bool:
    parts = name.split(".")
    return len(parts) == 4 and all(
        re.fullmatch("0|[1-9][0-9]{0,2}", part) and int(part) <= 255 for part in parts
    )


def _malformed() -> ValueError:
    return ValueError("the name of a server must follow https://")


def _read_key(text: str) -> str:
    """Give a project key without spaces around it.

    Raises:
        ValueError: The text is refused, and not repeated in the words.
    """
    key = text.strip(_WHITE)
    if not key:
        raise ValueError("it is missing, there is nothing but spaces")
    if re.match("ph[xsar]_|tcr_", key):
        raise ValueError(
            f"one with {key[:4]} is personal and secret. Revoke it,"
            " and use the project key, phc_\u2026"
        )
    if not re.fullmatch(r"[\w-]+", key, re.ASCII):
        raise ValueError("it holds characters no project key has")
    if len(key) > 64:
        raise ValueError("it is longer than 64 characters")
    if re.match("phc_your", key, re.IGNORECASE):
        raise ValueError("it is the example of the docs. Copy your project's own")
    if not _KEY.fullmatch(key):
        raise ValueError("a project key begins with phc_. Copy it from your project's settings")
    return key


def _read_fingerprint(text: str, host: str) -> str:
    """Give a certificate's fingerprint as 64 small digits; "": there is none.

    Capitals, colons and spaces, as programs print fingerprints, are understood.

    Raises:
        ValueError: The text is refused, and not repeated in the words.
    """
    digits = re.sub(f"[:{_WHITE}]", "", text).lower()
    if digits and not re.fullmatch("[0-9a-f]{64}", digits):
        raise ValueError("its fingerprint must be SHA-256, 64 digits of 0-9 and a-f")
    if digits and not host.startswith("https:"):
        raise ValueError("a host with http:// shows none")
    return digits
