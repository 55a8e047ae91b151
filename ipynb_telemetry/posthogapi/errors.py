"""What PostHog's private API refuses, in words for who has asked."""

from __future__ import annotations


class PostHogError(Exception):
    """PostHog did not do what was asked, and why, in a sentence that holds no key."""
