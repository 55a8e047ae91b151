"""Notebook files: their flag, their text, changes in place."""
