"""Requests to PostHog's private API: its limits are honoured, and its refusals become sentences."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..settings.destination import DestinationError, pages_host, read_host
from .errors import PostHogError

if TYPE_CHECKING:
    import httpx

_TIMEOUT_S = 60.0
_PATIENCE_S = 180.0  # of waiting because of limits, for all requests together
_PAUSES_S = (1.0, 3.0)  # before a request is made again that PostHog could not answer
_DEFAULT_PAUSE_S = 10.0
_PAGE = 100
_MAX_ITEMS = 10_000
_MAX_DETAIL = 300  # characters of what PostHog says
_BROKEN = (500, 502, 503, 504)
_US, _EU = "https://us.posthog.com", "https://eu.posthog.com"
_SCOPE = re.compile(r"required scope '([a-z_]{1,40}:[a-z]{1,10})'")
_SECONDS = re.compile(r"available in ([0-9]{1,5}) seconds?")


def api_host(text: str) -> str:
    """Give the server of the private API, for the address of any page or server of a PostHog.

    Raises:
        PostHogError: the address is refused.
    """
    try:
        return pages_host(read_host(text))
    except DestinationError as error:
        raise PostHogError(str(error).rstrip(".").replace("The host", "the host")) from None


class PostHogApi:
    """A project of a PostHog."""

    def __init__(
        self,
        host: str,
        project: int,
        key: str,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Make no request yet.

        Args:
            host: of the private API, see `api_host`.
            project: the number of the project, as its pages have it in their address.
            key: a personal key.
            sleep: waits so many seconds.

        Raises:
            PostHogError: httpx is not installed.
        """
        try:
            import httpx
        except ImportError:
            raise PostHogError(
                "PostHog's API is asked with httpx, which is not installed here:"
                ' pip install "ipynb-telemetry[posthog]"'
            ) from None
        self.host = host
        self.project = project
        self._key = key
        self._sleep = sleep
        self._patience_s = _PATIENCE_S
        self._client: httpx.Client = httpx.Client(
            base_url=f"{host}/api/projects/{project}/",
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json"},
            timeout=_TIMEOUT_S,
            # The key goes to this server and to no other.
            follow_redirects=False,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def all(self, path: str, **params: str) -> Iterator[dict[str, Any]]:
        """Give the items of a list, page by page.

        Raises:
            PostHogError: PostHog does not give them.
        """
        offset = 0
        while offset < _MAX_ITEMS:
            page = self.request("GET", path, params={**params, "limit": _PAGE, "offset": offset})
            # Some lists of older servers have no pages.
            items = page if isinstance(page, list) else page.get("results")
            if not isinstance(items, list):
                raise PostHogError(f"{self.host} does not answer as PostHog does")
            yield from (item for item in items if isinstance(item, dict))
            offset += len(items)
            if isinstance(page, list) or not page.get("next") or not items:
                return

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: Mapping[str, str | int] | None = None,
    ) -> Any:
        """Ask for something, and give the answer's JSON; None: the answer is empty.

        A request that PostHog refuses because of its limits is sent again when PostHog says. A
        request without an answer is sent again too, unless its work might be done twice.

        Raises:
            PostHogError: PostHog refuses, or cannot be reached.
        """
        import httpx

        pauses = iter(() if method == "POST" else _PAUSES_S)
        while True:
            try:
                response = self._client.request(method, path, json=body, params=params)
            except httpx.HTTPError as error:
                pause = next(pauses, None)
                if pause is None:
                    raise PostHogError(
                        f"{self.host} cannot be reached: {self._plain(str(error)) or 'no answer'}"
                    ) from None
                self._sleep(pause)
                continue
            if response.status_code == 429:
                self._wait(response)
                continue
            if response.status_code in _BROKEN and (pause := next(pauses, None)) is not None:
                self._sleep(pause)
                continue
            if response.status_code >= 300:
                raise PostHogError(self._why(response))
            return self._json(response)

    def _wait(self, response: httpx.Response) -> None:
        told = response.headers.get("Retry-After", "")
        found = _SECONDS.search(response.text[:2000])
        pause = float(
            told if told.isdigit() and len(told) < 6 else found[1] if found else _DEFAULT_PAUSE_S
        )
        self._patience_s -= max(pause, 1.0)
        if self._patience_s < 0:
            raise PostHogError(
                f"PostHog takes no more requests for now, the next in {pause:.0f} s:"
                " run the command again then, it goes on where it stopped"
            )
        self._sleep(max(pause, 1.0))

    def _json(self, response: httpx.Response) -> Any:
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError:
            raise PostHogError(
                f"{self.host} does not answer as PostHog does: is this the address of its pages?"
            ) from None

    def _why(self, response: httpx.Response) -> str:
        detail, where = self._detail(response)
        status = response.status_code
        if status == 401:
            elsewhere = "" if self.host != _US else f"; is the project in the EU? Then --host {_EU}"
            return f"{self.host} does not know this personal key, or it was revoked{elsewhere}"
        if status == 403 and (scope := _SCOPE.search(detail)):
            return (
                f"the personal key lacks the scope {scope[1]}: give it this scope in PostHog under"
                " Settings, Personal API keys, or make another key"
            )
        if status == 404:
            return (
                f"{self.host} has no project {self.project} that this key may see: its number is in"
                " the address of each page of the project"
            )
        if status < 400:
            return f"{self.host} sends elsewhere: give the address that PostHog's pages have"
        said = f": {detail}" if detail else ""
        place = f" ({where})" if where else ""
        return f"PostHog refuses with status {status}{said}{place}"

    def _detail(self, response: httpx.Response) -> tuple[str, str]:
        """Give what PostHog says is wrong, and in which field."""
        try:
            document = json.loads(response.content)
        except ValueError:
            return "", ""
        if not isinstance(document, dict):
            return "", ""
        return self._plain(document.get("detail")), self._plain(document.get("attr"))

    def _plain(self, text: Any) -> str:
        if not isinstance(text, str):
            return ""
        return " ".join(text.replace(self._key, "…").split())[:_MAX_DETAIL]
