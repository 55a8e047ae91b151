"""What a hub's environment says of a service, and of what is none."""

import socket
import sys
from pathlib import Path

import pytest

from ipynb_telemetry.classcollector.hubservice import HubService, read_hub_service
from ipynb_telemetry.classcollector.place import Outside, PlaceError
from ipynb_telemetry.tests.support.commandline import CommandLine

SERVICE = {
    "JUPYTERHUB_SERVICE_NAME": "telemetry-cs1",
    "JUPYTERHUB_SERVICE_PREFIX": "/school/services/telemetry-cs1/",
    "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:10101",
}
OUTSIDE = Outside("", "/school/services/telemetry-cs1/")


def test_a_service_listens_where_the_hubs_proxy_looks() -> None:
    assert read_hub_service(SERVICE) == HubService(
        "telemetry-cs1", "cs1", "127.0.0.1", 10101, OUTSIDE
    )
    public = {"JUPYTERHUB_PUBLIC_URL": "https://hub.school.example/school/services/telemetry-cs1/"}
    service = read_hub_service({**SERVICE, **public, "JUPYTERHUB_SERVICE_NAME": "class"})
    assert service.class_name == "class"
    assert service.outside.origin == "https://hub.school.example"


def test_a_users_server_is_no_service() -> None:
    """Who starts a collector in a terminal of a hub has one of their own."""
    server = {**SERVICE, "JUPYTERHUB_SERVICE_PREFIX": "/user/ann/", "JUPYTERHUB_USER": "ann"}
    del server["JUPYTERHUB_SERVICE_NAME"]
    assert read_hub_service(server) is None
    assert read_hub_service({}) is None


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:10101", "https://127.0.0.1:10101", "http://127.0.0.1", "http://h:x"]
)
def test_a_url_that_no_proxy_reaches_is_refused(url: str) -> None:
    with pytest.raises(PlaceError):
        read_hub_service({**SERVICE, "JUPYTERHUB_SERVICE_URL": url})


def test_without_jupyterhub_it_says_where_the_package_belongs(
    telemetry: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**SERVICE, "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:1"}.items():
        monkeypatch.setenv(name, value)
    for name in ("jupyterhub", "jupyterhub.services", "jupyterhub.services.auth"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "ipynb_telemetry.classcollector.hubdoor", raising=False)
    monkeypatch.delitem(sys.modules, "ipynb_telemetry.classcollector.hubpages", raising=False)
    monkeypatch.setattr("ipynb_telemetry.classcollector.serving.bind_sockets", _a_socket)
    outcome = telemetry("collect", "--database", tmp_path / "cs1.sqlite3")
    assert outcome.status == 1
    assert "in the environment that the hub runs in: here is no jupyterhub" in outcome.err


def _a_socket(*_: object, **__: object) -> list[object]:
    return [socket.create_server(("127.0.0.1", 0))]
