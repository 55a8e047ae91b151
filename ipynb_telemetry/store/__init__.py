"""The events in one SQLite file: how they are kept, and how they are read."""
