"""The page of its own that shows the class."""

import re
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.answers import page
from ipynb_telemetry.app import IpynbTelemetryApp


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have a built page, whether `npm run build` was run or not."""
    (tmp_path / "page.js").write_text("/* the view */")
    monkeypatch.setattr(
        IpynbTelemetryApp.static_paths, "make_dynamic_default", lambda: [str(tmp_path)]
    )


@pytest.mark.parametrize("path", ["class", "class/"])
async def test_the_page_loads_the_view_and_may_do_nothing_else(jp_fetch: Any, path: str) -> None:
    response = await jp_fetch("ipynb-telemetry", path)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    rules = dict(
        rule.strip().partition(" ")[::2]
        for rule in response.headers["Content-Security-Policy"].split(";")
    )
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == "'self'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    text = response.body.decode()
    assert not re.search(r"<style|<script>|\sstyle=|\son\w+=", text)
    assert any("_xsrf" in cookie for cookie in response.headers.get_list("Set-Cookie"))


async def test_the_script_it_names_is_there(jp_fetch: Any) -> None:
    text = (await jp_fetch("ipynb-telemetry", "class")).body.decode()
    script = re.search(r'src="([^"]*)"', text)
    assert script is not None
    # The base address is before the part that jp_fetch adds it to.
    found = await jp_fetch(*script[1][script[1].index("static/") :].split("/"))
    assert found.body == b"/* the view */"


async def test_a_stranger_is_led_to_the_login(jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as refused:
        await jp_fetch(
            "ipynb-telemetry", "class", headers={"Authorization": ""}, follow_redirects=False
        )
    assert refused.value.code == 302
    assert "/login" in refused.value.response.headers["Location"]


def test_the_files_are_in_the_package() -> None:
    assert Path(page.__file__).parent.parent / "classpage" == page.FILES
