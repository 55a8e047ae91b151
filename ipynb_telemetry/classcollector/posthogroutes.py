"""What PostHog's clients ask for beside sending, answered so that they go on sending."""

from __future__ import annotations

from typing import Any

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


@web.stream_request_body
class FlagsHandler(CrossOrigin, KeyedHandler, TelemetryHandler):
    """Answers those who ask for feature flags, or for the configuration of posthog-js."""

    def data_received(self, chunk: bytes) -> None:
        """Drop what is asked."""

    def get(self) -> None:
        """Answer that there is nothing."""
        self.finish(NO_FLAGS)

    def post(self) -> None:
        """Answer that there is nothing."""
        self.finish(NO_FLAGS)


class ScriptHandler(CrossOrigin, KeyedHandler, TelemetryHandler):
    """Gives the configuration of posthog-js as the script that it asks for first."""

    def get(self) -> None:
        """Answer a script that does nothing: posthog-js then asks for flags."""
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish("", set_content_type="text/javascript; charset=utf-8")


ROUTES = [
    (r"/(?:flags|decide)/?", FlagsHandler),
    (r"/array/[\w-]{1,100}/config/?", FlagsHandler),
    (r"/array/[\w-]{1,100}/config\.js", ScriptHandler),
]
