"""An authority of certificates that no machine trusts by itself, made by `openssl`."""

import ssl
import subprocess
from pathlib import Path

# Python 3.13 takes no certificate of an authority without the use that it is for.
_OF_AUTHORITY = """
[req]
distinguished_name = name
x509_extensions = authority
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
subjectAltName = IP:127.0.0.1
authorityKeyIdentifier = keyid
"""


class Authority:
    """Keeps its files in a folder.

    Attributes:
        file: its own certificate, for who trusts it.
        certificate, key: of a server on the loopback interface.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        (folder / "cnf").write_text(_OF_AUTHORITY, "utf-8")
        new_key = "-config cnf -newkey rsa:2048 -nodes"
        self._openssl(f"req -x509 {new_key} -subj /CN=Authority -keyout key.pem -out ca.pem")
        self._openssl(f"req -new {new_key} -subj /CN=server -keyout server.key -out request.pem")
        signed = "-CA ca.pem -CAkey key.pem -CAcreateserial -extfile cnf -extensions server"
        self._openssl(f"x509 -req -in request.pem {signed} -out server.pem")
        self.file = folder / "ca.pem"
        self.certificate, self.key = folder / "server.pem", folder / "server.key"

    def _openssl(self, command: str) -> None:
        made = subprocess.run(
            ["openssl", *command.split()], cwd=self._folder, capture_output=True, text=True
        )
        assert made.returncode == 0, made.stderr

    def server(self) -> ssl.SSLContext:
        """TLS of a server on the loopback interface, with a certificate of this authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context
