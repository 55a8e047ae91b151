"""A certificate that nobody signed but its owner, as a class collector makes it for itself."""

import hashlib
import ssl
import subprocess
from pathlib import Path


class SelfSigned:
    """Keeps its files in a folder.

    Attributes:
        files: of the certificate and its private key, PEM.
        fingerprint: the SHA-256 of the certificate, which holds no name of any server.
        files: the certificate and its key, in PEM form.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.files = (folder / "certificate.pem", folder / "key.pem")
        made = subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=class"),
                *("-out", self.files[0], "-keyout", self.files[1]),
            ],
            capture_output=True,
            text=True,
        )
        assert made.returncode == 0, made.stderr
        der = ssl.PEM_cert_to_DER_cert(self.files[0].read_text("ascii"))
        self.fingerprint = hashlib.sha256(der).hexdigest()

    @property
    def options(self) -> list[str]:
        """Options by which a class collector shows this certificate."""
        certificate, key = map(str, self.files)
        return ["--certfile", certificate, "--keyfile", key]

    def server(self) -> ssl.SSLContext:
        """TLS of a server that shows this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.files)
        return context
