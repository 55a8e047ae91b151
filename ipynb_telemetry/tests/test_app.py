from pathlib import Path
from typing import Any

import pytest
from traitlets import TraitError

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.tests.support.storedevents import raw_event


async def test_stopping_the_server_closes_the_store(
    post: Any, collector: IpynbTelemetryApp
) -> None:
    assert (await post([raw_event()]))[0] == 200
    path = Path(collector.database_path)
    assert len(list(path.parent.iterdir())) == 3
    await collector.stop_extension()
    assert list(path.parent.iterdir()) == [path]  # SQLite's last close folds its journal in


def test_the_database_path_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    assert IpynbTelemetryApp().database_path == str(
        tmp_path / "data" / "ipynb_telemetry" / "events.sqlite3"
    )
    assert IpynbTelemetryApp(database_path=":memory:").database_path == ":memory:"
    assert IpynbTelemetryApp(database_path="~/e.db").database_path == str(tmp_path / "e.db")
    for bad in ("", " ", str(tmp_path)):
        with pytest.raises(TraitError):
            IpynbTelemetryApp(database_path=bad)
