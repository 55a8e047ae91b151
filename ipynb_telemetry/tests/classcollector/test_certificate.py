"""The certificate of a class collector: its own, known by its fingerprint, or one to be trusted."""

import hashlib
import ssl
import stat
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from ipynb_telemetry.classcollector import certificate, place
from ipynb_telemetry.classcollector.certificate import CertificateError
from ipynb_telemetry.classcollector.options import Options
from ipynb_telemetry.classcollector.renewal import Renewal
from ipynb_telemetry.classcollector.security import security_of
from ipynb_telemetry.settings.joinstring import read_join_string
from ipynb_telemetry.tests.support.authority import Authority
from ipynb_telemetry.tests.support.classprocess import ClassProcess


def test_a_certificate_that_is_made_is_its_owners_and_known_by_its_fingerprint(
    tmp_path: Path,
) -> None:
    path = tmp_path / "new" / "cs1.pem"
    certificate.make_certificate(path, ["192.168.1.20", "fe80::1", "laptop"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    der = certificate.read_certificate(path)
    assert certificate.is_self_signed(der)
    assert certificate.fingerprint_of(der) == hashlib.sha256(der).hexdigest()
    assert certificate.tls_context(path, path)


def test_a_certificate_of_an_authority_is_told_apart(tmp_path: Path) -> None:
    authority = Authority(tmp_path / "authority")
    assert certificate.is_self_signed(certificate.read_certificate(authority.file))
    signed = certificate.read_certificate(authority.certificate)
    assert not certificate.is_self_signed(signed)
    for cut in range(0, len(signed), 7):
        assert not certificate.is_self_signed(signed[:cut])


def test_what_is_no_certificate_is_said_in_words(tmp_path: Path) -> None:
    text = tmp_path / "text.pem"
    text.write_text("hello")
    for path, words in ((text, "holds no certificate"), (tmp_path / "none.pem", "cannot be read")):
        with pytest.raises(CertificateError, match=words):
            certificate.read_certificate(path)
        with pytest.raises(CertificateError, match="no certificate and its private key"):
            certificate.tls_context(path, path)


def test_without_the_package_that_makes_one_people_are_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(CertificateError) as refused:
        certificate.make_certificate(tmp_path / "cs1.pem", [])
    for way in ("ipynb-telemetry[collect]", "--certfile", "--behind-proxy"):
        assert way in str(refused.value)


def trusting(certificate_file: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(certificate_file))
    context.check_hostname = False
    return context


def test_students_get_the_fingerprint_of_a_certificate_that_nobody_vouches_for(
    collect: Callable[..., ClassProcess], tmp_path: Path
) -> None:
    own = tmp_path / "own.pem"
    certificate.make_certificate(own, ["127.0.0.1"])
    process = collect("--certfile", str(own), "--keyfile", str(own))
    joining = read_join_string(process.told["join"])
    fingerprint = certificate.fingerprint_of(certificate.read_certificate(own))
    assert joining.destination.fingerprint == process.told["fingerprint"] == fingerprint
    assert process.url.startswith("https://127.0.0.1:")
    with urllib.request.urlopen(f"{process.url}/login", context=trusting(own)) as answer:
        assert answer.status == 200


def test_a_certificate_that_is_vouched_for_may_be_renewed(
    collect: Callable[..., ClassProcess], tmp_path: Path
) -> None:
    authority = Authority(tmp_path / "authority")
    process = collect(*("--certfile", str(authority.certificate), "--keyfile", str(authority.key)))
    assert read_join_string(process.told["join"]).destination.fingerprint == ""
    with urllib.request.urlopen(f"{process.url}/login", context=trusting(authority.file)) as answer:
        assert answer.status == 200


def test_a_certificate_that_is_renewed_is_taken_as_soon_as_both_files_are_there(
    tmp_path: Path,
) -> None:
    paths = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = []
    for name in ("first", "second"):
        certificate.make_certificate(tmp_path / name, [name])
        made.append((tmp_path / name).read_bytes())
    for path in paths:
        path.write_bytes(made[0])
    tls = certificate.tls_context(*paths)
    renewal = Renewal(tls, *paths)
    assert not renewal.renew(), "nothing has changed"

    def shown() -> bytes:
        """Give the certificate that a client sees."""
        client, server = ssl.MemoryBIO(), ssl.MemoryBIO()
        asking = ssl.create_default_context()
        asking.check_hostname, asking.verify_mode = False, ssl.CERT_NONE
        outside = asking.wrap_bio(client, server)
        inside = tls.wrap_bio(server, client, server_side=True)
        for _ in range(4):
            for side in (outside, inside):
                with suppress(ssl.SSLWantReadError):
                    side.do_handshake()
        return outside.getpeercert(binary_form=True) or b""

    before = shown()
    paths[0].write_bytes(made[1])
    assert not renewal.renew(), "the key is still the one before"
    assert shown() == before
    paths[1].write_bytes(made[1])
    assert renewal.renew()
    assert shown() == certificate.read_certificate(paths[0]) != before
    paths[0].unlink()
    assert not renewal.renew()
    assert shown() != before


def options(database: Path, ip: str, *, is_behind_proxy: bool = False) -> Options:
    return Options(
        class_name="cs1",
        database=database,
        ip=ip,
        port=0,
        certificate=None,
        key=None,
        outside=place.Outside(None, "/"),
        is_behind_proxy=is_behind_proxy,
        student_rate=1,
        address_rate=1,
    )


def test_plain_http_is_for_this_computer_alone(tmp_path: Path) -> None:
    database = tmp_path / "cs1.sqlite3"
    for ip in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        assert security_of(options(database, ip)) == (None, "")
    assert not (tmp_path / "cs1.pem").exists()
    made = [security_of(options(database, ip)) for ip in ("", "0.0.0.0", "192.0.2.1")]
    assert all(each.tls for each in made)
    assert len({each.fingerprint for each in made}) == 1, "made once, and kept"
    behind = security_of(options(database, "", is_behind_proxy=True))
    assert behind.tls
    assert behind.fingerprint == "", "the proxy's certificate is what students see"


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("/", (None, "/")),
        ("", (None, "/")),
        ("/cs1", (None, "/cs1/")),
        ("/a/b/", (None, "/a/b/")),
        ("https://Telemetry.example.org", ("https://telemetry.example.org", "/")),
        ("https://example.org:8443/cs1/", ("https://example.org:8443", "/cs1/")),
    ],
)
def test_a_base_url_is_read(text: str, outside: tuple[str | None, str]) -> None:
    assert place.read_base_url(text) == outside


@pytest.mark.parametrize(
    "text", ["ftp://a/", "//a/", "/a?b", "/a#b", "/a b/", "/(a)/", "https://u:p@a/", "/../a%2f/"]
)
def test_what_is_no_base_url_is_refused(text: str) -> None:
    with pytest.raises(place.PlaceError):
        place.read_base_url(text)


def test_an_origin_is_written_as_a_browser_does() -> None:
    assert place.origin_of("https", "192.0.2.1", 443) == "https://192.0.2.1"
    assert place.origin_of("https", "2001:db8::1", 8443) == "https://[2001:db8::1]:8443"
    assert place.origin_of("http", "localhost", 8443) == "http://localhost:8443"
