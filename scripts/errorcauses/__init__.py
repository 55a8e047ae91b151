"""Causes of errors that students meet, each with several ways to bring it about."""
