"""`jupyter telemetry`, the command line."""
