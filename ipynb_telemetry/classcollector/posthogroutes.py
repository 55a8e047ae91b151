"""What PostHog's clients ask for beside sending, answered so that they go on sending."""

from __future__ import annotations

from typing import Any, ClassVar

from tornado import web

from ..store.handler import TelemetryHandler
from .cors import CrossOrigin
from .door import KeyedHandler

NO_FLAGS: dict[str, Any] = {
    "flags": {},
    "featureFlags": {},
    "featureFlagPayloads": {},
    "errorsWhileComputingFlags": False,
    "supportedCompression": ["gzip", "gzip-js", "base64"],
    "sessionRecording": False,
    "surveys": False,
    "heatmaps": False,
    "autocapture_opt_out": True,
    "capturePerformance": False,
    "hasFeatureFlags": False,
    "toolbarParams": {},
    "isAuthenticated": False,
    "siteApps": [],
}
"""There are no flags here, no recordings, no surveys: the same for everybody, without a key."""
NO_CONTENT: dict[str, Any] = {
    "surveys": [],
    "earlyAccessFeatures": [],
    "experiments": [],
    "product_tours": [],
}
"""The lists of what a page shows people in PostHog's name: each is empty here."""


@web.stream_request_body
class NothingHandler(CrossOrigin, KeyedHandler, TelemetryHandler):
    """Answers that there is nothing, and keeps nothing of what comes: recordings, logs, metrics."""

    nothing: ClassVar[dict[str, Any]] = {}
    is_body_read = False

    async def prepare(self) -> None:  # type: ignore[override]  # as that of APIHandler
        """Let the hub refuse who asks with a wrong token."""
        await super().prepare()
        self.is_body_read = True

    def data_received(self, chunk: bytes) -> None:
        """Drop what is asked, or sent."""

    def get(self) -> None:
        """Answer that there is nothing."""
        self.finish(self.nothing)

    def post(self) -> None:
        """Answer that there is nothing."""
        self.finish(self.nothing)


class FlagsHandler(NothingHandler):
    """Answers those who ask for feature flags, or for the configuration of posthog-js."""

    nothing = NO_FLAGS


class ContentHandler(NothingHandler):
    """Answers those who ask for surveys and the like."""

    nothing = NO_CONTENT


class ScriptHandler(CrossOrigin, KeyedHandler, TelemetryHandler):
    """Gives the scripts that posthog-js asks for: its configuration, and parts of itself."""

    def get(self) -> None:
        """Answer a script that does nothing: posthog-js goes on without that part."""
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish("", set_content_type="text/javascript; charset=utf-8")


ROUTES = [
    (r"/(?:flags|decide)/?", FlagsHandler),
    (r"/array/[\w-]{1,100}/config/?", FlagsHandler),
    (r"/array/[\w-]{1,100}/config\.js", ScriptHandler),
    (r"/api/(?:surveys|early_access_features|web_experiments|product_tours)/?", ContentHandler),
    (r"/(?:s|i/v1/logs|i/v1/metrics)/?", NothingHandler),
    # posthog-js itself is not here: a page whose snippet looks for it is to hear that, by a 404.
    (r"/static/(?:\d[\w.-]{0,30}/)?(?!array|module)[\w-]{1,60}\.js", ScriptHandler),
]
