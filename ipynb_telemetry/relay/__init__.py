"""Events on to PostHog: what waits, and how it is sent."""
