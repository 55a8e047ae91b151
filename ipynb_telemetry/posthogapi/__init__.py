"""PostHog's private API: a dashboard that answers what the class view answers."""
