"""Answers to an instructor's questions, and the facts of a class that no event tells."""
