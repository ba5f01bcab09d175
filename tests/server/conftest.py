"""Fixtures for the server's tests: a migrated database in a folder of its own, and a small firm in it."""
