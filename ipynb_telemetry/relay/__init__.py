"""Events on to PostHog or a class collector: what waits, and how it is sent."""
